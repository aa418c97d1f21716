import { z } from 'zod'
import { backtest, rangeFault } from '../../triage/alerts/backtest.ts'
import { knownNames } from '../../triage/alerts/known-names.ts'
import { alertRulesOf } from '../../triage/alerts/load-alert-rules.ts'
import { text } from '../../triage/parameters.ts'
import type { App } from '../app.ts'
import { LONG_ANSWER, oneLongAnswer } from '../long-answer.ts'
import { refusal } from '../problem.ts'
import { libraryOf, type Service } from '../service.ts'

const Body = z.strictObject({
  file: text.max(1000).describe('the file name to use in faults'),
  rules: text.describe('the text of a file of alert rules'),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  step_ms: z.int().describe('how often it is evaluated'),
})

/** Which alerts rules would have raised on stored history; sends a line as soon as an alert is over. */
export function addAlertTest(app: App, service: Service): void {
  const answer = oneLongAnswer('alert rules are being tested already')
  const schema = {
    ...{ operationId: 'test-alert-rules', tags: ['alerts'] },
    summary: 'Which alerts rules would have raised on stored history',
    ...{ querystring: z.strictObject({}), body: Body, response: LONG_ANSWER },
  }
  // With compression, a line would wait for the following ones.
  app.post('/api/v1/alerts/test', { schema, compress: false }, async ({ body }, reply) => {
    const library = libraryOf(service)
    const range = { fromMs: Date.parse(body.from), toMs: Date.parse(body.to), stepMs: body.step_ms }
    const fault = rangeFault(range)
    if (fault !== undefined) throw refusal('E_BODY', fault.text, 'Correct the body.', fault.field)
    const rules = alertRulesOf(body.file, body.rules, knownNames(library.rules, service.knowledge()))
    const { store } = service
    return answer(reply, (signal) => backtest({ store, knowledge: library, rules, ...range, signal }))
  })
}
