import { expect, test } from 'vitest'
import type { SignatureDetails } from '../../../src/store/alert-query.ts'
import { AlertRuleFile } from '../../../src/triage/alerts/alert-rule.ts'
import { lineOf, spanText, whereOf } from '../../../src/triage/alerts/observe/notice-words.ts'
import { selectOf } from '../../../src/triage/alerts/observe/signature-rule.ts'

const NOWHERE = { clusters: [], session_names: [], host_names: [] } as unknown as SignatureDetails

test('where something failed is told by a few names of each kind, and left out where none is known', () => {
  expect(whereOf([NOWHERE])).toEqual({})
  const session_names = ['f/1', 'e/1', 'd/1', 'c/1', 'b/1', 'a/1', 'a/1']
  expect(whereOf([NOWHERE, { ...NOWHERE, clusters: ['soca-lab'], session_names }])).toEqual({
    where: 'cluster soca-lab; desktop a/1, b/1, c/1, d/1, e/1 and 1 more',
  })
})

test('when something was seen is one moment where its first and last are of one second', () => {
  expect(spanText(1_000, 1_999)).toBe('at 1970-01-01T00:00:01Z')
  expect(spanText(1_000, 2_000)).toBe('from 1970-01-01T00:00:01Z to 1970-01-01T00:00:02Z')
})

const CALLS = Array.from(
  { length: 9 },
  (_, n) => `  File "/opt/soca/manager.py", line ${n}, in call_${n}\n    call_${n + 1}(listener)`,
)
const ERROR = 'botocore.errorfactory.TooManyRulesException: The maximum number of rules has been reached'

test('an example of several lines keeps the first and the one that says why, and tells how many are left out', () => {
  const told = `Traceback (most recent call last): … 18 lines … ${ERROR}`
  expect(lineOf(['Traceback (most recent call last):', ...CALLS, ERROR, ''].join('\n'))).toBe(told)
  expect(
    lineOf(['Traceback (most recent call last):', ...CALLS, '', `${ERROR}${'.'.repeat(500)}`].join('\n')),
  ).toHaveLength(400)
  expect(lineOf('short\n  and\tsmall')).toBe('short and small')
})

test('an example of one long line keeps its begin and its end', () => {
  const line = lineOf(`cannot start ${'x'.repeat(900)} because the disk is full`)
  expect(line).toHaveLength(400)
  expect(line).toMatch(/^cannot start x+ … x+ because the disk is full$/)
})

test('rules that are named count whatever their severity, all others from error on', () => {
  const least = (words: object) => {
    const [rule] = AlertRuleFile.parse({
      rules: [{ id: 'a', title: 'A', kind: 'rate', at_least: 1, ...words }],
    }).rules
    return rule?.kind === 'rate' ? selectOf(rule).minSeverity : undefined
  }
  expect([{}, { rules: ['x'] }, { rules: ['x'], min_severity: 'critical' }].map(least)).toEqual([2, 0, 3])
})
