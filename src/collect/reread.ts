import { closeSync, readSync } from 'node:fs'
import { errorCode } from '../errors.ts'
import type { RecordChunk, SourceFile } from '../model.ts'
import type { Checkpoint } from './checkpoint.ts'
import { unpackGzip } from './gzip-file.ts'
import { identify } from './identify.ts'
import { knownContent } from './known-content.ts'
import type { Found } from './log-names.ts'
import { endOfNuls, findHole } from './nul-hole.ts'
import { type FeedContext, type Place, READ_NOW } from './open-feed.ts'
import { type FileStat, type OpenFile, openRegular, type Refused, readAt } from './open-file.ts'
import { closePacked } from './packed-feed.ts'
import { packingOf } from './packing.ts'
import { Reader } from './reader.ts'

/** A file of which something is stored, opened to be read again up to there. */
export type Reread = {
  readonly file: SourceFile
  readonly stat: FileStat
  /** Bytes that are in rows. */
  readonly until: number
  /**
   * Its records from the first byte on. `cuts` are the offsets of rows that continue a flushed record: where they were cut
   * depended on when the bytes came, so they are cut there again. Ends early if the file became shorter.
   */
  records(cuts: readonly number[]): Generator<RecordChunk>
  close(): void
}

export type Reopened =
  | Reread
  | Refused
  /** Nothing of it is stored. */
  | { readonly refused: 'new'; readonly bytes: number }
  /** The stored content is no longer in the file. */
  | { readonly refused: 'truncated'; readonly checkpoint: Checkpoint; readonly bytes: number }

const READ_BYTES = 1024 * 1024

/** Opens a file again for comparison; never changes what is known about it. Compressed files are unpacked again. */
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
    const { base } = place
    const options = { ...READ_NOW, known: context.known }
    const who = identify(opened, path, { base, isRotated: base !== place.path }, options)
    if (who.kind === 'known' || who.kind === 'stored') return rereadOf(opened, who.checkpoint, place, context)
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

/** Reads up to each stop in turn and flushes there; the last stop is the end. Holes of NULs are skipped, as before. */
function* readAgain(file: OpenFile, reader: Reader, stops: readonly number[]): Generator<RecordChunk> {
  const { mtimeMs } = file.stat
  for (const stop of stops) {
    while (reader.position < stop) {
      const room = reader.room(Math.min(READ_BYTES, stop - reader.position))
      const got = readSync(file.fd, room, 0, room.length, reader.position)
      if (got === 0) return
      const bytes = room.subarray(0, got)
      const unit = bytes.includes(0) ? reader.unit(bytes) : 1
      const hole = findHole(bytes, unit, reader.position % 2 === 1)
      const size = hole?.begin ?? got
      const isBroken = size === 0 || reader.position + size === stop
      const chunk = reader.take(size, isBroken ? 'nothing' : 'record', { mtimeMs })
      if (chunk !== undefined) yield chunk
      if (size === 0) reader.skipTo(holeEnd(file.fd, reader.position, stop, unit))
    }
  }
}

/** The end of the hole that begins at `from`; at most `stop`. */
function holeEnd(fd: number, from: number, stop: number, unit: 1 | 2): number {
  for (let at = from; at < stop; at += READ_BYTES) {
    const bytes = readAt(fd, at, Math.min(READ_BYTES, stop - at))
    const end = endOfNuls(bytes, 0)
    if (end < bytes.length) return at + end - ((at + end) % unit)
  }
  return stop
}
