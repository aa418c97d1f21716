import { describe, expect, it } from 'vitest'
import type { EventJson } from '../../../src/event-json.ts'
import type { PhaseJson } from '../../../src/triage/diagnosis/course/phase-states.ts'
import type { DiagnosisJson } from '../../../src/triage/diagnosis/diagnosis-json.ts'
import { attemptFacts } from '../../../src/web/ui/attempt-facts.ts'
import { rowsOfAttempt } from '../../../src/web/ui/attempt-rows.ts'
import { exampleGroups } from '../../../src/web/ui/example-groups.ts'
import { nextFailure, previousFailure } from '../../../src/web/ui/failures.ts'
import { isGrowing } from '../../../src/web/ui/growing.ts'
import { missingWords } from '../../../src/web/ui/missing-words.ts'
import { otherSessions } from '../../../src/web/ui/other-sessions.ts'
import { filteredRows } from '../../../src/web/ui/row-filter.ts'
import { sortedBy } from '../../../src/web/ui/row-order.ts'
import { storyRows } from '../../../src/web/ui/story-rows.ts'
import { anEvent } from './an-event.ts'

const clocks = (rows: readonly EventJson[]) => rows.map(({ ts }) => ts.slice(11, 19))

it('an attempt beside others is told by its start, how long it took and how far it came', () => {
  const phase = (name: string, state: PhaseJson['state'], times: Partial<PhaseJson> = {}): PhaseJson => ({
    ...{ phase: name, state, usual_s: 60 },
    ...times,
  })
  const phases = [
    phase('launch', 'done', { start: '2026-01-05T08:00:00Z', end: '2026-01-05T08:01:00Z' }),
    phase('mount', 'done', { start: '2026-01-05T08:01:00Z', end: '2026-01-05T08:04:00Z' }),
    phase('setup', 'missing'),
  ]
  expect(attemptFacts({ phases, evidence: [] })).toEqual({
    start: '2026-01-05T08:00:00Z',
    duration_s: 240,
    phase: 'mount',
  })
  expect(attemptFacts({ phases: [], evidence: [] })).toEqual({
    ...{ start: undefined, duration_s: undefined, phase: '' },
  })
})

describe('the rows of a desktop', () => {
  it('are its lines and what others say of it, each once, in order', () => {
    const known = anEvent('08:02:00', { event_id: 'e2', kind: 'signature', rule_id: 'r' })
    const events = [anEvent('08:05:00', { host: 'controller', kind: 'milestone', rule_id: 'm' }), known]
    const lines = [
      anEvent('08:01:00'),
      anEvent('08:02:00', { event_id: 'e2' }),
      { ...known },
      anEvent('08:03:00'),
    ]
    const rows = storyRows(events, lines)
    expect(clocks(rows)).toEqual(['08:01:00', '08:02:00', '08:03:00', '08:05:00'])
    expect(rows[1]?.rule_id).toBe('r')
  })

  it('stay in the order of their file where they have one time', () => {
    const rows = storyRows(
      [],
      [30, 10, 20].map((offset) => anEvent('08:00:00', { offset })),
    )
    expect(rows.map(({ offset }) => offset)).toEqual([10, 20, 30])
  })

  it('of one attempt are those of its host, and those of other machines until the next attempt', () => {
    const attempts = [
      { attempt: 1, host: 'one', phases: [{ phase: 'launch', start: '2026-01-05T08:00:00.000000Z' }] },
      { attempt: 2, host: 'two', phases: [{ phase: 'launch', start: '2026-01-05T09:00:00.000000Z' }] },
    ] as unknown as DiagnosisJson[]
    const rows = [
      anEvent('08:00:00', { host: 'controller' }),
      anEvent('08:10:00', { host: 'one' }),
      anEvent('09:00:00', { host: 'controller' }),
      anEvent('09:10:00', { host: 'two' }),
      anEvent('09:20:00', { host: 'one' }),
    ]
    expect(clocks(rowsOfAttempt(rows, attempts, 1))).toEqual(['08:00:00', '08:10:00', '09:20:00'])
    expect(clocks(rowsOfAttempt(rows, attempts, 2))).toEqual(['09:00:00', '09:10:00'])
    expect(rowsOfAttempt(rows, attempts.slice(0, 1), 1)).toBe(rows)
  })

  it('are filtered by time, kind of log, severity and text together', () => {
    const rows = [
      anEvent('08:00:00', { message: 'Mount failed', kind: 'signature', severity: 'error' }),
      anEvent('08:01:00', { message: 'mount again', kind: 'signature', severity: 'warning' }),
      anEvent('08:02:00', { message: 'mount of it', source: 'other', kind: 'signature', severity: 'error' }),
      anEvent('08:03:00', { message: 'mount' }),
    ]
    expect(filteredRows(rows, {})).toBe(rows)
    expect(clocks(filteredRows(rows, { text: 'MOUNT', severity: 'error' }))).toEqual(['08:00:00', '08:02:00'])
    expect(clocks(filteredRows(rows, { source: 'other' }))).toEqual(['08:02:00'])
    expect(clocks(filteredRows(rows, { from: '2026-01-05T08:01:00Z', to: '2026-01-05T08:02:00Z' }))).toEqual([
      '08:01:00',
      '08:02:00',
    ])
  })

  it('lead from failure to failure, though several rules know one line', () => {
    const failed = { kind: 'signature', severity: 'error' } as const
    const rows = [
      anEvent('08:00:00', { ...failed, event_id: 'a', rule_id: 'one' }),
      anEvent('08:00:00', { ...failed, event_id: 'a', rule_id: 'two' }),
      anEvent('08:01:00', { event_id: 'line' }),
      anEvent('08:02:00', { ...failed, event_id: 'b' }),
    ]
    expect(nextFailure(rows, -1)?.event_id).toBe('a')
    expect(nextFailure(rows, 0)?.event_id).toBe('b')
    expect(nextFailure(rows, 3)).toBeUndefined()
    expect(previousFailure(rows, 3)?.event_id).toBe('a')
    expect(previousFailure(rows, 1)).toBeUndefined()
  })

  it('of the same failure elsewhere are counted by desktop', () => {
    const here = anEvent('08:00:00')
    const events = [here, anEvent('07:00:00', { session: 'b' }), anEvent('06:00:00', { session: 'b' })]
    expect(otherSessions([...events, anEvent('05:00:00', { session: undefined })], here)).toEqual([
      { session: 'jdoe/b', last: '2026-01-05T07:00:00.000000Z', count: 2 },
    ])
  })
})

describe('a table', () => {
  const columns = [{ key: 'n', sort: ({ n }: { n: number }) => n }, { key: 'x' }]
  const rows = [{ n: 2 }, { n: 10 }, { n: 1 }]

  it('is sorted up and down, and not at all by what has no order', () => {
    expect(sortedBy(rows, columns, 'n').map(({ n }) => n)).toEqual([1, 2, 10])
    expect(sortedBy(rows, columns, '-n').map(({ n }) => n)).toEqual([10, 2, 1])
    expect(sortedBy(rows, columns, 'x')).toEqual(rows)
  })
})

describe('signatures', () => {
  it('grow only if they came of late', () => {
    const trend = Array.from({ length: 24 }, () => 0)
    expect(isGrowing({ escalating: true, trend: trend.with(2, 40) })).toBe(false)
    expect(isGrowing({ escalating: true, trend: trend.with(22, 40) })).toBe(true)
    expect(isGrowing({ escalating: false, trend: trend.with(23, 40) })).toBe(false)
  })

  it('show alike examples once, with their number', () => {
    const [a, b, c] = ['same', 'other', 'same'].map((message, i) =>
      anEvent(`08:00:0${i}`, { event_id: `${i}`, message }),
    )
    const groups = exampleGroups([a, b, c] as EventJson[])
    expect(groups.map(({ event, count }) => [event.event_id, count])).toEqual([
      ['0', 2],
      ['1', 1],
    ])
  })
})

it('a rule that nearly knows a line names the words that are not there', () => {
  const parts = [
    { kind: 'literal', wanted: 'mount.nfs', holds: true },
    { kind: 'literal', wanted: 'one | two | three | four | five', holds: false },
    {
      kind: 'regex',
      wanted: String.raw`(?:/s?bin/|: )mount\.(?<helper>nfs4?|cifs)(?:: (?:command )?not found|: No such file or directory)`,
      holds: false,
    },
  ]
  expect(missingWords(parts, 'mount.nfs4: Connection timed out')).toEqual([
    ...[
      'one or two or three or four or another',
      'cifs',
      'command',
      'not found',
      'No such file or directory',
    ],
  ])
})
