import { closeSync } from 'node:fs'
import type { Checkpoint, PackedLook } from './checkpoints.ts'
import { matchesAt } from './fingerprint.ts'
import { isCutSince, type KnownFiles } from './known-files.ts'
import { inodeOf, openRegular, readAt } from './open-file.ts'
import { packingOf } from './packing.ts'

/** Bytes that may have been read under another inode: the packed and the plain copy of a file have each its own. */
export type Content = {
  readonly fd: number
  readonly size: number
  /** Where it lies; its rotations lie beside it. */
  readonly path: string
  /** A plain file is a copy of a packed one or a file of its own; a packed one may be cut. */
  readonly packing: 'plain' | 'packed' | 'cut'
  /** Of a packed file: see `PackedLook`. */
  readonly look?: string
}

/**
 * Finds the file that these bytes are of, if it was read before: it bore the same name but for rotation, begins with the
 * same bytes and has the same ones before its offset. Its offset may be behind the end of the content: then there is
 * nothing new in it.
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
  // A file of which nothing was read is known by nothing.
  if (reader.offset === 0) return false
  const hasHead = prefix.length <= size
  if (hasHead && !matchesAt(fd, prefix.length, prefix)) return false
  const living = livingOf(checkpoint)
  // It can only have grown since it was packed: whatever is in the packed copy is in it.
  if (living !== undefined) return beginsWith(living, content)
  if (!hasHead) return false
  // Bytes that were read between the copy of a log and its being cut are not in the copy.
  if (reader.offset > size) return content.packing === 'cut' || isCutSince(checkpoint, known)
  if (packed !== undefined && packed.bytes !== size && !mayHaveGrown(packed, content)) return false
  return matchesAt(fd, reader.offset, guard)
}

/**
 * What was compressed is complete, unless it had a fault; a bundle may have been made anew of logs that went on. In one and
 * the same bundle a log that begins like another is another.
 */
function mayHaveGrown({ look, fault }: PackedLook, content: Content): boolean {
  if (fault !== undefined) return true
  const [bundle, ...members] = look.split('!/')
  const member = members.at(-1)
  return member !== undefined && packingOf(member) === 'plain' && content.look?.split('!/')[0] !== bundle
}

/** The plain file of a checkpoint, open, if it is still where it was last; who gets it closes it. */
function livingOf(checkpoint: Checkpoint): number | undefined {
  if (checkpoint.packed !== undefined) return undefined
  const opened = openRegular(checkpoint.lastPath)
  if ('refused' in opened) return undefined
  const { fd, stat } = opened
  // The inode may be another file's by now, and the place too.
  const { prefix, guard, reader } = checkpoint
  const isSame = inodeOf(stat) === inodeOf(checkpoint)
  if (isSame && matchesAt(fd, prefix.length, prefix) && matchesAt(fd, reader.offset, guard)) return fd
  closeSync(fd)
  return undefined
}

const COMPARE_BYTES = 1024 * 1024

/** Does the open file begin with all of the content? Closes the file. */
function beginsWith(fd: number, content: Content): boolean {
  try {
    for (let at = 0; at < content.size; at += COMPARE_BYTES) {
      const size = Math.min(COMPARE_BYTES, content.size - at)
      if (!readAt(fd, at, size).equals(readAt(content.fd, at, size))) return false
    }
    return true
  } finally {
    closeSync(fd)
  }
}
