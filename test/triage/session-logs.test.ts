import { rmSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import type { Store } from '../../src/store/client.ts'
import { signatureDetails } from '../../src/triage/alerts/observe/details.ts'
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

/** A store with these events. */
async function stored(events: readonly Happened[]): Promise<Store> {
  const folder = tempDir()
  const { store, add } = await openHistory(folder)
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await add(events)
  return store
}

/** What a store with these events answers to a question. */
async function asked(events: readonly Happened[]) {
  const store = await stored(events)
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

const own = [said(60, 'own-failed', ANN), said(60, 'other-failed', { ...BOB, source: 'setup' })]
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

test('signatures in the logs of a host are counted for its desktop, others for their host', async () => {
  const ask = await asked([...own, ...OF_HOSTS])
  const found = await ask('signatures', {})
  const counted = found.map((item) => ('trend' in item ? `${item.id} ${item.sessions} ${item.hosts}` : ''))
  expect(counted.sort()).toEqual([
    'host-failed 1 1',
    'lone-failed 0 1',
    'other-failed 1 1',
    'other-host-failed 1 1',
    'own-failed 1 1',
  ])
})

test('a notice names the desktop of a failure in the logs of its host', async () => {
  const store = await stored([...own, ...OF_HOSTS])
  const span = { fromMs: NOW - 86_400_000, toMs: NOW, arrival: { kind: 'written' as const } }
  const found = await signatureDetails(store, span, { minSeverity: 0 })
  const named = found.map(({ signature, sessions, session_names }) => [signature, sessions, ...session_names])
  expect(named.sort()).toEqual([
    ['host-failed', 1, 'ann/cad'],
    ['lone-failed', 0],
    ['other-failed', 1, 'bob/cfd'],
    ['other-host-failed', 1, 'bob/cfd'],
    ['own-failed', 1, 'ann/cad'],
  ])
})
