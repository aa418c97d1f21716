import { closeSync } from 'node:fs'
import type { Checkpoint, PackedLook } from './checkpoint.ts'
import { matchesAt } from './fingerprint.ts'
import { isCutSince, type KnownFiles } from './known-files.ts'
import { inodeOf, openRegular, readAt } from './open-file.ts'
import { packingOf } from './packing.ts'

/** Bytes that may have been read under another inode: the packed and the plain copy of a file have different ones. */
export type Content = {
  readonly fd: number
  readonly size: number
  /** Its path; its rotations are beside it. */
  readonly path: string
  /** A plain file may be the unpacked copy of a packed one; a packed one may be complete or truncated. */
  readonly packing: 'plain' | 'packed' | 'cut'
  /** For a packed file: see `PackedLook`. */
  readonly look?: string
}

/**
 * Finds the file whose bytes these are, if it was read before: it had the same name except for rotation, starts with the same
 * bytes, and has the same bytes before its offset. If its offset is beyond the end of the content, there is nothing new in
 * it.
 */
export function knownContent(content: Content, known: KnownFiles): Checkpoint | undefined {
  let best: Checkpoint | undefined
  for (const checkpoint of known.byName(content.path)) {
    if (best !== undefined && best.reader.offset >= checkpoint.reader.offset) continue
    if (isOf(checkpoint, content, known)) best = checkpoint
  }
  return best
}

function isOf(checkpoint: Checkpoint, content: Content, known: KnownFiles): boolean {
  const { prefix, guard, reader, packed } = checkpoint
  const { fd, size } = content
  if (content.packing === 'plain' && packed === undefined) return false
  // A file of which nothing was read cannot be recognised.
  if (reader.offset === 0) return false
  const hasHead = prefix.length <= size
  if (hasHead && !matchesAt(fd, prefix.length, prefix)) return false
  const isHeld = heldByLiving(checkpoint, content)
  if (isHeld !== undefined) return isHeld
  if (!hasHead) return false
  // Bytes that were read between copying a log and truncating it are not in the copy.
  if (reader.offset > size) return content.packing === 'cut' || isCutSince(checkpoint, known)
  if (packed !== undefined && packed.bytes !== size && !mayHaveGrown(packed, content)) return false
  return matchesAt(fd, reader.offset, guard)
}

/**
 * A compressed file is complete, unless it had a fault. A bundle may have been made again from logs that grew; but within one
 * bundle, another member that starts alike is another log.
 */
function mayHaveGrown({ look, fault }: PackedLook, content: Content): boolean {
  if (fault !== undefined) return true
  const [bundle, ...members] = look.split('!/')
  const member = members.at(-1)
  return member !== undefined && packingOf(member) === 'plain' && content.look?.split('!/')[0] !== bundle
}

/**
 * Does the plain file of a checkpoint hold all of the content? Undefined if it is not at its last path any more, or was cut:
 * otherwise it can only have grown since it was packed.
 */
function heldByLiving(checkpoint: Checkpoint, content: Content): boolean | undefined {
  if (checkpoint.packed !== undefined) return undefined
  const opened = openRegular(checkpoint.lastPath)
  if ('refused' in opened) return undefined
  const { fd, stat } = opened
  const { prefix, guard, reader } = checkpoint
  const isWhole = () => matchesAt(fd, prefix.length, prefix) && matchesAt(fd, reader.offset, guard)
  try {
    // The inode may have been reused by another file, and so may the path.
    if (inodeOf(stat) !== inodeOf(checkpoint) || !isWhole()) return undefined
    if (beginsWith(fd, content)) return true
    // It may have been cut while it was compared.
    return isWhole() ? false : undefined
  } finally {
    closeSync(fd)
  }
}

const COMPARE_BYTES = 1024 * 1024

/** Does the open file start with all of the content? */
function beginsWith(fd: number, content: Content): boolean {
  for (let at = 0; at < content.size; at += COMPARE_BYTES) {
    const size = Math.min(COMPARE_BYTES, content.size - at)
    if (!readAt(fd, at, size).equals(readAt(content.fd, at, size))) return false
  }
  return true
}
