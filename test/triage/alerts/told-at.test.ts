import { expect, it } from 'vitest'
import { systemClock } from '../../../src/clock.ts'
import { openBook } from '../../../src/triage/alerts/book.ts'
import { alertDesk } from '../../../src/triage/alerts/desk.ts'
import { dispatch, type Gathering, type Groups } from '../../../src/triage/alerts/groups.ts'
import type { Instance, Instances } from '../../../src/triage/alerts/instances.ts'
import { loadAlertRules } from '../../../src/triage/alerts/load-alert-rules.ts'
import { type Route, routeTree } from '../../../src/triage/alerts/routes.ts'
import { toldAt } from '../../../src/triage/alerts/told-at.ts'
import { alertingOf, someAlert } from '../../support/alerts.ts'
import { tempDir } from '../../support/temp-dir.ts'

const START = Date.UTC(2026, 2, 4)
const ALERTING =
  'receivers: [{ name: ops, type: webhook, url: http://127.0.0.1:9/ }]\nroute: { receiver: ops }\n'
const gathering: Gathering = new Map([['a', { waitMs: 60_000, gatherMs: 3_600_000 }]])
const alerts = (...numbers: string[]): Instances =>
  Object.fromEntries(
    numbers
      .map((n) => someAlert({ alertname: 'a', n }, 'firing', START))
      .map((one) => [one.fingerprint, one]),
  )

it('an alert is held until the notice that tells of it', () => {
  const alerting = alertingOf(ALERTING)
  const route = routeTree(alerting) as Route
  let groups: Groups = {}
  let instances = alerts('1')
  const [first] = Object.values(instances) as [Instance]
  const said: (number | undefined)[] = []
  const told: number[] = []
  for (let at = 0; at <= 4000; at++) {
    if (at === 200) instances = alerts('1', '2')
    const nowMs = START + at * 1000
    const context = { ...alerting, route, gathering, nowMs }
    const done = dispatch(groups, instances, { ...context, silences: [] })
    groups = done.groups
    if (done.notices.length > 0) told.push(at)
    const asked = at < 200 ? first : (Object.values(instances)[1] as Instance)
    const untilMs = toldAt(asked, { ...context, groups })
    const until = untilMs === undefined ? undefined : (untilMs - START) / 1000
    if (until !== said.at(-1)) said.push(until)
  }
  expect(told).toEqual([90, 3690])
  expect(said).toEqual([90, undefined, 3690, undefined])
})

it('the desk says of a firing alert that nobody has been told of it yet, and until when', async () => {
  const rules = loadAlertRules([`${import.meta.dirname}/../../../rules`])
  const alerting = alertingOf(ALERTING)
  const clock = { ...systemClock, nowMs: () => START + 600_000 }
  const book = openBook(tempDir(), (path) => expect.fail(path))
  const labels = { alertname: 'new-failure' }
  const [old, young] = ['1', '2'].map((n) => someAlert({ ...labels, n }, 'firing', START)) as [
    Instance,
    Instance,
  ]
  const group = { key: ':{alertname="new-failure"}', receiver: 'ops', labels, nextMs: START + 700_000 }
  const { groups } = dispatch(
    {},
    { [old.fingerprint]: old },
    { ...alerting, route: routeTree(alerting) as Route, silences: [], gathering, nowMs: START },
  )
  const [id = ''] = Object.keys(groups)
  const told = { atMs: START + 100_000, firing: [old.fingerprint] }
  await book.change((page) => ({
    ...page,
    instances: { [old.fingerprint]: old, [young.fingerprint]: young },
    groups: { [id]: { ...group, told } },
  }))
  const held = (desk = alertDesk(book, clock, () => ({ rules, alerting }))) =>
    Object.fromEntries(desk.alerts().map(({ labels: { n = '' }, held_until }) => [n, held_until]))
  expect(held()).toEqual({ '1': undefined, '2': new Date(START + 3_700_000).toISOString() })
  expect(held(alertDesk(book, clock))).toEqual({ '1': undefined, '2': undefined })
})
