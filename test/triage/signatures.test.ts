import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { Miner } from '../../src/interpret/template/miner.ts'
import type { RowVerdict } from '../../src/model.ts'
import { NO_GENERATIONS } from '../../src/product-versions.ts'
import { Batch } from '../../src/store/batch.ts'
import { openEmbedded, type Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { insertBatch } from '../../src/store/insert.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrate } from '../../src/store/migrate.ts'
import type { Library } from '../../src/triage/answers.ts'
import { askSignatures, SIGNATURES, signatureDetail } from '../../src/triage/novelty/ask-signatures.ts'
import { changeState } from '../../src/triage/novelty/change-state.ts'
import { evaluateSignatures } from '../../src/triage/novelty/evaluate.ts'
import { NOVELTY } from '../../src/triage/novelty/state.ts'
import { NO_PORTAL } from '../../src/triage/portal/portal-session.ts'
import { someChunk, someFile } from '../support/chunks.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-signatures-'))
const rules = loadRules([join(import.meta.dirname, '../../rules')])
const DAY = 86_400_000
/** The first events of their kind; what comes in the day after is usual. */
const BEGIN = Date.UTC(2026, 2, 1, 8)
let store: Store
let batches = 0

const library = (nowMs: number): Library => ({
  ...{
    store,
    rules,
    phases: () => [],
    portal: async () => NO_PORTAL,
    probes: new Map(),
    generations: NO_GENERATIONS,
    learnMs: DAY,
    nowMs,
  },
})
const list = (nowMs: number, ask: Record<string, unknown> = {}) =>
  askSignatures(SIGNATURES.parse(ask), library(nowMs)).then(({ items }) => items)

/** Stores failures that no rule explains, as a host would that has never seen any. */
function happen(session: string, atMs: number, ...messages: string[]): Promise<void> {
  return happenIn(someFile.source, session, atMs, ...messages)
}

/** The same in a kind of file; without a message a line that tells of none. */
async function happenIn(source: string, session: string, atMs: number, ...messages: string[]): Promise<void> {
  const miner = new Miner()
  const journal = openJournal<string>(join(folder, 'journal'))
  const batch = new Batch<string>(journal, new LinesBlock(), {
    name: `B${batches++}`,
    // Lines that came a month ago are removed at once.
    nowMs: Date.now(),
    ruleSet: 'r',
    copies: new Copies(),
  })
  const verdicts = messages.map(
    (message, row): RowVerdict => ({
      ...{
        row,
        kind: 'unknown',
        ruleId: '',
        ruleVersion: 0,
        severity: 'error',
        phase: '',
        layer: '',
        captures: {},
      },
      templateId: miner.learn(message).id,
    }),
  )
  const file = { ...someFile, source, identity: { ...someFile.identity, session } }
  const lines = messages.length === 0 ? ['all is well'] : messages
  const rows = lines.map((message, i) => ({ message, ts: (atMs + i) * 1000 }))
  batch.append(someChunk(rows, { file, offset: batches * 10_000, verdicts }), [], 'f', () => 'c')
  await insertBatch(store, journal, await batch.seal())
}

beforeAll(async () => {
  store = await openEmbedded(join(folder, 'store'))
  await migrate(store)
  await happen('d0', BEGIN, 'the usual thing is amiss with pump 1')
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('signatures', () => {
  it('are told once, when they are new, not usual, and no single event', async () => {
    const later = BEGIN + 3 * DAY
    await happen('d1', later, 'sprocket 1 of the frobnicator is amiss')
    expect(await evaluateSignatures(library(later + 1000))).toEqual([])
    await happen('d2', later + 1000, 'sprocket 2 of the frobnicator is amiss')
    const [first, ...others] = await evaluateSignatures(library(later + 2000))
    expect([first?.what, first?.signature.title, others]).toEqual([
      'new',
      'sprocket <num> of the frobnicator is amiss',
      [],
    ])
    expect(await evaluateSignatures(library(later + 3000))).toEqual([])
    const shown = await list(later + 3000, { kind: 'template' })
    expect(
      shown.map(({ title, count, sessions, novel, state }) => [title, count, sessions, novel, state]),
    ).toEqual([
      ['sprocket <num> of the frobnicator is amiss', 2, 2, true, 'new'],
      ['the usual thing is amiss with pump <num>', 1, 1, false, 'new'],
    ])
    expect(shown[0]?.trend.at(-1)).toBe(2)
    const learning = { ...library(later + 3000), learnMs: 4 * DAY }
    const { items } = await askSignatures(SIGNATURES.parse({ kind: 'template' }), learning)
    expect(items.map(({ novel }) => novel)).toEqual([false, false])
  })

  it('are what people decided, and keep the history of it', async () => {
    const now = BEGIN + 4 * DAY
    const [found] = await list(now, { q: 'FROBNICATOR' })
    const id = found?.id ?? ''
    const acked = await changeState(id, { action: 'ack', note: 'on it', author: 'ann' }, library(now))
    expect(acked?.state.state).toBe('acknowledged')
    await Promise.all([
      changeState(id, { action: 'ignore', until: new Date(now + DAY).toISOString() }, library(now + 1)),
      changeState(id, { action: 'reopen' }, library(now + 2)),
      changeState(id, { action: 'resolve' }, library(now + 3)),
    ])
    expect((await list(now + 4, { id }))[0]?.state).toBe('resolved')
    const detail = await signatureDetail(id, library(now + 4))
    expect(detail?.history.map(({ action, author, note }) => [action, author, note])).toEqual([
      ['new', 'dcvlens', undefined],
      ['ack', 'ann', 'on it'],
      ['ignore', undefined, undefined],
      ['reopen', undefined, undefined],
      ['resolve', undefined, undefined],
    ])
    const versions = await store.query<{ version: number }>(
      `SELECT version FROM dcvlens.signature_states WHERE id = {id:String} ORDER BY version`,
      { id },
    )
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5])
  })

  it('are regressed when they come again after they were resolved, and over after a quiet time', async () => {
    const now = BEGIN + 5 * DAY
    await happen('d3', now, 'sprocket 9 of the frobnicator is amiss')
    const came = await evaluateSignatures(library(now + 1000))
    expect(came.map(({ what }) => what)).toEqual(['regressed'])
    const ended = await evaluateSignatures(library(now + NOVELTY.quietMs + DAY))
    expect(ended.map(({ what }) => what)).toEqual(['resolved'])
    await happen('d3', now + NOVELTY.quietMs + 2 * DAY, 'sprocket 7 of the frobnicator is amiss')
    const again = await evaluateSignatures(library(now + NOVELTY.quietMs + 2 * DAY + 1000))
    expect(again.map(({ what }) => what)).toEqual(['regressed'])
  })

  it('stay the same when a host, or another version of the program, names their template otherwise', async () => {
    const now = BEGIN + 60 * DAY
    const before = await list(now, { kind: 'template' })
    const frobnicator = before.find(({ title }) => title.includes('frobnicator'))
    await store.command(
      `INSERT INTO dcvlens.events (batch, ts, ts_quality, ingested_at, owner, session, host, source, profile, message, kind, severity, template_id)
       VALUES ('X', toDateTime64(${(BEGIN + 59 * DAY) / 1000}, 6), 'parsed', now(), 'ann', 'd1', 'h', 'compute-node', 'soca-2',
         'sprocket 3 of the frobnicator is amiss', 'unknown', 'error', '0000000000000001')`,
    )
    const after = await list(now, { kind: 'template' })
    expect(after.map(({ title }) => title).sort()).toEqual(before.map(({ title }) => title).sort())
    expect(after[0]).toMatchObject({ id: '0000000000000001', state: 'regressed', count: 5 })
    expect((await evaluateSignatures(library(now))).map(({ what }) => what)).not.toContain('new')
    expect(await list(now, { id: frobnicator?.id })).toHaveLength(1)
  })

  it('come in pages, and none where there is none', async () => {
    const now = BEGIN + 60 * DAY
    const page = await askSignatures(SIGNATURES.parse({ limit: 1 }), library(now))
    expect([page.items.length, page.next]).toEqual([1, expect.any(String)])
    const rest = await askSignatures(SIGNATURES.parse({ limit: 5, cursor: page.next }), library(now))
    expect([rest.items.length, rest.next]).toEqual([1, undefined])
    expect(await changeState('nothing', { action: 'ack' }, library(now))).toBeUndefined()
    expect(await signatureDetail('nothing', library(now))).toBeUndefined()
  })

  it('are new in a kind of file that had been written to without a failure', async () => {
    const later = BEGIN + 2 * DAY
    await happenIn('quiet-kind', 'd8', BEGIN)
    await happenIn('quiet-kind', 'd8', later, 'a gasket of the manifold is amiss')
    await happenIn('quiet-kind', 'd9', later, 'a gasket of the manifold is amiss')
    const [found] = await list(later + 1000, { q: 'gasket' })
    expect([found?.count, found?.novel]).toEqual([2, true])
  })

  it('keep in their history when each step happened, however late somebody looks or it is written down', async () => {
    const came = BEGIN + 70 * DAY
    await happen('d1', came, 'bearing 1 of the turbine is amiss')
    await happen('d2', came + 1000, 'bearing 2 of the turbine is amiss')
    const [found] = await list(came + 5000, { q: 'turbine' })
    const id = found?.id ?? ''
    const timesAt = async (nowMs: number) =>
      (await signatureDetail(id, library(nowMs)))?.history.map(({ action, at }) => [action, at])
    const time = (ms: number) => new Date(ms).toISOString()
    const first = [['new', time(came)]]
    expect(await timesAt(came + 5000)).toEqual(first)
    expect(await timesAt(came + DAY)).toEqual(first)
    await changeState(id, { action: 'resolve' }, library(came + DAY))
    const back = came + 2 * DAY
    await happen('d3', back, 'bearing 3 of the turbine is amiss')
    await happen('d3', back + DAY, 'bearing 4 of the turbine is amiss')
    const second = [...first, ['resolve', time(came + DAY)], ['regressed', time(back)]]
    expect(await timesAt(back + DAY)).toEqual(second)
    await evaluateSignatures(library(back + 2 * DAY))
    expect(await timesAt(back + 3 * DAY)).toEqual(second)
    const over = back + 2 * DAY + NOVELTY.quietMs
    const third = [...second, ['resolved', time(over)]]
    expect(await timesAt(over + 3 * DAY)).toEqual(third)
    await evaluateSignatures(library(over + 4 * DAY))
    expect(await timesAt(over + 5 * DAY)).toEqual(third)
  })
})
