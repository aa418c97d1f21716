import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadKnowledge } from '../../../src/cli/knowledge.ts'
import { loadConfig } from '../../../src/config.ts'
import { createClassifier } from '../../../src/interpret/classify.ts'
import { createInterpreter } from '../../../src/interpret/interpret.ts'
import { Miner } from '../../../src/interpret/template/miner.ts'
import { type AlertRule, AlertRuleFile } from '../../../src/triage/alerts/alert-rule.ts'
import { backtest } from '../../../src/triage/alerts/backtest.ts'
import { openBook } from '../../../src/triage/alerts/book.ts'
import type { Knowledge } from '../../../src/triage/alerts/evaluate.ts'
import { Evaluator } from '../../../src/triage/alerts/evaluator.ts'
import { chunkOf } from '../../interpret/chunk-of.ts'
import { type EventHistory, type Happened, openHistory } from '../../support/event-history.ts'
import { tempDir } from '../../support/temp-dir.ts'

const MINUTE_MS = 60_000
const BEGIN = Date.UTC(2026, 2, 4)
const folder = mkdtempSync(join(tmpdir(), 'dcvlens-one-failure-'))
const rules: readonly AlertRule[] = AlertRuleFile.parse({
  rules: [
    { id: 'a', title: 'A', kind: 'new_signature', learning: '0s', recent: '1h', min_severity: 'error' },
  ],
}).rules
let history: EventHistory
let knowledge: Knowledge

beforeAll(async () => {
  history = await openHistory(folder)
  const known = loadKnowledge(loadConfig(undefined, {}))
  knowledge = { ...known, generations: known.layouts.generations }
  await history.add([{ rule: 'usual', severity: 'info', atMs: BEGIN - 7 * 1440 * MINUTE_MS }], BEGIN)
})

afterAll(async () => {
  await history.store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** One failure in the words of 26 parts, three times each, with the ids that its lines get as they are read. */
function turbines(): Happened[] {
  const miner = new Miner()
  const names = Array.from({ length: 26 }, (_, n) => String.fromCharCode(65 + n))
  return names.flatMap((name, n) =>
    [1, 2, 3].map((count): Happened => {
      const message = `The ${name} turbine disagrees with the ${name} coupling ${count}`
      const template = miner.learn(message).id
      const atMs = BEGIN + (10 * n + count) * 1000
      return { rule: '', kind: 'unknown', severity: 'error', atMs, template, message, host: 'ip-10-0-0-1' }
    }),
  )
}

/** Evaluates the rules above on the history; what fires is in the book. */
function evaluation() {
  const book = openBook(tempDir(), (path) => expect.fail(path))
  const evaluator = new Evaluator({
    ...{ store: history.store, book, rules: () => rules, delayMs: () => 1000, knowledge: () => knowledge },
    waitingSinceMs: () => undefined,
    collector: () => ({ unreadable: { count: 0, example: '' } }),
    onTrouble: (rule, error) => expect.fail(`${rule}: ${String(error)}`),
  })
  return { book, evaluator }
}

it('a failure whose template becomes more general as it comes is one alert, which says what failed', async () => {
  const lines = turbines()
  expect(new Set(lines.map(({ template }) => template)).size).toBeGreaterThan(2)
  const { book, evaluator } = evaluation()
  await evaluator.lookAtLogs(BEGIN - MINUTE_MS)
  // It comes in three parts, each looked at by itself.
  for (const part of [0, 1, 2]) {
    const atMs = BEGIN + (part + 1) * 2 * MINUTE_MS
    await history.add(lines.slice(part * 26, part * 26 + 26), atMs - MINUTE_MS)
    await evaluator.lookAtLogs(atMs)
  }
  const alerts = Object.values(book.page.instances)
  expect(alerts.map(({ notes, value }) => [notes['summary'], value])).toEqual([
    ['New failure: The <*> turbine disagrees with the <*> coupling <num>', 78],
  ])
  expect(alerts[0]?.notes['description']).toContain('No rule explains it.')
  const range = { fromMs: BEGIN - MINUTE_MS, toMs: BEGIN + 60 * MINUTE_MS, stepMs: MINUTE_MS }
  const { signal } = new AbortController()
  const told: string[] = []
  for await (const one of backtest({ store: history.store, knowledge, rules, ...range, signal }))
    told.push(one.summary)
  expect(told).toEqual(['New failure: The <*> turbine disagrees with the <*> coupling <num>'])
})

it('failures of two parts of DCV that nobody has seen yet are an alert each', async () => {
  const begin = BEGIN + 1440 * MINUTE_MS
  const miner = new Miner()
  const interpret = createInterpreter({
    ...{ formats: new Map(), classifier: createClassifier(knowledge.rules.rules) },
    templateOf: (line) => miner.learn(line).id,
  })
  const linesOf = (fault: (unit: number) => string) =>
    [1, 2, 3, 4, 5].map((unit) => `2026-11-28 15:00:00,000000 [ 1:1 ] ERROR  ${fault(unit)}`)
  const lines = [
    ...linesOf((unit) => `flux-capacitor - Flux capacitor overflow on unit ${unit}: fatal failure`),
    ...linesOf((unit) => `warp-drive - Coil ${unit} lost its plasma: failure`),
  ]
  const happened = interpret(chunkOf(lines)).verdicts.map(
    ({ row, kind, ruleId, severity, templateId = '' }): Happened => ({
      ...{ rule: ruleId, kind, severity, template: templateId, message: lines[row] ?? '' },
      ...{ atMs: begin + row * 1000, host: 'ip-10-0-0-1' },
    }),
  )
  const { book, evaluator } = evaluation()
  await evaluator.lookAtLogs(begin - MINUTE_MS)
  await history.add(happened, begin)
  await evaluator.lookAtLogs(begin + 2 * MINUTE_MS)
  const told = Object.values(book.page.instances).map(({ notes, value }) => [notes['summary'], value])
  expect(told.sort()).toEqual([
    [expect.stringContaining('flux-capacitor - Flux capacitor overflow on unit <num>'), 5],
    [expect.stringContaining('warp-drive - Coil <num> lost its plasma'), 5],
  ])
})
