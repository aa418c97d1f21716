import type { FileMemory } from '../model.ts'
import type { Feed, FeedOrigin } from './feed.ts'
import { type Print, printOf } from './fingerprint.ts'
import type { FaultReason } from './packing.ts'
import type { ReaderState } from './reader.ts'

/** How far one file is stored, and how to recognise it. */
export type Checkpoint = {
  readonly fileId: string
  readonly generation: number
  /** The path when first seen, as shown and as it was on this machine. */
  readonly path: string
  readonly firstPath: string
  /** `path` without a rotation suffix. */
  readonly base: string
  /** The path at which it was last seen. */
  readonly lastPath: string
  readonly dev: number
  readonly ino: number
  readonly birthMs: number
  /** Set if it was deleted while it was open: when its last name went. */
  readonly deletedMs?: number
  /** The first bytes of the file, as far as they are in rows, up to a limit; grows with the file. */
  readonly prefix: Print
  /** The bytes just before the offset. */
  readonly guard: Print
  readonly reader: ReaderState
  readonly memory: FileMemory
  /** Set if it is known to hold bytes that are in no row. */
  readonly unread?: Unread
  /** Set if it was last read from a packed file; its inode is then that of the plain file, if there was one. */
  readonly packed?: PackedLook
}

/** How many bytes followed the offset when the file was last looked at; `atMs`: when that was committed. */
type Unread = { readonly bytes: number; readonly atMs?: number }

/** A packed file, as it was when it was read. */
export type PackedLook = {
  /** Changes when the file is replaced or written to. */
  readonly look: string
  /** The number of unpacked bytes. */
  readonly bytes: number
  /** Why these are not all. */
  readonly fault?: { readonly reason: FaultReason; readonly detail: string }
}

/** The checkpoint of a file that is open, where its feed is now; NULs at its end are no content. */
export function checkpointOf(
  feed: Feed,
  { first, endsInNuls }: Pick<FeedOrigin, 'first'> & { readonly endsInNuls: boolean },
): Checkpoint {
  const { file, packed, reader, stat } = feed
  const unread = bytesInNoRow(feed, endsInNuls)
  return {
    fileId: file.fileId,
    generation: file.generation,
    path: file.path,
    firstPath: first.path,
    base: first.base,
    lastPath: feed.path,
    dev: stat.dev,
    ino: stat.ino,
    birthMs: stat.birthMs,
    ...(stat.deletedMs === undefined ? {} : { deletedMs: stat.deletedMs }),
    prefix: printOf(reader.marks.head),
    guard: printOf(reader.marks.guard),
    reader: reader.state,
    memory: { ...reader.memory },
    ...(packed === undefined ? {} : { packed }),
    ...(unread === 0 ? {} : { unread: { bytes: unread } }),
  }
}

/** A packed file tells its own faults. */
function bytesInNoRow({ packed, reader, stat }: Feed, endsInNuls: boolean): number {
  if (packed !== undefined) return 0
  return Math.max(endsInNuls ? 0 : stat.size, reader.position) - reader.state.offset
}
