import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Reply } from './app.ts'
import { CONTENT_TYPES, type ExportRow, written } from './export-format.ts'
import { PROBLEM, refusal } from './problem.ts'

/** The OpenAPI description of routes that stream rows as NDJSON. */
export const LONG_ANSWER = {
  200: { content: { [CONTENT_TYPES.ndjson]: { schema: z.string().meta({ format: 'binary' }) } } },
  default: PROBLEM,
}

/**
 * Streams rows as the work yields them, and stops the work when nobody reads any more. Such work reads much of the history,
 * so only one runs at a time; `busy` tells a second caller what is running.
 */
export function oneLongAnswer(busy: string) {
  let running = 0
  return (reply: Reply, work: (signal: AbortSignal) => AsyncIterable<ExportRow>): Reply => {
    if (running > 0) throw refusal('E_BUSY', busy, 'Try again when that has ended.')
    running++
    const gone = new AbortController()
    reply.raw.once('close', () => {
      running--
      gone.abort()
    })
    const rows = oneByOne(work(gone.signal))
    return reply.type(CONTENT_TYPES.ndjson).send(Readable.from(written('ndjson', {}, rows)))
  }
}

async function* oneByOne(rows: AsyncIterable<ExportRow>): AsyncGenerator<readonly ExportRow[]> {
  for await (const row of rows) yield [row]
}
