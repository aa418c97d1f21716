import { closeSync } from 'node:fs'
import type { Checkpoint, PackedLook } from './checkpoint.ts'
import type { Feed } from './feed.ts'
import { firstLine } from './fingerprint.ts'
import { newFile } from './identify.ts'
import { knownContent } from './known-content.ts'
import { isCutSince, type KnownFiles } from './known-files.ts'
import { type FeedContext, type Place, startFeed } from './open-feed.ts'
import type { FileStat } from './open-file.ts'
import type { PackedFault } from './packing.ts'

/** The unpacked content of a packed file, and what it is recognised by. */
export type PackedFile = {
  /** The path of the packed file; for a member, within its bundle. */
  readonly path: string
  readonly place: Place
  /** As recorded in the packed file. */
  readonly stat: Omit<FileStat, 'size'>
  readonly look: string
  /** The unpacked bytes; closed together with the feed, or if there is none. */
  readonly fd: number
  readonly size: number
  readonly fault: PackedFault | undefined
}

/** The state of a packed file with this look that was read to its end, if there is one: it need not be unpacked again. */
export function readBefore(path: string, look: string, known: KnownFiles): PackedLook | undefined {
  for (const { packed, reader } of known.byName(path)) {
    if (packed?.look === look && packed.bytes <= reader.offset) return packed
  }
  return undefined
}

/** Discards unpacked content that is not read. */
export function closePacked({ fd }: PackedFile): void {
  closeSync(fd)
}

/** Why the content of a packed file is not read: it contains nothing new, or another copy is being read. */
export type NothingToRead =
  | { readonly refused: 'known' }
  | { readonly refused: 'taken'; readonly by: Checkpoint }

/**
 * Continues in unpacked content where its plain file was left off, or starts at the beginning of a file not seen before.
 * Closes the descriptor if there is nothing to read.
 */
export function openPacked(
  file: PackedFile,
  context: FeedContext,
  isTaken: (checkpoint: Checkpoint) => boolean = () => false,
): Feed | NothingToRead {
  const { fd, size, path, place, look, fault } = file
  const packing = fault === undefined ? 'packed' : 'cut'
  const checkpoint = knownContent({ fd, size, path, packing, look }, context.known)
  if (checkpoint !== undefined && isTaken(checkpoint)) {
    closePacked(file)
    return { refused: 'taken', by: checkpoint }
  }
  if (checkpoint !== undefined && checkpoint.reader.offset > size) {
    closePacked(file)
    return { refused: 'known' }
  }
  const who =
    checkpoint === undefined
      ? newFile(place, firstLine(fd) ?? Buffer.alloc(0), context.known)
      : { kind: 'known' as const, checkpoint }
  // The plain file may exist beside it and go on, unless it was truncated and is another one by now.
  const hasPlain = checkpoint !== undefined && !isCutSince(checkpoint, context.known)
  const { dev, ino, birthMs } = hasPlain ? checkpoint : file.stat
  const stat = { dev, ino, birthMs, size, mtimeMs: file.stat.mtimeMs }
  return startFeed({ path, place }, { fd, stat, packed: lookOfPacked(file) }, who, context)
}

function lookOfPacked({ look, size, fault }: PackedFile): PackedLook {
  if (fault === undefined) return { look, bytes: size }
  return { look, bytes: size, fault: { reason: fault.reason, detail: fault.message } }
}
