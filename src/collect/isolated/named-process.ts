import type { RecordChunk } from '../../model.ts'
import type { Collected } from '../feed.ts'
import type { FilesTally } from '../files-tally.ts'
import type { Line, NamedReport, Order } from './messages.ts'
import { plain, replaceMemory } from './reading-process.ts'

/** What a process reads, and what it counts of it. */
export type NamedReading = { readonly chunks: AsyncGenerator<Collected>; readonly tally: FilesTally }

/** Answers the orders of a connection: one chunk for each, and in the end the tally. */
export function answerNamedOrders<Settings>(
  line: Line<NamedReport, Order<Settings>>,
  begin: (order: Order<Settings> & { readonly kind: 'start' }) => NamedReading,
): void {
  let reading: NamedReading | undefined
  let last: RecordChunk | undefined
  const next = async ({ chunks, tally }: NamedReading) => {
    const { done, value } = await chunks.next()
    last = done === true ? undefined : value.chunk
    line.send(done === true ? { kind: 'done', tally: { ...tally } } : plain(value))
  }
  line.onMessage((order) => {
    if (order.kind === 'start') reading = begin(order)
    else if (reading !== undefined) {
      const [memory] = order.memories
      if (last !== undefined && memory !== undefined) replaceMemory(last, memory)
      void next(reading)
    }
  })
}
