import { z } from 'zod'
import { rulesInText } from '../../interpret/load-rules.ts'
import { selectStoreFacts } from '../../store/facts-query.ts'
import { text } from '../../triage/parameters.ts'
import type { App } from '../app.ts'
import { askedRows } from '../asked-store.ts'
import { LONG_ANSWER, oneLongAnswer } from '../long-answer.ts'
import { refusal } from '../problem.ts'
import type { Service } from '../service.ts'

const since = z.iso.datetime().describe('lines not older than this')

const Draft = z.strictObject({
  file: text.max(1000).describe('the name of the file, for the places of faults'),
  rules: text.describe('the text of a file of signatures'),
  since,
})

const Applying = z.strictObject({
  version: text.describe('the set of rules to apply, by its version in /api/v1/status'),
  since,
})

/** Tries rules on stored lines, and applies them. */
export function addRuleHistory(app: App, service: Service): void {
  addBacktest(app, service)
  addApply(app, service)
}

function addBacktest(app: App, { history, knowledge }: Service): void {
  const answer = oneLongAnswer('rules are being tried on stored lines already')
  const schema = {
    ...{ operationId: 'backtest-rules', tags: ['rules'] },
    summary:
      'What the rules of a file would have found in stored lines: progress, then one line with the result',
    ...{ querystring: z.strictObject({}), body: Draft, response: LONG_ANSWER },
  }
  app.post('/api/v1/rules/backtest', { schema, compress: false }, async ({ body }, reply) => {
    const drafts = rulesInText(body.file, body.rules, knowledge().generations)
    return answer(reply, (signal) => askedRows(history.backtest(drafts, body.since, signal)))
  })
}

function addApply(app: App, { history, knowledge, store }: Service): void {
  const answer = oneLongAnswer('rules are being applied to stored lines already')
  const schema = {
    ...{ operationId: 'apply-rules', tags: ['rules'] },
    summary:
      'Classifies stored lines again: progress, then a line for each rule with events that came or went',
    ...{ querystring: z.strictObject({}), body: Applying, response: LONG_ANSWER },
  }
  app.post('/api/v1/rules/apply', { schema, compress: false }, async ({ body }, reply) => {
    const { version } = knowledge().rules
    if (body.version !== version)
      throw refusal(
        'E_OTHER_RULES',
        `the service classifies by other rules (${version}) than these (${body.version})`,
        'Start it with the same --rules folders; if they have a fault, its log and `dcvlens doctor` name it.',
      )
    // What was read before must be stored first: while the store is away, it would wait without a word.
    await selectStoreFacts(store)
    return answer(reply, (signal) => askedRows(history.apply(body.since, signal)))
  })
}
