import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEVELS, type RowVerdict } from '../../src/model.ts'
import { Batch } from '../../src/store/batch.ts'
import { openEmbedded, openServer, type Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { insertBatch, settleBatch } from '../../src/store/insert.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrate } from '../../src/store/migrate.ts'
import { someChunk, someFile } from '../support/chunks.ts'
import { startFront } from '../support/clickhouse-front.ts'
import { tempDir } from '../support/temp-dir.ts'

let store: Store
const realServer = process.env['CLICKHOUSE_URL']
const raise = (): never => {
  throw new Error('no such engine')
}

/** The same promises by either engine; CLICKHOUSE_URL adds a real server. */
type Engine = { readonly store: Store; stop(): Promise<void> }
const engines: Record<string, (folder: string) => Promise<Engine>> = {
  'the embedded engine': async (folder) => ({
    store: await openEmbedded(join(folder, 'store')),
    stop: async () => {},
  }),
  'a server over HTTP': async (folder) => {
    const front = await startFront({ dataDir: folder })
    return { store: openServer(front.url), stop: () => front.stop() }
  },
  ...(realServer === undefined
    ? {}
    : {
        'the server of CLICKHOUSE_URL': async () => ({ store: openServer(realServer), stop: async () => {} }),
      }),
}

const verdict: RowVerdict = {
  row: 1,
  kind: 'signature',
  ruleId: 'some-rule',
  ruleVersion: 3,
  severity: 'error',
  phase: 'mount',
  layer: 'environment',
  captures: { server: '10.0.0.1', path: '/apps' },
}

let number = 0
function newBatch(lines = new LinesBlock()) {
  const journal = openJournal<string>(tempDir())
  const name = `B${process.pid}-${String(number++).padStart(6, '0')}`
  return {
    journal,
    name,
    batch: new Batch<string>(journal, lines, {
      name,
      nowMs: Date.now(),
      ruleSet: 'r1',
      copies: new Copies(),
    }),
  }
}

const row = fc.record(
  {
    message: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constant("-- { x } ' \\ \t «redacted:x»"),
    ),
    ts: fc.integer({ min: -1_000_000, max: 4_000_000_000 }).map((seconds) => seconds * 1_000_000 + 123_456),
    level: fc.nat(LEVELS.length - 1),
    component: fc.constantFrom('', 'main', 'frontend-handler', 'ünï'),
    replaced: fc.constantFrom(undefined, '', 'masked «redacted:password»'),
  },
  { noNullPrototype: true },
)

describe.each(Object.keys(engines))('a batch in %s', (name) => {
  let engine: Engine
  const folder = join(tmpdir(), `dcvlens-batch-${process.pid}-${Object.keys(engines).indexOf(name)}`)

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true })
    engine = await (engines[name] ?? raise)(folder)
    store = engine.store
    await migrate(store)
  })

  afterAll(async () => {
    await store.close()
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is stored as it was gathered, whatever the rows hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.boolean(),
        async (rows, classified) => {
          const { journal, name, batch } = newBatch()
          const clean = rows.map(({ replaced, ...rest }) =>
            replaced === undefined ? rest : { ...rest, replaced },
          )
          const verdicts =
            classified && rows.length > 1 ? [verdict, { ...verdict, row: 0, captures: {} }] : []
          batch.append(someChunk(clean, { offset: 5_000_000_000, verdicts }), [], 'f', () => 'c')
          const entry = await batch.seal()
          await insertBatch(store, journal, entry)
          const stored = await store.query<Record<string, unknown>>(
            `SELECT message, toUnixTimestamp64Micro(ts) AS us, level, component, offset, length FROM dcvlens.lines WHERE batch = {b:String} ORDER BY offset`,
            { b: name },
          )
          expect(stored.map((line) => line['message'])).toEqual(rows.map((r) => r.replaced ?? r.message))
          expect(stored.map((line) => Number(line['us']))).toEqual(rows.map((r) => r.ts))
          expect(stored.map((line) => line['level'])).toEqual(rows.map((r) => LEVELS[r.level]))
          expect(stored.map((line) => line['component'])).toEqual(rows.map((r) => r.component))
          expect(Number(stored[0]?.['offset'])).toBe(5_000_000_000)
          const events = await store.query<Record<string, unknown>>(
            `SELECT e.captures AS captures, e.rule_version AS v, l.message = e.message AS same FROM dcvlens.events e JOIN dcvlens.lines l ON l.event_id = e.event_id WHERE e.batch = {b:String} AND l.batch = {b:String} ORDER BY e.offset DESC`,
            { b: name },
          )
          expect(events).toEqual(verdicts.map(({ captures }) => ({ captures, v: 3, same: 1 })))
        },
      ),
      { numRuns: 15 },
    )
  })

  it('holds a loss of unread bytes, and with it what is to be committed for their file', async () => {
    const { journal, name, batch } = newBatch()
    batch.append(someChunk([{ message: 'read' }]), [], 'f:0', () => 'with unread bytes')
    const loss = { file: someFile, reason: 'vanished', offset: 5, length: 7, detail: 'gone' } as const
    batch.appendLosses([loss], new Map([['f:0', () => 'told']]))
    const entry = await batch.seal()
    expect(entry.commits).toEqual(['told'])
    await insertBatch(store, journal, entry)
    const [lost] = await store.query<Record<string, unknown>>(
      'SELECT toFloat64(offset) AS offset, toFloat64(length) AS length, reason FROM dcvlens.losses WHERE batch = {b:String}',
      { b: name },
    )
    expect(lost).toEqual({ offset: 5, length: 7, reason: 'vanished' })
  })

  it('becomes one part even with many blocks, and settling it again changes nothing', async () => {
    const { journal, name, batch } = newBatch()
    const rows = Array.from({ length: 50_000 }, (_, i) => ({ message: `line ${i} ${'x'.repeat(i % 50)}` }))
    for (let i = 0; i < 4; i++) batch.append(someChunk(rows, { offset: i * 10_000_000 }), [], 'f', () => 'c')
    const entry = await batch.seal()
    for (let i = 0; i < 3; i++) await settleBatch(store, journal, entry)
    const [stored] = await store.query<{ n: string; parts: string }>(
      'SELECT count() AS n, uniqExact(_part) AS parts FROM dcvlens.lines WHERE batch = {b:String}',
      { b: name },
    )
    expect([Number(stored?.n), Number(stored?.parts)]).toEqual([200_000, 1])
  })

  it('with some of its rows gone is a named fault, not repaired silently', async () => {
    const { journal, name, batch } = newBatch()
    batch.append(someChunk([{ message: 'a' }, { message: 'b' }]), [], 'f', () => 'c')
    const entry = await batch.seal()
    await insertBatch(store, journal, entry)
    await store.command(
      `ALTER TABLE dcvlens.lines DELETE WHERE batch = '${name}' AND message = 'a' SETTINGS mutations_sync = 2`,
    )
    await expect(settleBatch(store, journal, entry)).rejects.toMatchObject({ code: 'E_PARTIAL_BATCH' })
  })

  it('keeps its losses, and its last commit of each file', async () => {
    const { journal, name, batch } = newBatch()
    batch.append(
      someChunk([{ message: 'a' }]),
      [{ file: someFile, reason: 'truncated', offset: 7, length: 3, detail: 'd' }],
      'f',
      () => 'first',
    )
    batch.append(someChunk([{ message: 'b' }], { offset: 2 }), [], 'f', () => 'last')
    const entry = await batch.seal()
    expect(entry.commits).toEqual(['last'])
    await insertBatch(store, journal, entry)
    const losses = await store.query(
      'SELECT reason, toUInt32(offset) AS offset, toUInt32(length) AS length, detail FROM dcvlens.losses WHERE batch = {b:String}',
      { b: name },
    )
    expect(losses).toEqual([{ reason: 'truncated', offset: 7, length: 3, detail: 'd' }])
  })
})

describe('the journal', () => {
  it('has an entry only when it was sealed; what a crash left half written is removed', async () => {
    const { journal, name, batch } = newBatch()
    batch.append(someChunk([{ message: 'a' }]), [], 'f', () => 'c')
    const entry = await batch.seal()
    const torn = journal.begin('B999')
    torn.append('lines', 1, [Buffer.from('half')])
    const again = openJournal<string>(journal.folder)
    expect(again.recover()).toEqual([entry])
    again.remove(name)
    expect(again.recover()).toEqual([])
  })
})
