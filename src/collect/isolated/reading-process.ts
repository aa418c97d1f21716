import type { RecordChunk } from '../../model.ts'
import type { Collected } from '../feed.ts'
import type { Follower } from '../follow.ts'
import type { CollectedReport, Line, Order, Report } from './messages.ts'

/** How long it waits for something to read before it reports that there is nothing. */
const WAIT_MS = 1000

/** Reads on with each order, one at a time, until the follower ends. */
function reportOf(follower: Follower): (memory?: RecordChunk['memory']) => Promise<Report> {
  let last: RecordChunk | undefined
  return async (memory) => {
    // The other process interprets the records; the memory that results from it continues here.
    if (last !== undefined && memory !== undefined) replaceMemory(last, memory)
    const collected = await follower.next(WAIT_MS)
    last = typeof collected === 'string' ? undefined : collected.chunk
    const { open } = follower
    return typeof collected === 'string' ? { kind: 'idle', open } : { ...plain(collected), open }
  }
}

/** Answers the orders of a connection, once it is told where to start. */
export function answerOrders<Settings>(
  line: Line<Report, Order<Settings>>,
  begin: (order: Order<Settings> & { readonly kind: 'start' }) => Follower,
): void {
  let report: ReturnType<typeof reportOf> | undefined
  line.onMessage((order) => {
    if (order.kind === 'start') report = reportOf(begin(order))
    else void report?.(order.memory).then((told) => line.send(told))
  })
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
  for (const key of Object.keys(memory)) Reflect.deleteProperty(memory, key)
  Object.assign(memory, by)
}
