import { expect, test } from 'vitest'
import { circumstancesOf } from '../../../src/triage/alerts/observe/circumstances.ts'
import type { DiagnosisJson } from '../../../src/triage/diagnosis/diagnosis-json.ts'

const BEGIN = Date.UTC(2026, 2, 4)
const at = (minute: number) => new Date(BEGIN + minute * 60_000).toISOString()

/** A desktop that ran through two phases, with what its verdict says. */
function life(session: string, status: DiagnosisJson['status'], title?: string, rule_id = 'some-rule') {
  const verdict = { phase: 'setup', rule_id, title, severity: 'error', layer: 'product' }
  return {
    ...{ session, status, evidence: [], ...(title === undefined ? {} : { verdict }) },
    phases: [
      { phase: 'user-data', state: 'done', start: at(0), end: at(5), usual_s: 60 },
      { phase: 'setup', state: 'failed', start: at(6), usual_s: 60 },
    ],
  } as unknown as DiagnosisJson
}

const seen = (session_names: string[], minute: number) => ({
  ...{ session_names, first_ms: BEGIN + minute * 60_000, last_ms: BEGIN + minute * 60_000 },
})

test('of a failure that no rule knows it is told how its desktops fared, why, and when it came', () => {
  const lives = [
    life('a/1', 'failed', 'The disk is full'),
    life('b/1', 'failed', 'The disk is full'),
    life('c/1', 'ready'),
    life('other/1', 'failed', 'The domain is not there'),
  ]
  expect(circumstancesOf(seen(['a/1', 'b/1', 'c/1', 'gone/1'], 7), lives)).toBe(
    '2 of 3 desktops with it failed (2 × The disk is full); it came in phase setup.',
  )
  expect(circumstancesOf(seen(['c/1'], 2), lives)).toBe(
    '0 of 1 desktop with it failed; it came in phase user-data.',
  )
})

test('nothing is inferred: neither a reason that no rule knows, nor a phase between two', () => {
  const unknown = life('a/1', 'failed', 'Failure that no rule explains', '')
  expect(circumstancesOf(seen(['a/1'], 5.5), [unknown])).toBe('1 of 1 desktop with it failed.')
  expect(circumstancesOf({ ...seen(['a/1'], 2), last_ms: BEGIN + 600_000 }, [unknown])).toBe(
    '1 of 1 desktop with it failed.',
  )
  expect(circumstancesOf(seen(['b/1'], 7), [unknown])).toBe('')
  expect(circumstancesOf(seen([], 7), [unknown])).toBe('')
})

test('of several attempts of a desktop the last one counts', () => {
  const lives = [life('a/1', 'failed', 'The disk is full'), life('a/1', 'ready')]
  expect(circumstancesOf(seen(['a/1'], 7), lives)).toMatch(/^0 of 1 desktop with it failed/)
})
