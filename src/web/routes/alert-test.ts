import { Readable } from 'node:stream'
import { z } from 'zod'
import { backtest, rangeFault } from '../../triage/alerts/backtest.ts'
import { knownNames } from '../../triage/alerts/known-names.ts'
import { alertRulesOf } from '../../triage/alerts/load-alert-rules.ts'
import { text } from '../../triage/parameters.ts'
import type { App } from '../app.ts'
import { CONTENT_TYPES, type ExportRow, written } from '../export-format.ts'
import { PROBLEM, refusal } from '../problem.ts'
import { libraryOf, type Service } from '../service.ts'

const Body = z.strictObject({
  file: text.max(1000).describe('the name that faults are told with'),
  rules: text.describe('the text of a file of alert rules'),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  step_ms: z.int().describe('how often it is looked at'),
})

/** It looks at history thousands of times. */
const MOST_AT_ONCE = 1
const FILE = { [CONTENT_TYPES.ndjson]: { schema: z.string().meta({ format: 'binary' }) } }

/** What alert rules would have told of stored history; a line as soon as an alert is over. */
export function addAlertTest(app: App, service: Service): void {
  let running = 0
  const schema = {
    ...{ operationId: 'test-alert-rules', tags: ['alerts'] },
    summary: 'What alert rules would have told of stored history',
    ...{ querystring: z.strictObject({}), body: Body },
    response: { 200: { content: FILE }, default: PROBLEM },
  }
  // Packed, a line would wait for those behind it.
  app.post('/api/v1/alerts/test', { schema, compress: false }, async ({ body }, reply) => {
    const library = libraryOf(service)
    const rules = alertRulesOf(body.file, body.rules, knownNames(library.rules, service.knowledge()))
    const range = { fromMs: Date.parse(body.from), toMs: Date.parse(body.to), stepMs: body.step_ms }
    const fault = rangeFault(range)
    if (fault !== undefined) throw refusal('E_BODY', fault, 'Correct the body.')
    if (running >= MOST_AT_ONCE)
      throw refusal('E_BUSY', 'alert rules are being tested already', 'Try again when that has ended.')
    running++
    const gone = new AbortController()
    reply.raw.once('close', () => {
      running--
      gone.abort()
    })
    const { store } = service
    const found = backtest({ store, knowledge: library, rules, ...range, signal: gone.signal })
    return reply.type(CONTENT_TYPES.ndjson).send(Readable.from(written('ndjson', {}, oneByOne(found))))
  })
}

async function* oneByOne(rows: AsyncIterable<ExportRow>): AsyncGenerator<readonly ExportRow[]> {
  for await (const row of rows) yield [row]
}
