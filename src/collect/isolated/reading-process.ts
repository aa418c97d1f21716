import type { RecordChunk } from '../../model.ts'
import type { Collected } from '../feed.ts'
import type { Follower } from '../follow.ts'
import type { KnownFiles } from '../known-files.ts'
import type { CollectedReport, Line, Order, Report } from './messages.ts'

/** How long it waits for something to read before it reports that there is nothing. */
const WAIT_MS = 1000
/** An answer holds no more chunks than this, and none is added to so many bytes. */
const MOST_CHUNKS = 64
const MOST_BYTES = 256 * 1024

/** Reads on with each order, until the follower ends; `note` keeps how far a file was read. */
function reportOf<Settings>(
  follower: Follower,
  note: KnownFiles['note'],
): (order: Order<Settings> & { readonly kind: 'next' }) => Promise<Report> {
  let last: readonly Collected[] = []
  return async ({ memories }) => {
    // The other process interprets the records; the memory that results from it continues here. A file may have been closed
    // since, with a memory that was not up to date.
    for (const [i, memory] of memories.entries())
      if (last[i] !== undefined) replaceMemory(last[i].chunk, memory)
    for (const { checkpoint } of last) note(checkpoint())
    const read: Collected[] = []
    const chunks: CollectedReport[] = []
    last = read
    for (let bytes = 0; bytes < MOST_BYTES && chunks.length < MOST_CHUNKS; ) {
      const collected = await follower.next(chunks.length === 0 ? WAIT_MS : 0)
      if (typeof collected === 'string') break
      read.push(collected)
      chunks.push(copied(plain(collected)))
      bytes += collected.chunk.used
    }
    const { open } = follower
    return chunks.length === 0 ? { kind: 'idle', open } : { kind: 'several', chunks, open }
  }
}

/** Reads a network file system, with what is known of its files. */
export type FarReading = { readonly follower: Follower; readonly known: KnownFiles }

/** Answers the orders of a connection, once it is told where to start. */
export function answerOrders<Settings>(
  line: Line<Report, Order<Settings>>,
  begin: (order: Order<Settings> & { readonly kind: 'start' }) => FarReading,
): void {
  let report: ReturnType<typeof reportOf<Settings>> | undefined
  line.onMessage((order) => {
    if (order.kind === 'start') {
      const { follower, known } = begin(order)
      report = reportOf(follower, known.note)
    } else void report?.(order).then((told) => line.send(told))
  })
}

/** With memory of its own: what is read next takes the place of what was. */
function copied({ chunk, ...others }: CollectedReport): CollectedReport {
  const { bytes, begin, end, offset, length, flags } = chunk
  const own = { begin: begin.slice(), end: end.slice(), offset: offset.slice(), length: length.slice() }
  return { ...others, chunk: { ...chunk, bytes: Buffer.from(bytes), flags: flags.slice(), ...own } }
}

/** As plain data that can be sent, without unused parts of buffers. */
export function plain({ chunk, losses, checkpoint }: Collected): CollectedReport {
  const { bytes, used, count, begin, end, offset, length, flags } = chunk
  const sent: RecordChunk = {
    ...chunk,
    bytes: bytes.subarray(0, used),
    begin: begin.subarray(0, count),
    end: end.subarray(0, count),
    offset: offset.subarray(0, count),
    length: length.subarray(0, count),
    flags: flags.subarray(0, count),
  }
  return { kind: 'collected', chunk: sent, losses, checkpoint: checkpoint() }
}

/** Puts what is remembered after interpretation into the object that the reader of the chunk refers to. */
export function replaceMemory({ memory }: RecordChunk, by: RecordChunk['memory']): void {
  if (memory === by) return
  for (const key of Object.keys(memory)) Reflect.deleteProperty(memory, key)
  Object.assign(memory, by)
}
