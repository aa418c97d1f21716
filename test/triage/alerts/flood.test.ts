import { hash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadKnowledge } from '../../../src/cli/knowledge.ts'
import { loadConfig } from '../../../src/config.ts'
import { type Book, openBook } from '../../../src/triage/alerts/book.ts'
import type { Knowledge } from '../../../src/triage/alerts/evaluate.ts'
import { Evaluator } from '../../../src/triage/alerts/evaluator.ts'
import { gatheringOf } from '../../../src/triage/alerts/gathering.ts'
import { dispatch } from '../../../src/triage/alerts/groups.ts'
import { loadAlertRules } from '../../../src/triage/alerts/load-alert-rules.ts'
import { learn } from '../../../src/triage/alerts/memory.ts'
import { type Message, messageOf } from '../../../src/triage/alerts/message.ts'
import { observeNew } from '../../../src/triage/alerts/observe/new-signatures.ts'
import { titleOf } from '../../../src/triage/alerts/receivers/text.ts'
import { type Route, routeTree } from '../../../src/triage/alerts/routes.ts'
import type { DiagnosisJson } from '../../../src/triage/diagnosis/diagnosis-json.ts'
import { alertingOf } from '../../support/alerts.ts'
import { type EventHistory, type Happened, openHistory } from '../../support/event-history.ts'
import { tempDir } from '../../support/temp-dir.ts'

const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'rules')
const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS
const TICK_MS = 30 * SECOND_MS
/** An hour takes hundreds of looks. */
const TIMEOUT_MS = 180_000
const folder = mkdtempSync(join(tmpdir(), 'dcvlens-flood-'))
const rules = loadAlertRules([SHIPPED]).filter(({ kind }) => kind === 'new_signature')
const ALERTING = `
receivers: [{ name: ops, type: webhook, url: 'http://127.0.0.1:1/x' }]
route: { receiver: ops }
`
let history: EventHistory
let knowledge: Knowledge
/** Each test has a time of its own in one store. */
let begin = Date.UTC(2026, 2, 4)

beforeAll(async () => {
  history = await openHistory(folder)
  const known = loadKnowledge(loadConfig(undefined, {}))
  knowledge = { ...known, generations: known.layouts.generations }
})

afterAll(async () => {
  await history.store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A line that is like that of no other template: four words of letters. */
function wordsOf(template: string): string {
  const letters = hash('sha256', template, 'hex').replaceAll(/./g, (digit) =>
    String.fromCharCode(97 + Number.parseInt(digit, 16)),
  )
  return [0, 6, 12, 18].map((at) => letters.slice(at, at + 6)).join(' ')
}

/** Lines that no rule explains and nobody had seen before, spread evenly over so many seconds. */
function fresh(
  count: number,
  seconds: number,
  of: (n: number) => Partial<Happened> = () => ({}),
): Happened[] {
  return Array.from({ length: count }, (_, n): Happened => {
    const atMs = begin + Math.round((n * seconds * SECOND_MS) / count)
    const place = {
      owner: 'mira',
      session: 'Cad1',
      host: 'ip-10-0-0-1',
      template: `${begin.toString(16)}${n}`,
    }
    const line = { ...place, ...of(n) }
    return { rule: '', severity: 'error', atMs, message: wordsOf(line.template ?? ''), ...line }
  })
}

/** Each three times, so that it is no single event. */
const thrice = (lines: readonly Happened[]) =>
  lines.flatMap((line) => [0, 1, 2].map((n) => ({ ...line, atMs: line.atMs + n * 10 })))

/** Stores lines as they come, and gives what is told by the shipped rules until then, with the minute of each notice. */
async function play(lines: readonly Happened[], minutes: number): Promise<[minute: number, Message][]> {
  const usual: Happened = { rule: 'usual', severity: 'info', atMs: begin - 3 * DAY_MS }
  await history.add([usual], usual.atMs)
  const alerting = alertingOf(ALERTING)
  const book: Book = openBook(tempDir(), (path) => expect.fail(path))
  const evaluator = new Evaluator({
    ...{ store: history.store, book, rules: () => rules, delayMs: () => alerting.delay },
    ...{ knowledge: () => knowledge, waitingSinceMs: () => undefined },
    collector: () => ({ unreadable: { count: 0, example: '' } }),
    onTrouble: (rule, error) => expect.fail(`${rule}: ${String(error)}`),
  })
  const route = routeTree(alerting) as Route
  const gathering = gatheringOf(rules)
  const told: [number, Message][] = []
  const waiting = lines.toSorted((a, b) => a.atMs - b.atMs)
  for (let nowMs = begin - MINUTE_MS; nowMs < begin + minutes * MINUTE_MS; nowMs += TICK_MS) {
    const count = waiting.findLastIndex(({ atMs }) => atMs <= nowMs) + 1
    if (count > 0) await history.add(waiting.splice(0, count), nowMs)
    await evaluator.lookAtLogs(nowMs)
    const { silences, groups, instances } = book.page
    const done = dispatch(groups, instances, { ...alerting, route, silences, gathering, nowMs })
    if (done.groups !== groups) await book.change((page) => ({ ...page, groups: done.groups }))
    for (const notice of done.notices) told.push([(nowMs - begin) / MINUTE_MS, messageOf(notice, nowMs)])
  }
  begin += 100 * DAY_MS
  return told
}

const signatures = ({ alerts }: Message) => alerts.flatMap(({ labels }) => labels['signature'] ?? [])

it('40 failures of one desktop that nobody had seen, within a minute, are one notice', async () => {
  const told = await play(thrice(fresh(40, 60)), 30)
  expect(told).toHaveLength(1)
  const [minute, notice] = told[0] as [number, Message]
  expect(minute).toBeLessThanOrEqual(4)
  // Twenty are told each, the others together.
  expect(signatures(notice)).toHaveLength(20)
  expect(titleOf(notice)).toMatch(/^\[FIRING:21\] Flood of new failures: 20 more than the first 20 within 1h/)
})

it('500 of many desktops are one digest that counts and names them', async () => {
  const places = (n: number) => ({ session: `Cad${n % 60}`, host: `ip-10-0-0-${n % 60}`, owner: 'mira' })
  const told = await play(thrice(fresh(500, 60, places)), 30)
  expect(told).toHaveLength(1)
  const [, notice] = told[0] as [number, Message]
  const digest = notice.alerts.find(({ labels }) => labels['digest'] === 'new-signatures')
  expect(digest?.annotations).toMatchObject({
    summary: 'Flood of new failures: 480 more than the first 20 within 1h',
    count: '1440',
    where: expect.stringMatching(/^cluster soca-x; desktop mira\/Cad0, .* and \d+ more; host /),
  })
  expect(JSON.stringify(notice).length).toBeLessThan(50_000)
})

it('new ones that come one after the other are one notice at first and one for the rest of the hour', {
  timeout: TIMEOUT_MS,
}, async () => {
  const told = await play(thrice(fresh(5, 3000)), 80)
  expect(told.map(([, notice]) => signatures(notice).length)).toEqual([1, 5])
  expect(told[1]?.[0]).toBeLessThanOrEqual(65)
})

it('one line alone is not told, and nothing while its kind of log is being learnt', async () => {
  // A desktop that none of the other tests has, and that works: of one that failed, one line would be enough.
  const its = { owner: 'mira', session: 'Cad900', host: 'ip-10-0-9-9' }
  const single = fresh(1, 1, () => ({ template: 'alone', ...its }))
  const works = [
    'milestone-session-created',
    'milestone-post-reboot-ended',
    'milestone-portal-sees-desktop',
  ].map((rule): Happened => ({ ...its, rule, kind: 'milestone', severity: 'info', atMs: begin + SECOND_MS }))
  const twice = fresh(1, 1, () => ({ template: 'two-desktops', session: 'Cad3' }))
  const elsewhere = twice.map((line) => ({ ...line, session: 'Cad2' }))
  const unknown = thrice(fresh(1, 1, () => ({ template: 'new-source', source: 'sssd' })))
  const told = await play([...single, ...works, ...twice, ...elsewhere, ...unknown], 20)
  expect(told.flatMap(([, notice]) => signatures(notice))).toEqual(['two-desktops'])
})

it.each([
  ['failed', ['failed alone']],
  ['ready', []],
] as const)('one line alone of a desktop that is %s: %j', async (status, told) => {
  const [rule] = rules
  if (rule?.kind !== 'new_signature') return expect.fail('it is not shipped')
  await history.add([{ rule: 'usual', severity: 'info', atMs: begin - 3 * DAY_MS }], begin - 3 * DAY_MS)
  await history.add(
    fresh(1, 1, () => ({ template: `${status} alone` })),
    begin,
  )
  const arrival = { kind: 'arrived', delayMs: 0 } as const
  const { store } = history
  const atMs = begin + MINUTE_MS
  const found = await observeNew(rule, {
    ...{
      store,
      atMs,
      nowMs: atMs,
      arrival,
      ruleById: new Map(),
      generations: knowledge.generations,
      learnMs: 0,
    },
    memory: await learn(undefined, store, { toMs: atMs, arrival }),
    diagnoses: async () => [
      {
        session: 'mira/Cad1',
        status,
        ...{ evidence: [], phases: [] },
      } as Partial<DiagnosisJson> as DiagnosisJson,
    ],
    states: async () => new Map(),
    undelivered: () => ({ count: 0, reason: '' }),
  })
  expect(found.map(({ labels }) => labels['signature'])).toEqual(told)
  begin += 100 * DAY_MS
})
