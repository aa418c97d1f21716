import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadKnowledge } from '../../../src/cli/knowledge.ts'
import { loadConfig } from '../../../src/config.ts'
import { backtest } from '../../../src/triage/alerts/backtest.ts'
import type { Knowledge } from '../../../src/triage/alerts/evaluate.ts'
import { loadAlertRules } from '../../../src/triage/alerts/load-alert-rules.ts'
import { type EventHistory, type Happened, openHistory } from '../../support/event-history.ts'

const MINUTE_MS = 60_000
const BEGIN = Date.UTC(2026, 2, 11)
const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'rules')
const folder = mkdtempSync(join(tmpdir(), 'dcvlens-growing-'))
let history: EventHistory
let knowledge: Knowledge

beforeAll(async () => {
  history = await openHistory(folder)
  const known = loadKnowledge(loadConfig(undefined, {}))
  knowledge = { ...known, generations: known.layouts.generations }
  await history.add([at('usual', -7 * 1440, 'info')])
})

afterAll(async () => {
  await history.store.close()
  rmSync(folder, { recursive: true, force: true })
})

const at = (rule: string, minute: number, severity: Happened['severity'] = 'error'): Happened => ({
  ...{ rule, severity, atMs: BEGIN + minute * MINUTE_MS, host: 'ip-10-0-0-1' },
})

/** Two a minute. */
const burst = (name: string, fromMinute: number, minutes = 30) =>
  Array.from({ length: 2 * minutes }, (_, n) => at(name, fromMinute + n / 2))

/** When `failure-grows` fires for a failure that comes like this, and when it is over: minutes from the begin. */
async function grows(name: string, events: readonly Happened[], toMinute: number) {
  await history.add(events)
  const rules = loadAlertRules([SHIPPED]).filter(({ id }) => id === 'failure-grows')
  const range = { fromMs: BEGIN - 60 * MINUTE_MS, toMs: BEGIN + toMinute * MINUTE_MS, stepMs: 5 * MINUTE_MS }
  const { signal } = new AbortController()
  const minute = (time = '') => (Date.parse(time) - BEGIN) / MINUTE_MS
  const found: { from: number; to: number; summary: string }[] = []
  for await (const one of backtest({ store: history.store, knowledge, rules, ...range, signal })) {
    if (one.labels['signature'] !== name) continue
    found.push({ from: minute(one.fired), to: minute(one.ended), summary: one.summary })
  }
  return found
}

it('the first burst of a new failure is no measure of itself, neither while it lasts nor when it is over', async () => {
  expect(await grows('new', burst('new', 0), 300)).toEqual([])
})

it('a new failure that goes on is measured by itself', async () => {
  expect(await grows('goes-on', burst('goes-on', 0, 400), 480)).toEqual([])
})

it('a failure that comes more often than in all of its time before is told, and no more once it only becomes less', async () => {
  const before = Array.from({ length: 12 }, (_, n) => at('more', -720 + 60 * n))
  const [told, ...others] = await grows('more', [...before, ...burst('more', 0)], 300)
  expect(others).toEqual([])
  expect(told?.summary).toContain('(usual: 1.0)')
  expect(told?.from).toBeLessThanOrEqual(25)
  // Half an hour after it became less, for which the rule waits.
  expect(told?.to).toBeLessThanOrEqual(100)
})
