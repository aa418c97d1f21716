import type { Checkpoint } from './checkpoint.ts'
import { findOriginal, type OriginalOptions } from './copied.ts'
import { firstLine, matchesAt, newFileId } from './fingerprint.ts'
import { knownContent } from './known-content.ts'
import { isBornWith, isInodeOf, isSameBirth, type KnownFiles } from './known-files.ts'
import type { OpenFile } from './open-file.ts'

/** What an open file turned out to be. */
export type Identified =
  | { readonly kind: 'known'; readonly checkpoint: Checkpoint }
  /** The same file, but without the stored bytes: it was truncated or rewritten in place. */
  | { readonly kind: 'truncated'; readonly checkpoint: Checkpoint; readonly generation: number }
  | { readonly kind: 'new'; readonly fileId: string; readonly generation: number }
  /** Its first line is not complete yet, so it has no identity. */
  | { readonly kind: 'waiting' }
  /** Its bytes are also in a file that is read itself and may be about to be truncated. */
  | { readonly kind: 'copy'; readonly of: string }
  /** A copy in which every byte is already stored. */
  | { readonly kind: 'stored'; readonly checkpoint: Checkpoint }

/** What identifies a new file, besides its first line. */
type NamedBy = { readonly base: string; readonly machine?: string | undefined }

export type IdentifyOptions = {
  readonly known: KnownFiles
  /** Nothing more will come soon: a first line without a newline is accepted. */
  readonly settle: boolean
  /** Treat a copy of a file that was not truncated in the meantime as a file of its own. */
  readonly settleCopy: boolean
  readonly openNow: OriginalOptions['openNow']
}

/**
 * Finds out which file this is, by inode, birth time, first bytes and the bytes before the offset; never by its path alone.
 * `base` is the path (as shown) without a rotation suffix; it and the first line identify a file that is seen for the first
 * time.
 */
export function identify(
  file: OpenFile,
  path: string,
  place: NamedBy & { readonly isRotated: boolean },
  options: IdentifyOptions,
): Identified {
  const { known } = options
  const { base, isRotated } = place
  const same = known.byInode(file.stat.ino).find((checkpoint) => isSame(checkpoint, file, base))
  if (same !== undefined) {
    if (holdsHead(same, file) && holdsOffset(same, file)) return { kind: 'known', checkpoint: same }
    if (holdsHead(same, file) || same.lastPath === path || isProven(same, file)) {
      return { kind: 'truncated', checkpoint: same, generation: nextGeneration(same.fileId, known) }
    }
  }
  const unpacked = knownContent({ fd: file.fd, size: file.stat.size, path, packing: 'plain' }, known)
  if (unpacked !== undefined) return { kind: 'known', checkpoint: unpacked }
  const original = isRotated ? findOriginal(file, known.byName(path), options) : undefined
  if (original?.kind === 'continued') return { kind: 'known', checkpoint: original.checkpoint }
  if (original?.kind === 'stored') return original
  if (original?.kind === 'covered' && !options.settleCopy) return { kind: 'copy', of: original.by }
  const line = firstLine(file.fd) ?? (options.settle ? Buffer.alloc(0) : undefined)
  if (line === undefined) return { kind: 'waiting' }
  return newFile(place, line, known)
}

/** A file that is seen for the first time, identified by its first line. */
export function newFile(
  { base, machine }: NamedBy,
  line: Buffer,
  known: KnownFiles,
): Identified & { readonly kind: 'new' } {
  const fileId = newFileId(base, line, machine)
  return { kind: 'new', fileId, generation: nextGeneration(fileId, known) }
}

/**
 * A new mount may change device numbers. Then its birth time or, if unknown, its content must prove that it is the same file.
 */
function isSame(checkpoint: Checkpoint, file: OpenFile, base: string): boolean {
  if (isInodeOf(checkpoint, file.stat)) return true
  if (!isBornWith(checkpoint, file.stat.birthMs)) return false
  if (checkpoint.birthMs > 0 && file.stat.birthMs > 0 && checkpoint.base === base) return true
  return checkpoint.prefix.length > 0 && holdsHead(checkpoint, file) && holdsOffset(checkpoint, file)
}

/** The same inode with the same birth time is certainly the same file. */
function isProven(checkpoint: Checkpoint, { stat }: OpenFile): boolean {
  return checkpoint.birthMs > 0 && isSameBirth(checkpoint.birthMs, stat.birthMs)
}

function holdsHead({ prefix }: Checkpoint, { fd, stat }: OpenFile): boolean {
  return prefix.length <= stat.size && matchesAt(fd, prefix.length, prefix)
}

function holdsOffset({ reader, guard }: Checkpoint, { fd, stat }: OpenFile): boolean {
  return reader.offset <= stat.size && matchesAt(fd, reader.offset, guard)
}

/** A later file with the same id replaces the earlier one. */
function nextGeneration(fileId: string, known: KnownFiles): number {
  return (known.generationOf(fileId) ?? -1) + 1
}
