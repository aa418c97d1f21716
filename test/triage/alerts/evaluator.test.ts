import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadKnowledge } from '../../../src/cli/knowledge.ts'
import { loadConfig } from '../../../src/config.ts'
import { openServer, type Store } from '../../../src/store/client.ts'
import { appendStates, type StateRow } from '../../../src/store/signature-state.ts'
import { type AlertRule, AlertRuleFile } from '../../../src/triage/alerts/alert-rule.ts'
import { type Book, openBook } from '../../../src/triage/alerts/book.ts'
import type { Knowledge } from '../../../src/triage/alerts/evaluate.ts'
import { Evaluator } from '../../../src/triage/alerts/evaluator.ts'
import type { CollectorFacts } from '../../../src/triage/alerts/observe/world.ts'
import { type EventHistory, type Happened, openHistory } from '../../support/event-history.ts'
import { tempDir } from '../../support/temp-dir.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DELAY_MS = 30_000
const folder = mkdtempSync(join(tmpdir(), 'dcvlens-evaluator-'))
let history: EventHistory
let knowledge: Knowledge
/** Each test has an hour of its own in one store, so that none sees the lines of another. */
let hour = Date.UTC(2026, 2, 4)

beforeAll(async () => {
  history = await openHistory(folder)
  const known = loadKnowledge(loadConfig(undefined, {}))
  knowledge = { ...known, generations: known.layouts.generations }
})

afterAll(async () => {
  await history.store.close()
  rmSync(folder, { recursive: true, force: true })
})

const rule = (words: Record<string, unknown>): AlertRule =>
  AlertRuleFile.parse({ rules: [{ id: 'a', title: 'A', ...words }] }).rules[0] as AlertRule

type Rig = {
  /** Minutes from the begin of the test's time. */
  at(minute: number): number
  look(minute: number): Promise<void>
  states(): string[]
  book: Book
  troubles: string[]
  facts: { -readonly [Key in keyof CollectorFacts]: CollectorFacts[Key] }
  evaluator: Evaluator
}

function rig(rules: readonly AlertRule[], store: Store = history.store): Rig {
  hour += 100 * 24 * HOUR_MS
  const begin = hour
  const book = openBook(tempDir(), (path) => expect.fail(path))
  const troubles: string[] = []
  const facts: Rig['facts'] = { unreadable: { count: 0, example: '' } }
  const evaluator = new Evaluator({
    ...{ store, rules: () => rules, book, delayMs: () => DELAY_MS },
    knowledge: () => knowledge,
    collector: () => facts,
    waitingSinceMs: () => facts.waitingSinceMs,
    onTrouble: (id, error) => troubles.push(`${id}: ${String(error)}`),
  })
  const at = (minute: number) => begin + minute * MINUTE_MS
  return {
    ...{ at, book, troubles, facts, evaluator },
    async look(minute) {
      await evaluator.lookAtLogs(at(minute))
      await evaluator.lookAtCollector(at(minute))
    },
    states: () =>
      Object.values(book.page.instances).map(
        ({ labels, state }) =>
          `${labels['signature'] ?? labels['trouble'] ?? labels['source']} ${state.kind}`,
      ),
  }
}

const failed = (name: string, atMs: number, more: Partial<Happened> = {}): Happened => ({
  ...{ rule: name, severity: 'error', atMs, owner: 'mira', session: 'Cad1', host: 'ip-10-0-0-1' },
  ...more,
})

it('what people ignore is not told, and what they look at already only when it grows', async () => {
  const fresh = rule({ kind: 'new_signature', learning: '1m', recent: '1h', min_count: 1, min_sessions: 0 })
  const grows = AlertRuleFile.parse({
    rules: [{ id: 'b', title: 'B', kind: 'rate', window: '1h', at_least: 1 }],
  }).rules
  const { at, look, book } = rig([fresh, ...grows])
  const told = () =>
    Object.values(book.page.instances).map(({ rule: by, labels }) => `${by} ${labels['signature']}`)
  await history.add([failed('usual-one', at(-3), { severity: 'info' })], at(-3))
  await look(0)
  const decided = (id: string, state: string): StateRow => ({
    ...{
      id,
      state,
      version: 1,
      atMs: at(1),
      notedMs: at(1),
      escalating: false,
      action: state,
      author: 'ann',
    },
    ...{ untilMs: 0, below: 0, count: 1, note: '' },
  })
  await appendStates(history.store, [decided('ignored-one', 'ignored'), decided('acked-one', 'acknowledged')])
  const all = ['ignored-one', 'acked-one', 'new-one']
  await history.add(
    all.map((name) => failed(name, at(10))),
    at(10),
  )
  await look(12)
  expect(told().sort()).toEqual(['a new-one', 'b acked-one', 'b new-one'])
})

it('a failure that somebody resolved is told when it comes again, at once and wherever', async () => {
  const back = rule({ kind: 'regressed_signature', quiet: '14d', min_sessions: 1 })
  const { at, look, states } = rig([back])
  const seen = (names: string[], minute: number) =>
    history.add(
      names.map((name) => failed(name, at(minute), { owner: '', session: '' })),
      at(minute),
    )
  const decided = (id: string, state: string, minute: number): StateRow => ({
    ...{
      id,
      state,
      version: minute,
      atMs: at(minute),
      notedMs: at(minute),
      escalating: false,
      action: state,
      author: 'ann',
    },
    ...{ untilMs: 0, below: 0, count: 1, note: '' },
  })
  await seen(['mended', 'written-down', 'left'], 0)
  await look(2)
  await appendStates(history.store, [
    decided('mended', 'resolved', 3),
    decided('written-down', 'resolved', 3),
  ])
  await look(5)
  expect(states()).toEqual([])
  await seen(['mended', 'written-down', 'left'], 10)
  await appendStates(history.store, [decided('written-down', 'regressed', 11)])
  await look(12)
  expect(states().sort()).toEqual(['mended firing', 'written-down firing'])
})

it('a failure that no rule explains is told when it has been there three times within a day, and for an hour', async () => {
  const fresh = rule({ kind: 'new_signature', learning: '1m', recent: '1h', min_count: 1, min_sessions: 0 })
  const { at, look, states } = rig([fresh])
  await history.add([failed('usual-one', at(-3), { severity: 'info' })], at(-3))
  await look(0)
  const seen = async (template: string, minute: number) => {
    await history.add(
      [failed('', at(minute), { kind: 'unknown', template, owner: '', session: '', host: 'controller' })],
      at(minute),
    )
    await look(minute + 1)
  }
  for (const minute of [10, 60]) await seen('slow', minute)
  await seen('rare', 100)
  expect(states()).toEqual([])
  await seen('slow', 110)
  expect(states()).toEqual(['slow firing'])
  for (const minute of [180, 240]) await look(minute)
  expect(states().filter((one) => one.endsWith('firing'))).toEqual([])
  // The last one more than a day after the first.
  for (const hours of [12.5, 25]) await seen('rare', 100 + hours * 60)
  expect(states().filter((one) => one.endsWith('firing'))).toEqual([])
})

it('a failure that no rule explains is told when a second desktop has it within a day, and not once more', async () => {
  const fresh = rule({
    kind: 'new_signature',
    learning: '1m',
    recent: '1h',
    min_severity: 'warning',
    min_count: 1,
    min_sessions: 0,
  })
  const { at, look, states } = rig([fresh])
  await history.add([failed('usual-one', at(-3), { severity: 'info' })], at(-3))
  await look(0)
  const firing = () => states().filter((one) => one.endsWith('firing'))
  const seen = async (session: string, minute: number) => {
    const one = failed('', at(minute), { kind: 'unknown', severity: 'warning', template: 'odd', session })
    await history.add([{ ...one, owner: session }], at(minute))
    await look(minute + 1)
  }
  await seen('one', 10)
  expect(firing()).toEqual([])
  await seen('two', 90)
  expect(firing()).toEqual(['odd firing'])
  for (const minute of [180, 240]) await look(minute)
  await seen('two', 300)
  expect(firing()).toEqual([])
})

it('a new failure in old lines that another writer stores some seconds after it read them is told', async () => {
  const { at, look, states } = rig([
    rule({ kind: 'new_signature', learning: '1m', recent: '1h', every: '3s', min_count: 1, min_sessions: 0 }),
  ])
  await history.add([failed('usual-one', at(-3), { severity: 'info' })], at(-3))
  for (const minute of [19.8, 20, 20.2]) await look(minute)
  await history.add([failed('elsewhere', at(10))], at(20))
  for (const minute of [20.4, 20.6, 20.8]) await look(minute)
  expect(states()).toEqual(['elsewhere firing'])
})

describe('a rate', () => {
  const many = rule({ kind: 'rate', window: '10m', at_least: 3, for: '2m' })

  it('counts lines that came late, up to an hour, and looks only at what is older than the delay', async () => {
    const { at, look, states } = rig([many])
    await history.add([failed('late', at(1)), failed('late', at(2))], at(2))
    await look(3)
    expect(states()).toEqual([])
    // The third was written early, too, but its file was seen twenty minutes later.
    await history.add([failed('late', at(1.5))], at(22))
    await look(4)
    await look(22)
    expect(states()).toEqual([])
    const other = rig([rule({ kind: 'rate', window: '10m', at_least: 1 })])
    await history.add([failed('later', other.at(0))], other.at(20))
    await other.look(21)
    expect(other.states()).toEqual(['later firing'])
    const stale = rig([rule({ kind: 'rate', window: '10m', at_least: 1 })])
    await history.add([failed('stale', stale.at(0))], stale.at(120))
    await stale.look(121)
    expect(stale.states()).toEqual([])
  })

  it('of a time in which the store was away is looked at in steps when it is back', async () => {
    const { at, look, states, facts, book } = rig([many])
    await look(0)
    facts.waitingSinceMs = at(1)
    await look(30)
    expect(book.page.memory?.toMs).toBeLessThanOrEqual(at(1) - DELAY_MS)
    await history.add(
      [1, 2, 3].map((minute) => failed('away', at(minute))),
      at(3),
    )
    facts.waitingSinceMs = undefined
    await look(30)
    expect(states()).toEqual(['away resolved'])
  })
})

it('the example of a long stack of calls ends with its error', async () => {
  const { at, look, book } = rig([rule({ kind: 'rate', window: '1h', at_least: 1 })])
  const message = `Traceback (most recent call last):\n${'  File "x.py", line 1, in f\n'.repeat(200)}OSError: disk is full`
  await history.add([failed('long', at(0), { message })], at(0))
  await look(1)
  expect(Object.values(book.page.instances)[0]?.notes['example']).toMatch(
    /^Traceback .* … OSError: disk is full$/,
  )
})

it('a rule that is taken away ends its alerts', async () => {
  const one = rig([rule({ kind: 'rate', window: '1h', at_least: 1 })])
  await history.add([failed('gone', one.at(0))], one.at(0))
  await one.look(1)
  expect(one.states()).toEqual(['gone firing'])
  const options = {
    ...{ store: history.store, rules: () => [], book: one.book, delayMs: () => DELAY_MS },
    knowledge: () => knowledge,
  }
  const next = new Evaluator({
    ...options,
    collector: () => one.facts,
    waitingSinceMs: () => undefined,
    onTrouble: () => {},
  })
  await next.lookAtLogs(one.at(3))
  expect(one.states()).toEqual(['gone resolved'])
})

describe('a failure after a change', () => {
  const change = rule({ kind: 'first_after_change', learning: '0s' })
  const ami = (id: string) =>
    ({ rule: 'launch', kind: 'milestone', severity: 'info', message: `AMI ${id} is launched` }) as const

  it('is told with what was changed, on the cluster where it was', async () => {
    const { at, look, book } = rig([change])
    await look(0)
    await history.add([{ ...ami('ami-0aaaaaaaaaaaaaaa1'), atMs: at(1) }, failed('old', at(1))], at(1))
    await look(3)
    await look(100)
    await history.add([{ ...ami('ami-0bbbbbbbbbbbbbbb2'), atMs: at(101) }], at(101))
    await history.add([failed('fresh', at(105)), failed('other', at(105), { cluster: 'elsewhere' })], at(105))
    await look(110)
    const [alert, ...more] = Object.values(book.page.instances)
    expect(more).toEqual([])
    expect(alert).toMatchObject({
      labels: { signature: 'fresh', change: 'ami ami-0bbbbbbbbbbbbbbb2', cluster: 'soca-x' },
      notes: { summary: expect.stringContaining('First failure after AMI ami-0bbbbbbbbbbbbbbb2') },
    })
  })
})

describe('a failure after a change of a cluster that is not known', () => {
  const words = { learning: '0s', severity: 'error' }
  const change = rule({ ...words, id: 'changed', kind: 'first_after_change' })
  const fresh = rule({ ...words, id: 'fresh', kind: 'new_signature' })

  async function changed(
    rules: readonly AlertRule[],
    profile: string,
    failures: (atMs: number) => Happened[],
  ) {
    const { at, look, book } = rig(rules)
    await look(0)
    const known = { cluster: '', severity: 'info', rule: 'usual' } as const
    await history.add([failed('usual', at(1), { ...known, profile: 'soca-2' })], at(1))
    await look(3)
    await history.add([failed('usual', at(101), { ...known, profile })], at(101))
    await look(103)
    await history.add(failures(at(105)), at(105))
    await look(110)
    return Object.values(book.page.instances)
  }

  it('is not laid at its door where the cluster is known', async () => {
    const found = await changed([change], 'soca-25', (atMs) => [
      failed('here-placed', atMs),
      failed('here-unplaced', atMs, { cluster: '' }),
    ])
    expect(found.map(({ labels }) => labels['signature'])).toEqual(['here-unplaced'])
  })

  it('is one alert where it is told as new, too, and that one tells of the change', async () => {
    const found = await changed([fresh, change], 'edh-26', (atMs) => [failed('both', atMs, { cluster: '' })])
    expect(found.map(({ rule: by, labels }) => `${by} ${labels['signature']}`)).toEqual(['fresh both'])
    expect(found[0]?.notes['description']).toMatch(/^product generation edh-26 came at .*Z\. 1 event/)
  })
})

describe('silence', () => {
  it('of a source that wrote a short while ago is told, and is over when it writes again', async () => {
    const advice = { explain: 'Cron does not run it.', remedy: ['Start crond.', 'Look at the crontab.'] }
    const quiet = rule({ kind: 'absence', sources: ['alb-manager'], quiet: '30m', every: '1m', ...advice })
    const { at, look, states, book } = rig([quiet])
    const ran = (minute: number) => failed('ran', at(minute), { source: 'alb-manager', severity: 'info' })
    await history.add([ran(0), failed('x', at(40))], at(0))
    await look(20)
    expect(states()).toEqual([])
    await look(40)
    expect(states()).toEqual(['alb-manager firing'])
    const notes = Object.values(book.page.instances).map((alert) => alert.notes)
    expect(notes).toMatchObject([
      { cause: 'Cron does not run it.', remedy: 'Start crond.\nLook at the crontab.' },
    ])
    await history.add([ran(41)], at(41))
    await look(43)
    expect(states()).toEqual(['alb-manager resolved'])
  })
})

describe('while the store is away', () => {
  it('that is told, the other alerts stay as they are, and each rule says why it could not look', async () => {
    const nowhere = openServer('http://127.0.0.1:1')
    const down = rule({ id: 'down', kind: 'collector', trouble: 'store_down', over: 60 })
    const { at, look, states, facts, troubles, book } = rig(
      [down, rule({ kind: 'rate', at_least: 1 })],
      nowhere,
    )
    const before = { ...book.page, instances: {} }
    facts.storeDownSinceMs = at(0)
    await look(0.5)
    expect(states()).toEqual([])
    await look(2)
    expect(states()).toEqual(['store_down firing'])
    expect(troubles[0]).toMatch(/ECONNREFUSED/)
    expect(book.page.memory).toBe(before.memory)
    facts.storeDownSinceMs = undefined
    await look(4)
    expect(states()).toEqual(['store_down resolved'])
    await nowhere.close()
  })

  it('files that cannot be read are told after a while, and no more when they can', async () => {
    const unread = rule({ kind: 'collector', trouble: 'unreadable', for: '5m' })
    const { look, states, facts } = rig([unread])
    facts.unreadable = { count: 2, example: '/var/log/secure' }
    await look(0)
    await look(6)
    expect(states()).toEqual(['unreadable firing'])
    facts.unreadable = { count: 0, example: '' }
    await look(8)
    expect(states()).toEqual(['unreadable resolved'])
  })
})
