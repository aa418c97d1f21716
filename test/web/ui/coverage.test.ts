import { expect, it } from 'vitest'
import type { CoverageRow } from '../../../src/store/coverage-query.ts'
import type { RuleItem } from '../../../src/web/ui/answers.ts'
import { coverageOf } from '../../../src/web/ui/coverage.ts'

const row = (
  source: string,
  kind: string,
  rule_id: string,
  severity: string,
  count: number,
  explained = kind !== 'unknown',
): CoverageRow => ({
  ...{ source, kind, rule_id, severity, count, sessions: 1, explained },
})
const rule = (id: string, kind = 'signature'): RuleItem => ({
  ...{ id, version: 1, title: `about ${id}`, severity: 'error', kind, type: 'event' },
})

it('coverage counts what looks like a failure, and which rules spoke of it', () => {
  const rows = [
    row('setup', 'signature', 'dnf', 'error', 20),
    row('messages', 'signature', 'dnf', 'error', 5),
    row('setup', 'unknown', '', 'error', 5),
    // A general rule names the kind of a failure, but does not explain it.
    row('setup', 'signature', 'not-there', 'error', 3, false),
    row('setup', 'milestone', 'begun', 'info', 900),
    row('web-ui', 'signature', 'not-yet', 'info', 700),
  ]
  const rules = [rule('dnf'), rule('not-there'), rule('not-yet'), rule('never'), rule('begun', 'milestone')]
  expect(coverageOf(rows, rules)).toEqual({
    explained: 25,
    unexplained: 8,
    sources: [
      { source: 'setup', explained: 20, unexplained: 8 },
      { source: 'messages', explained: 5, unexplained: 0 },
    ],
    noisiest: [
      { id: 'dnf', title: 'about dnf', count: 25 },
      { id: 'not-there', title: 'about not-there', count: 3 },
    ],
    rules: 4,
    silent: 1,
  })
})
