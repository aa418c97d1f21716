import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadKnowledge } from '../../../src/cli/knowledge.ts'
import { readStory } from '../../../src/cli/read-story.ts'
import { systemClock } from '../../../src/clock.ts'
import { FilesTally } from '../../../src/collect/files-tally.ts'
import { loadConfig } from '../../../src/config.ts'
import { DEMO_DESKTOPS, runDemo } from '../../../src/demo/demo.ts'
import type { EventJson } from '../../../src/event-json.ts'
import { backtest, type WouldFire } from '../../../src/triage/alerts/backtest.ts'
import type { Knowledge } from '../../../src/triage/alerts/evaluate.ts'
import { loadAlertRules } from '../../../src/triage/alerts/load-alert-rules.ts'
import { type EventHistory, type Happened, openHistory } from '../../support/event-history.ts'
import { programIo } from '../../support/program-io.ts'

const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'rules')
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const STEP_MS = 15 * 60_000
const DAYS = 30
const START = Date.UTC(2026, 2, 1)

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-month-'))
let history: EventHistory
let knowledge: Knowledge
let told: WouldFire[]

/** Failures that nobody had seen before, one on most days: three lines of one desktop. */
const INJECTED = Array.from({ length: 26 }, (_, n) => ({
  rule: `injected-${n}`,
  atMs: START + (n + 3) * DAY_MS + ((n * 7919) % 1440) * 60_000,
}))

beforeAll(async () => {
  const healthy = await healthyEvents()
  history = await openHistory(folder)
  for (let week = 0; week < DAYS; week += 10) {
    const days = Array.from({ length: 10 }, (_, day) => week + day)
    const begin = START + week * DAY_MS
    const injected = happenings().filter(({ atMs }) => atMs >= begin && atMs < begin + 10 * DAY_MS)
    await history.add([...days.flatMap((day) => healthyDay(healthy, day)), ...injected])
  }
  const kinds = new Set(['new_signature', 'regressed_signature', 'first_after_change', 'rate'])
  const rules = loadAlertRules([SHIPPED]).filter(({ kind }) => kinds.has(kind))
  const range = { fromMs: START, toMs: START + DAYS * DAY_MS, stepMs: STEP_MS }
  const { signal } = new AbortController()
  told = []
  for await (const one of backtest({ store: history.store, knowledge, rules, ...range, signal }))
    told.push(one)
}, 120_000)

afterAll(async () => {
  await history.store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What desktops of the demo that come up well have of warnings and errors, by desktop. */
async function healthyEvents(): Promise<EventJson[][]> {
  const root = join(folder, 'demo')
  let nowMs = START
  const clock = {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms
    },
  }
  await runDemo({ root, clock, signal: new AbortController().signal })
  const config = loadConfig(undefined, { root })
  const known = loadKnowledge(config)
  knowledge = { ...known, generations: known.layouts.generations }
  const io = programIo(systemClock)
  const { events } = await readStory([root], config, { knowledge: known, tally: new FilesTally() }, io)
  return DEMO_DESKTOPS.filter(({ outcome }) => outcome === 'ready').map(({ owner, session, host }) =>
    events.filter((event) => event.owner === owner && event.session === session && event.host === host),
  )
}

/** Twenty desktops that come up in a morning, many of them at nine. */
function healthyDay(healthy: readonly EventJson[][], day: number): Happened[] {
  return Array.from({ length: 20 }, (_, n) => n).flatMap((n) => {
    const events = healthy[(n + day) % healthy.length] ?? []
    const [first] = events
    if (first === undefined) return []
    const begin = START + day * DAY_MS + 9 * HOUR_MS + (n < 12 ? n * 60_000 : n * 10 * 60_000)
    return events.map((event): Happened => {
      const {
        rule_id = '',
        severity = 'info',
        kind,
        cluster = '',
        profile = '',
        source = '',
        message,
      } = event
      const place = { owner: `user${n}`, session: `day${day}`, host: `ip-10-0-${day}-${n}` }
      const atMs = begin + Date.parse(event.ts) - Date.parse(first.ts)
      return {
        ...place,
        atMs,
        rule: rule_id,
        severity,
        kind: kind as 'signature',
        cluster,
        profile,
        source,
        message,
      }
    })
  })
}

/** What is added to the healthy month. */
function happenings(): Happened[] {
  const fresh = INJECTED.flatMap(({ rule, atMs }) =>
    [0, 1, 2].map((n): Happened => ({ rule, atMs: atMs + n * 5000, severity: 'error', ...desktop(rule) })),
  )
  const back = [0.5, 20].map(
    (day): Happened => ({ ...critical('came-back'), atMs: START + day * DAY_MS, ...desktop('b') }),
  )
  // Known from an early day on, and then one desktop after the other.
  const spread = [5, ...Array.from({ length: 6 }, (_, n) => 15.5 + n / 300)].map(
    (day, n): Happened => ({ ...critical('spreads'), atMs: START + day * DAY_MS, ...desktop(`s${n}`) }),
  )
  const usual = Array.from({ length: DAYS * 4 }, (_, n) => START + n * 6 * HOUR_MS)
  const storm = Array.from({ length: 160 }, (_, n) => START + 25 * DAY_MS + n * 60_000)
  const grows = [...usual, ...storm].map(
    (atMs): Happened => ({ rule: 'grows', severity: 'error', atMs, ...desktop('g') }),
  )
  return [...fresh, ...back, ...spread, ...grows]
}

const critical = (rule: string) => ({ rule, severity: 'critical' as const })
const desktop = (name: string) => ({ owner: 'mira', session: name, host: `ip-${name}` })
const byRule = (rule: string) => told.filter((one) => one.rule === rule)
const delay = (one: WouldFire | undefined, sinceMs: number) => Date.parse(one?.fired ?? '') - sinceMs

it('each failure that nobody had seen before is told once, within two looks', () => {
  for (const { rule, atMs } of INJECTED) {
    const found = byRule('new-failure').filter(({ labels }) => labels['signature'] === rule)
    expect([rule, found.length]).toEqual([rule, 1])
    expect(delay(found[0], atMs)).toBeLessThanOrEqual(2 * STEP_MS)
  }
})

it('a failure that is back after weeks, one that spreads and one that grows are told within two looks', () => {
  const found = ['failure-is-back', 'failure-spreads', 'failure-grows'].map((rule) =>
    byRule(rule).map(({ labels }) => labels['signature']),
  )
  expect(found).toEqual([['came-back'], ['spreads'], ['grows']])
  expect(delay(byRule('failure-is-back')[0], START + 20 * DAY_MS)).toBeLessThanOrEqual(2 * STEP_MS)
  // It spreads when the fifth desktop has it; it grows when there are thirty within the hour.
  expect(delay(byRule('failure-spreads')[0], START + (15.5 + 4 / 300) * DAY_MS)).toBeLessThanOrEqual(
    2 * STEP_MS,
  )
  expect(delay(byRule('failure-grows')[0], START + 25 * DAY_MS + 30 * 60_000)).toBeLessThanOrEqual(
    2 * STEP_MS,
  )
})

it('a month of desktops that come up well has no false notice', () => {
  const meant = /^(?:injected-\d+|came-back|spreads|grows)$/
  expect(told.filter(({ labels }) => !meant.test(labels['signature'] ?? ''))).toEqual([])
})
