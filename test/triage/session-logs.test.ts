import { rmSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { type AnswerItem, answer, type Question } from '../../src/triage/answers.ts'
import { libraryOf } from '../../src/web/service.ts'
import { serviceOn } from '../support/api.ts'
import { type Happened, openHistory } from '../support/event-history.ts'
import { tempDir } from '../support/temp-dir.ts'

const NOW = Date.parse('2026-03-10T12:00:00Z')
const ANN = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-3' }
const BOB = { owner: 'bob', session: 'cfd', host: 'ip-10-0-0-4' }

const said = (
  minutes: number,
  rule: string,
  place: Partial<Happened>,
  captures: Record<string, string> = {},
) => ({ atMs: NOW - minutes * 60_000, rule, severity: 'error' as const, captures, ...place })
const onHost = (host: string, source = 'messages') => ({ host, cluster: '', profile: 'host', source })

/** A store with these events, and what it answers about a question, as the ids of rules. */
async function asked(events: readonly Happened[]) {
  const folder = tempDir()
  const { store, add } = await openHistory(folder)
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await add(events)
  return async (question: Question, params: Record<string, string>) => {
    const { items } = await answer(question, params, { ...libraryOf(serviceOn(store)), nowMs: NOW })
    return items
  }
}

const rulesOf = (items: readonly AnswerItem[]) =>
  items.map((item) => ('rule_id' in item ? item.rule_id : undefined)).sort()

/** What each question says of a desktop. */
const QUESTIONS: readonly (readonly [Question, Record<string, string>])[] = [
  ['timeline', {}],
  ['timeline', { all: 'true' }],
  ['events', {}],
  ['lines', {}],
  ['search', { text: 'happened' }],
  ['trends', {}],
]

const own = [said(60, 'own-failed', ANN), said(60, 'other-failed', BOB)]
const OF_HOSTS = [
  said(50, 'host-failed', onHost(ANN.host)),
  said(50, 'other-host-failed', onHost(BOB.host, 'dcv-server')),
  said(50, 'lone-failed', onHost('ip-10-0-0-5', 'dcv-agent')),
]

test.each(QUESTIONS)(
  '%s %o about a desktop covers the logs of its host, and of no other',
  async (question, params) => {
    const ask = await asked([...own, ...OF_HOSTS])
    expect(rulesOf(await ask(question, { session: 'ann/cad', ...params }))).toEqual([
      'host-failed',
      'own-failed',
    ])
  },
)

test.each(QUESTIONS)(
  '%s %o about a desktop covers a host that only its own words name',
  async (question, params) => {
    const named = said(
      55,
      'host-desktop-named',
      { ...onHost('ip-10-0-0-5', 'dcv-agent') },
      { owner: 'ann', desktop: 'cad' },
    )
    const ask = await asked([...own, ...OF_HOSTS, named])
    const rules = ['host-desktop-named', 'host-failed', 'lone-failed', 'own-failed']
    expect(rulesOf(await ask(question, { session: 'ann/cad', ...params }))).toEqual(rules)
  },
)

test('a host without a desktop is asked for by its name', async () => {
  const ask = await asked([...own, ...OF_HOSTS])
  expect(rulesOf(await ask('events', { session: 'ip-10-0-0-5' }))).toEqual(['lone-failed'])
})

test('events of its host count as those of one desktop in trends', async () => {
  const ask = await asked([...own, ...OF_HOSTS])
  const trends = await ask('trends', { session: 'ann/cad', rule: 'host-failed' })
  expect(trends).toMatchObject([{ count: 1, sessions: 1, hosts: 1 }])
})
