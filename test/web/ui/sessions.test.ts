import { describe, expect, it } from 'vitest'
import type { PhaseJson } from '../../../src/triage/diagnosis/course/phase-states.ts'
import type { SessionItem } from '../../../src/web/ui/answers.ts'
import { clearFactors, factorText } from '../../../src/web/ui/common-factors.ts'
import { phaseRows } from '../../../src/web/ui/compared-phases.ts'
import { headline, noneFailing } from '../../../src/web/ui/headline.ts'
import { comparablesFor, comparedName } from '../../../src/web/ui/healthy.ts'
import { countsByStatus, filteredSessions } from '../../../src/web/ui/session-filter.ts'
import { stackOf } from '../../../src/web/ui/trend-stack.ts'
import { verdictOf, withoutVerdict } from '../../../src/web/ui/verdict-text.ts'

function aSession(part: Partial<SessionItem>): SessionItem {
  return {
    session: 'jdoe/desk',
    cluster: 'soca-one',
    owner: 'jdoe',
    name: 'desk',
    attempts: 1,
    host: 'ip-10-0-0-1',
    profile: 'soca-2',
    os: 'linux',
    status: 'ready',
    phase: 'session',
    first_seen: '2026-01-05T08:00:00.000000Z',
    last_seen: '2026-01-05T09:00:00.000000Z',
    failures: 0,
    last_rule_id: '',
    ...part,
  }
}

it('says where a desktop is that starts, if that is known', () => {
  expect(verdictOf(aSession({ status: 'in_progress', phase: 'mount' }))).toBe('At Mount')
  expect(verdictOf(aSession({ status: 'in_progress', phase: '' }))).toBe('')
})

it.each([
  ['in_progress', 0, 'This desktop is starting'],
  ['in_progress', 6, 'Starting; 6 errors so far, none known to stop it'],
  ['in_progress', 1, 'Starting; 1 error so far, none known to stop it'],
  ['ready', 2, 'This desktop is ready'],
] as const)('of one that is %s and has %i errors it is said: %s', (status, errors, title) => {
  expect(withoutVerdict(status, errors)[0]).toBe(title)
})

describe('the table of desktops', () => {
  const sessions = [
    aSession({}),
    aSession({
      session: 'amy/cfd',
      owner: 'amy',
      status: 'failed',
      phase: 'mount',
      verdict_title: 'EFS does not answer',
    }),
    aSession({ session: 'bob/cfd', owner: 'bob', status: 'stalled', os: 'windows' }),
  ]
  const names = (filter: object) => filteredSessions(sessions, filter).map(({ session }) => session)

  it('is filtered by every word, wherever it stands', () => {
    expect(names({ q: 'efs FAILED' })).toEqual(['amy/cfd'])
    expect(names({ q: 'cfd windows' })).toEqual(['bob/cfd'])
    expect(names({ q: 'nobody' })).toEqual([])
  })

  it('is filtered by several states at once, and counts them', () => {
    expect(names({ status: 'failed,stalled' })).toEqual(['amy/cfd', 'bob/cfd'])
    expect(countsByStatus(sessions)).toEqual({ ready: 1, failed: 1, stalled: 1 })
  })

  it('gives a healthy desktop of the same kind to compare with, else any', () => {
    const other = aSession({ session: 'eve/x', profile: 'edh-26' })
    const amy = { session: 'amy/cfd', attempt: 2, profile: 'soca-2', os: 'linux' } as const
    const before = { attempt: 1, status: 'ready', profile: 'soca-2' } as const
    const to = (one: typeof amy | { readonly profile: 'soca-25' }, own: readonly (typeof before)[] = []) =>
      comparablesFor({ ...amy, ...one }, own, [other, ...sessions]).map(({ name }) => name)
    expect(to(amy)).toEqual(['jdoe/desk', 'eve/x', 'bob/cfd'])
    expect(to(amy, [before])).toEqual(['jdoe/desk', 'amy/cfd attempt 1', 'eve/x', 'bob/cfd'])
    expect(to({ profile: 'soca-25' }, [before])[0]).toBe('amy/cfd attempt 1')
    expect(to({ profile: 'soca-25' })[0]).toBe('eve/x')
  })

  it('is compared by name, with an attempt where one is named', () => {
    expect(comparedName('amy/cfd')).toEqual({ session: 'amy/cfd' })
    expect(comparedName('amy/my desk attempt 2')).toEqual({ session: 'amy/my desk', attempt: 2 })
  })

  it('is compared phase by phase, in words where they differ', () => {
    const phase = (name: string, state: PhaseJson['state'], duration_s?: number): PhaseJson => ({
      ...{ phase: name, state, usual_s: 60 },
      ...(duration_s === undefined ? {} : { duration_s }),
    })
    const rows = phaseRows(
      [phase('mount', 'done', 400), phase('setup', 'failed'), phase('session', 'missing')],
      [phase('mount', 'done', 40), phase('setup', 'done', 90), phase('session', 'missing')],
    )
    expect(rows.map(({ phase: name, difference }) => [name, difference])).toEqual([
      ['mount', '6 min longer'],
      ['setup', 'not done here'],
      ['session', ''],
    ])
    // As in the bar of phases: without any sign of it, it was not reached.
    expect(rows.at(-1)?.here.state).toBe('not_reached')
  })
})

describe('the headline', () => {
  it.each([
    [{ failed: 3, stalled: 1, ready: 8 }, '4 of 12 desktops do not work'],
    [{ failed: 1 }, '1 of 1 desktop does not work'],
    [{ ready: 2, in_progress: 1 }, 'All 3 desktops are well'],
    [{}, 'No desktop has written anything yet'],
  ])('of %j is %s', (sessions, text) => expect(headline({ sessions })).toBe(text))
})

it('no desktop at all is not told as all of them working', () => {
  expect(noneFailing({}, false)).toMatchObject({ is: 'unknown', title: 'No desktop is known here' })
  expect(noneFailing({}, true)).toMatchObject({ is: 'open' })
  expect(noneFailing({ ready: 1, failed: 0 }, false)).toMatchObject({ is: 'well' })
})

it('a part of the past that was picked is not told as the present', () => {
  expect(headline({ sessions: { failed: 3, ready: 1 } }, true)).toBe(
    '3 of 4 desktops did not work in this range',
  )
  expect(headline({ sessions: { ready: 2 } }, true)).toBe('All 2 desktops were well in this range')
  expect(headline({ sessions: {} }, true)).toBe('No desktop wrote anything in this range')
})

it('what is known while desktops are still looked at is not told as all there is', () => {
  expect(headline({ sessions: {}, pending: 3 })).toBe('3 desktops are looked at')
  expect(headline({ sessions: { ready: 2 }, pending: 3 })).toBe('The first 2 desktops are well')
  expect(headline({ sessions: { ready: 2, failed: 1 }, pending: 3 })).toBe('1 of the first 3 do not work')
})

describe('what failed desktops have in common', () => {
  const factor = (key: 'dcv_version' | 'os' | 'subnet', value: string, failed: number, of: number) => ({
    key,
    value,
    failed,
    of,
    lift: 2,
  })
  const sessions = { failed: 5, ready: 6 }
  const clear = (...common: ReturnType<typeof factor>[]) =>
    clearFactors(common, sessions).map(({ value }) => value)

  it('is told against all others', () => {
    const [one] = clearFactors([factor('subnet', 'subnet-1', 4, 4)], sessions)
    expect(one && factorText(one)).toBe('all 4 desktops failed; elsewhere 1 of 7')
  })

  it('has enough desktops, and clearly more than the rest', () => {
    expect(clear(factor('dcv_version', 'two of two', 2, 2), factor('os', 'linux', 5, 10))).toEqual([])
  })
})

describe('failures over time', () => {
  const trend = (minute: number, rule_id: string, count: number) => ({
    bucket: new Date(minute * 60_000).toISOString(),
    ...{ rule_id, title: rule_id, severity: 'error', count, sessions: 1, hosts: 1 },
  })

  it('stand on each other, the most frequent at the bottom, the rest together on top', () => {
    const trends = [
      trend(0, 'rare', 1),
      trend(0, 'often', 5),
      trend(2, 'often', 3),
      trend(2, 'seldom', 2),
      trend(9, 'late', 9),
    ]
    const { beginsMs, series, tops } = stackOf(trends, { fromMs: 0, toMs: 180_000 }, 60_000, 2)
    expect(beginsMs).toEqual([0, 60_000, 120_000])
    expect(series.map(({ id, total }) => [id, total])).toEqual([
      ['often', 8],
      ['others', 3],
    ])
    expect(tops).toEqual([
      [5, 0, 3],
      [6, 0, 5],
    ])
  })
})
