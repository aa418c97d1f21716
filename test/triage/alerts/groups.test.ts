import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dispatch, type Gathering, type Groups } from '../../../src/triage/alerts/groups.ts'
import type { Instance } from '../../../src/triage/alerts/instances.ts'
import { type Route, routeTree } from '../../../src/triage/alerts/routes.ts'
import { newSilence, type Silence, SilenceRequest } from '../../../src/triage/alerts/silence.ts'
import { alertingOf, someAlert } from '../../support/alerts.ts'

const RECEIVERS = `
receivers:
  - { name: ops, type: webhook, url: 'http://127.0.0.1:1/x' }
  - { name: quiet, type: webhook, url: 'http://127.0.0.1:1/y', send_resolved: false }
`
const START = Date.UTC(2026, 2, 4, 10)

/** Alerts by when they fire: seconds from the start, to the second they are over. */
type Course = readonly {
  readonly labels: Record<string, string>
  readonly from: number
  readonly to?: number
}[]

type Told = {
  readonly at: number
  readonly receiver: string
  readonly firing: string[]
  readonly resolved: string[]
}

/** Plays a course, a look in each second, and gives what was told: alerts by their `n`. */
function play(
  course: Course,
  seconds: number,
  options: { yaml?: string; silences?: Silence[]; step?: number; gathering?: Gathering } = {},
): Told[] {
  const alerting = alertingOf(RECEIVERS + (options.yaml ?? 'route: { receiver: ops }\n'))
  const route = routeTree(alerting) as Route
  const told: Told[] = []
  let groups: Groups = {}
  for (let at = 0; at <= seconds; at += options.step ?? 1) {
    const instances: Record<string, Instance> = {}
    for (const { labels, from, to = Number.POSITIVE_INFINITY } of course) {
      if (at < from) continue
      const alert = someAlert(
        { alertname: 'a', ...labels },
        at < to ? 'firing' : 'resolved',
        START,
        START + to * 1000,
      )
      instances[alert.fingerprint] = alert
    }
    const nowMs = START + at * 1000
    const done = dispatch(groups, instances, {
      ...{ ...alerting, route, silences: options.silences ?? [], nowMs },
      gathering: options.gathering ?? new Map(),
    })
    groups = done.groups
    const numbers = (alerts: readonly Instance[]) => alerts.map(({ labels }) => labels['n'] ?? '').sort()
    for (const { receiver, firing, resolved } of done.notices) {
      told.push({ at, receiver, firing: numbers(firing), resolved: numbers(resolved) })
    }
  }
  return told
}

const ops = (at: number, firing: string[], resolved: string[] = []): Told => ({
  at,
  receiver: 'ops',
  firing,
  resolved,
})

describe('a group of alerts', () => {
  it('is told after the group wait, with all that came until then', () => {
    const course = [
      { labels: { n: '1' }, from: 0 },
      { labels: { n: '2' }, from: 29 },
    ]
    expect(play(course, 299)).toEqual([ops(30, ['1', '2'])])
  })

  it('is told again after the group interval when something new fires, and when something is over', () => {
    const course = [
      { labels: { n: '1' }, from: 0, to: 700 },
      { labels: { n: '2' }, from: 40 },
    ]
    expect(play(course, 1500)).toEqual([ops(30, ['1']), ops(330, ['1', '2']), ops(930, ['2'], ['1'])])
  })

  it('whose alerts are over before the wait ends is not told at all', () => {
    expect(play([{ labels: { n: '1' }, from: 0, to: 20 }], 2000)).toEqual([])
  })

  it('of which nothing changes is told again after the repeat interval only', () => {
    const found = play([{ labels: { n: '1' }, from: 0 }], 30 + 9 * 3600, { step: 10 })
    expect(found.map(({ at }) => at)).toEqual([30, 30 + 4 * 3600, 30 + 8 * 3600])
  })

  it('that is over is told once, and begins with a new wait when it fires again', () => {
    const course = [
      { labels: { n: '1' }, from: 0, to: 100 },
      { labels: { n: '2' }, from: 1000 },
    ]
    expect(play(course, 2000)).toEqual([ops(30, ['1']), ops(330, [], ['1']), ops(1030, ['2'])])
  })

  it('tells no end to a receiver that wants none', () => {
    const course = [
      { labels: { n: '1' }, from: 0, to: 100 },
      { labels: { n: '2' }, from: 2000 },
    ]
    const found = play(course, 4000, { yaml: 'route: { receiver: quiet }\n' })
    expect(found.map(({ at, firing, resolved }) => ({ at, firing, resolved }))).toEqual([
      { at: 30, firing: ['1'], resolved: [] },
      { at: 2030, firing: ['2'], resolved: [] },
    ])
  })

  it('is made of the labels that the route groups by', () => {
    const course = ['x', 'y', 'x'].map((cluster, n) => ({ labels: { cluster, n: String(n) }, from: 0 }))
    const route = (by: string) => ({ yaml: `route: { receiver: ops, group_by: [${by}] }\n` })
    const groups = (by: string) => play(course, 60, route(by)).map(({ firing }) => firing)
    expect(groups('cluster')).toEqual([['0', '2'], ['1']])
    expect(groups('alertname')).toEqual([['0', '1', '2']])
    expect(groups('...')).toEqual([['0'], ['1'], ['2']])
  })
})

describe('alerts that are gathered', () => {
  const gathering: Gathering = new Map([['a', { waitMs: 60_000, gatherMs: 3_600_000 }]])
  const hour = (n: number, from: number) => ({ labels: { n: String(n) }, from, to: from + 3600 })

  it('are told with what the next look finds, and then once an hour', () => {
    const course = [hour(1, 0), hour(2, 60), hour(3, 200), hour(4, 3000), hour(5, 3900)]
    expect(play(course, 4000, { gathering })).toEqual([
      ops(90, ['1', '2']),
      ops(3690, ['3', '4'], ['1', '2']),
    ])
  })

  it('do not hold back others of their group', () => {
    const course = [hour(1, 0), { labels: { n: '2', alertname: 'b' }, from: 400 }]
    const yaml = 'route: { receiver: ops, group_by: [cluster] }\n'
    expect(play(course, 1000, { yaml, gathering }).map(({ at, firing }) => [at, firing])).toEqual([
      [90, ['1']],
      [690, ['1', '2']],
    ])
  })
})

describe('a route', () => {
  const yaml = `
route:
  receiver: ops
  routes:
    - { matchers: ['severity=info'], receiver: quiet, group_wait: 5s }
    - { matchers: ['severity=~"error|critical"'], receiver: quiet, continue: true }
    - { matchers: ['cluster=x'], group_wait: 10s }
`
  const where = (labels: Record<string, string>) =>
    play([{ labels: { n: '1', ...labels }, from: 0 }], 40, { yaml }).map(
      ({ at, receiver }) => `${receiver} ${at}`,
    )

  it('takes what its branches do not, and each branch inherits what it does not say', () => {
    expect(where({ severity: 'warning' })).toEqual(['ops 30'])
    expect(where({ severity: 'warning', cluster: 'x' })).toEqual(['ops 10'])
  })

  it('gives an alert to the first branch that matches, and to more if that says continue', () => {
    expect(where({ severity: 'info', cluster: 'x' })).toEqual(['quiet 5'])
    expect(where({ severity: 'error', cluster: 'x' })).toEqual(['ops 10', 'quiet 30'])
    expect(where({ severity: 'error', cluster: 'y' })).toEqual(['quiet 30'])
  })
})

describe('an alert that is held back', () => {
  const silence = (matcher: string, fromS: number, toS: number) =>
    newSilence(
      SilenceRequest.parse({
        matchers: [{ name: 'n', value: matcher }],
        starts_at: new Date(START + fromS * 1000).toISOString(),
        ends_at: new Date(START + toS * 1000).toISOString(),
        created_by: 'ann',
        comment: 'known',
      }),
      START,
    )

  it('by a silence is told when that ends, the others as ever', () => {
    const course = ['1', '2'].map((n) => ({ labels: { n }, from: 0 }))
    expect(play(course, 1000, { silences: [silence('1', 0, 400)] })).toEqual([
      ops(30, ['2']),
      ops(630, ['1', '2']),
    ])
  })

  it('after it was told is not told to be over', () => {
    const course = [{ labels: { n: '1' }, from: 0, to: 200 }]
    expect(play(course, 1000, { silences: [silence('1', 100, 2000)] })).toEqual([ops(30, ['1'])])
  })

  it('by one that fires with the same labels is told when that is over', () => {
    const yaml = `
inhibit_rules:
  - { source_matchers: ['severity=critical'], target_matchers: ['severity=warning'], equal: [cluster] }
route: { receiver: ops, group_by: [n] }
`
    const course = [
      { labels: { n: '1', severity: 'critical', cluster: 'x' }, from: 0, to: 400 },
      { labels: { n: '2', severity: 'warning', cluster: 'x' }, from: 0 },
      { labels: { n: '3', severity: 'warning', cluster: 'y' }, from: 0 },
    ]
    expect(play(course, 1000, { yaml })).toEqual([
      ops(30, ['1']),
      ops(30, ['3']),
      ops(630, [], ['1']),
      ops(630, ['2']),
    ])
  })

  it('by a mute window is told when that ends', () => {
    const yaml = `
time_intervals:
  - { name: maintenance, time_intervals: [{ times: [{ start_time: '10:00', end_time: '10:20' }] }] }
route: { receiver: ops, mute_time_intervals: [maintenance] }
`
    expect(play([{ labels: { n: '1' }, from: 0 }], 2000, { yaml })).toEqual([ops(1230, ['1'])])
  })
})

it('whatever fires, each alert that lasts is told once as firing and once as over, in time', () => {
  const one = fc.record({ from: fc.nat(2000), lasts: fc.integer({ min: 400, max: 2000 }) })
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), (alerts) => {
      const course = alerts.map(({ from, lasts }, n) => ({
        labels: { n: String(n) },
        from,
        to: from + lasts,
      }))
      const told = play(course, 5000, { step: 5 })
      for (const { labels, from, to } of course) {
        const firing = told.filter((notice) => notice.firing.includes(labels.n))
        const over = told.filter(({ resolved }) => resolved.includes(labels.n))
        expect(firing[0]?.at).toBeLessThanOrEqual(from + 30 + 300 + 5)
        expect(over.length).toBe(1)
        expect(over[0]?.at).toBeGreaterThanOrEqual(to)
        expect(over[0]?.at).toBeLessThanOrEqual(to + 300 + 5)
        expect(firing.every(({ at }) => at < (over[0]?.at ?? 0))).toBe(true)
      }
      // Nothing is said in which nothing is new: each notice has an alert that the one before did not tell like this.
      told.slice(1).forEach((notice, index) => {
        const before = new Set(told[index]?.firing)
        expect(notice.resolved.length > 0 || notice.firing.some((n) => !before.has(n))).toBe(true)
      })
    }),
    { numRuns: 40 },
  )
})
