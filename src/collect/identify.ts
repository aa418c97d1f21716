import type { Checkpoint, KnownFiles } from './checkpoints.ts'
import { firstLine, matchesAt, newFileId } from './fingerprint.ts'
import { knownContent } from './known-content.ts'
import type { OpenFile } from './open-file.ts'

/** What an open file turned out to be. */
export type Identified =
  | { readonly kind: 'known'; readonly checkpoint: Checkpoint }
  /** The same file, but its bytes are not those that were stored: it was cut or written anew in place. */
  | { readonly kind: 'truncated'; readonly checkpoint: Checkpoint; readonly generation: number }
  | { readonly kind: 'new'; readonly fileId: string; readonly generation: number }
  /** Its first line is not whole yet, so that it has no identity of its own. */
  | { readonly kind: 'waiting' }

/**
 * Tells which file this is by inode, birth time, first bytes and the bytes before the offset; never by its path alone.
 * `base` is the path without a rotation suffix: it and the first line name a file that is seen for the first time.
 */
export function identify(
  file: OpenFile,
  base: string,
  path: string,
  options: {
    readonly known: KnownFiles
    /** Nothing more will come soon: a first line without its newline must do. */
    readonly settle: boolean
  },
): Identified {
  const known = options.known.byInode(file.stat.ino).find((checkpoint) => sameInode(checkpoint, file))
  if (known !== undefined) {
    const sameHead =
      known.prefix.length <= file.stat.size && matchesAt(file.fd, known.prefix.length, known.prefix)
    if (sameHead && holdsOffset(known, file)) return { kind: 'known', checkpoint: known }
    if (sameHead || known.lastPath === path) {
      return { kind: 'truncated', checkpoint: known, generation: nextGeneration(known.fileId, options.known) }
    }
  }
  const copy = knownContent({ fd: file.fd, size: file.stat.size, path, packing: 'plain' }, options.known)
  if (copy !== undefined) return { kind: 'known', checkpoint: copy }
  const line = firstLine(file.fd) ?? (options.settle ? Buffer.alloc(0) : undefined)
  if (line === undefined) return { kind: 'waiting' }
  return newFile(base, line, options.known)
}

/** A file that is seen for the first time, by its first line. */
export function newFile(
  base: string,
  line: Buffer,
  known: KnownFiles,
): Identified & { readonly kind: 'new' } {
  const fileId = newFileId(base, line)
  return { kind: 'new', fileId, generation: nextGeneration(fileId, known) }
}

/** Device numbers may change on a new mount; then the content must prove that it is the same file. */
function sameInode(checkpoint: Checkpoint, file: OpenFile): boolean {
  const { dev, birthMs } = file.stat
  if (checkpoint.birthMs > 0 && birthMs > 0 && checkpoint.birthMs !== birthMs) return false
  if (checkpoint.dev === dev) return true
  return (
    checkpoint.prefix.length > 0 &&
    matchesAt(file.fd, checkpoint.prefix.length, checkpoint.prefix) &&
    holdsOffset(checkpoint, file)
  )
}

function holdsOffset(checkpoint: Checkpoint, file: OpenFile): boolean {
  const { offset } = checkpoint.reader
  return offset <= file.stat.size && matchesAt(file.fd, offset, checkpoint.guard)
}

/** A later file of the same id took the place of the earlier one. */
function nextGeneration(fileId: string, known: KnownFiles): number {
  return (known.generationOf(fileId) ?? -1) + 1
}
