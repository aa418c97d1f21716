import { expect, it } from 'vitest'
import { dispatch, type Groups } from '../../../src/triage/alerts/groups.ts'
import { messageOf } from '../../../src/triage/alerts/message.ts'
import {
  begun,
  due,
  EMPTY_OUTBOX,
  enqueued,
  type Outcome,
  settled,
} from '../../../src/triage/alerts/outbox.ts'
import { type Route, routeTree } from '../../../src/triage/alerts/routes.ts'
import { withdrawn } from '../../../src/triage/alerts/withdrawn.ts'
import { alertingOf, someAlert } from '../../support/alerts.ts'

const START = Date.UTC(2026, 2, 4, 10)
const GIVE_UP_S = 400
const ALERTING = `
receivers: [{ name: ops, type: webhook, url: 'http://127.0.0.1:1/x' }]
route: { receiver: ops }
`
const refused = { kind: 'refused', reason: 'it answers 302: redirects are not followed' } as const
const failed = { kind: 'failed', reason: 'it answers 500' } as const
const unsure = { ...failed, reason: 'no answer within 10s', unsure: true }
const delivered = { kind: 'delivered' } as const

/** Alerts by the seconds from the start to the end of their firing. */
type Course = Readonly<Record<string, readonly [from: number, to?: number]>>
type Heard = readonly [at: number, firing: string, resolved: string]

/** What a receiver hears that answers like this at each second: `[second, alerts that fire, alerts that are over]`. */
function heard(course: Course, answer: (at: number) => Outcome, seconds = 1500): Heard[] {
  const told: Heard[] = []
  const alerting = alertingOf(ALERTING)
  let groups: Groups = {}
  let outbox = EMPTY_OUTBOX
  for (let at = 0; at <= seconds; at++) {
    const nowMs = START + at * 1000
    const alerts = Object.entries(course)
      .filter(([, [from]]) => from <= at)
      .map(([n, [, to = Number.POSITIVE_INFINITY]]) =>
        someAlert({ alertname: 'a', n }, at < to ? 'firing' : 'resolved', START, START + to * 1000),
      )
    const instances = Object.fromEntries(alerts.map((alert) => [alert.fingerprint, alert]))
    const context = { ...alerting, route: routeTree(alerting) as Route, silences: [], gathering: new Map() }
    const done = dispatch(groups, instances, { ...context, nowMs })
    const messages = done.notices.map((notice) => messageOf(notice, nowMs))
    groups = done.groups
    outbox = enqueued(outbox, messages, new Set())
    for (const { message } of due(outbox, nowMs)) {
      const outcome = answer(at)
      const of = (status: string) =>
        message.alerts.flatMap((one) => (one.status === status ? (one.labels['n'] ?? '') : [])).join('')
      if (outcome.kind === 'delivered' || (outcome.kind === 'failed' && outcome.unsure === true))
        told.push([at, of('firing'), of('resolved')])
      const trying = { nowMs, giveUpMs: GIVE_UP_S * 1000, jitter: 1 }
      const after = settled(begun(outbox, message.id), message.id, outcome, trying)
      const both = withdrawn(groups, outbox, after)
      groups = both.groups
      outbox = both.outbox
    }
  }
  return told
}

it('what a receiver refused is told at the next group interval, as long as it fires', () => {
  const twice = (at: number) => (at < 400 ? refused : delivered)
  expect(heard({ x: [0] }, twice)).toEqual([[630, 'x', '']])
})

it('the end of what a receiver refused is not told', () => {
  expect(heard({ x: [0, 200] }, (at) => (at < 100 ? refused : delivered))).toEqual([])
})

it('of two alerts, of which it refused to hear of the second, only the end of the first is told', () => {
  const answer = (at: number) => (at > 300 && at < 400 ? refused : delivered)
  expect(heard({ x: [0, 1000], y: [100, 500] }, answer)).toEqual([
    [30, 'x', ''],
    [1230, '', 'x'],
  ])
})

it('an end that a receiver refused is told at the next group interval', () => {
  const answer = (at: number) => (at > 300 && at < 400 ? refused : delivered)
  expect(heard({ x: [0, 100] }, answer)).toEqual([
    [30, 'x', ''],
    [630, '', 'x'],
  ])
})

it('the end that waits behind a notice that was given up is not told alone', () => {
  expect(heard({ x: [0, 100] }, (at) => (at < 700 ? failed : delivered))).toEqual([])
  const both = heard({ x: [0, 100], y: [0] }, (at) => (at < 700 ? failed : delivered))
  expect(both.map(([, ...words]) => words)).toEqual([['y', '']])
})

it('what may have arrived is told once more, and its end, too', () => {
  const told = heard({ x: [0, 1000] }, (at) => (at < 440 ? unsure : delivered))
  expect(told.at(-1)).toEqual([expect.any(Number), '', 'x'])
  expect(told.filter(([at, firing]) => at >= 440 && firing === 'x')).toHaveLength(1)
})
