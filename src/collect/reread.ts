import { closeSync, readSync } from 'node:fs'
import { errorCode } from '../errors.ts'
import type { RecordChunk, SourceFile } from '../model.ts'
import type { Checkpoint } from './checkpoints.ts'
import type { Found } from './discover.ts'
import type { FeedContext, Place } from './feed.ts'
import { unpackGzip } from './gzip-file.ts'
import { identify } from './identify.ts'
import { knownContent } from './known-content.ts'
import { type FileStat, type OpenFile, openRegular, type Refused } from './open-file.ts'
import { closePacked } from './packed-feed.ts'
import { packingOf } from './packing.ts'
import { Reader } from './reader.ts'

/** A file of which something is stored, open for being read once more up to there. */
export type Reread = {
  readonly file: SourceFile
  readonly stat: FileStat
  /** Bytes that are in rows. */
  readonly until: number
  /**
   * Its records from the first byte on. `cuts` are the places where rows begin that continue a flushed record: where the
   * bytes were cut then depends on when they came, and they are cut there again. Ends early if the file became shorter.
   */
  records(cuts: readonly number[]): Generator<RecordChunk>
  close(): void
}

export type Reopened =
  | Reread
  | Refused
  /** Nothing of it is stored. */
  | { readonly refused: 'new'; readonly bytes: number }
  /** What is stored of it is not in the file any more. */
  | { readonly refused: 'truncated'; readonly checkpoint: Checkpoint; readonly bytes: number }

const READ_BYTES = 1024 * 1024

/** Opens a file again for comparing; never changes what is known of it. What is compressed is unpacked once more. */
export async function reopen(found: Found, context: FeedContext): Promise<Reopened> {
  return packingOf(found.path) === 'gzip' ? reopenPacked(found, context) : reopenPlain(found, context)
}

async function reopenPacked(found: Found, context: FeedContext): Promise<Reopened> {
  const { known, signal } = context
  const all = { ...known, byName: () => [] }
  const packed = await unpackGzip(found, signal === undefined ? { known: all } : { known: all, signal })
  if ('refused' in packed) {
    return 'reason' in packed
      ? { refused: 'unreadable', detail: `${packed.reason}: ${packed.detail}` }
      : { refused: 'unreadable', detail: 'detail' in packed ? packed.detail : packed.refused }
  }
  const { fd, size, path, place, look, fault, stat } = packed
  const checkpoint = knownContent(
    { fd, size, path, packing: fault === undefined ? 'packed' : 'cut', look },
    known,
  )
  if (checkpoint !== undefined) return rereadOf({ fd, stat: { ...stat, size } }, checkpoint, place, context)
  closePacked(packed)
  return { refused: 'new', bytes: size }
}

function reopenPlain({ path, place }: Found, context: FeedContext): Reopened {
  const opened = openRegular(path)
  if ('refused' in opened) return opened
  try {
    const who = identify(opened, place.base, path, { known: context.known, settle: true })
    if (who.kind === 'known') return rereadOf(opened, who.checkpoint, place, context)
    closeSync(opened.fd)
    const bytes = opened.stat.size
    if (who.kind === 'truncated') return { refused: 'truncated', checkpoint: who.checkpoint, bytes }
    return { refused: 'new', bytes }
  } catch (error) {
    closeSync(opened.fd)
    const detail = errorCode(error)
    if (detail === '') throw error
    return { refused: 'unreadable', detail }
  }
}

function rereadOf(opened: OpenFile, checkpoint: Checkpoint, place: Place, context: FeedContext): Reread {
  const { fileId, generation, path, reader } = checkpoint
  const zone = context.zoneOf(place.placement.source)
  const file = { ...place.placement, fileId, generation, path, zone }
  return {
    file,
    stat: opened.stat,
    until: reader.offset,
    records: (cuts) => readAgain(opened, newReader(file, checkpoint, context), [...cuts, reader.offset]),
    close: () => closeSync(opened.fd),
  }
}

function newReader(file: SourceFile, { reader }: Checkpoint, context: FeedContext): Reader {
  const start = {
    offset: 0,
    ...(reader.encoding === undefined ? {} : { encoding: reader.encoding }),
    memory: { ts: 0, tsQuality: 0, windows: {} },
    before: '',
    head: Buffer.alloc(0),
    guard: Buffer.alloc(0),
  }
  return new Reader(file, context.framingOf(file.format), start, context)
}

/** Reads up to each stop in turn and flushes there; the last one is the end. */
function* readAgain(
  { fd, stat }: OpenFile,
  reader: Reader,
  stops: readonly number[],
): Generator<RecordChunk> {
  const { mtimeMs } = stat
  for (const stop of stops) {
    while (reader.position < stop) {
      const size = Math.min(READ_BYTES, stop - reader.position)
      const got = readSync(fd, reader.room(size), 0, size, reader.position)
      if (got === 0) return
      const hold = reader.position + got < stop ? 'record' : 'nothing'
      const chunk = reader.take(got, hold, { mtimeMs })
      if (chunk !== undefined) yield chunk
    }
  }
}
