import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Loss, SourceFile } from '../../src/model.ts'
import { Batch } from '../../src/store/batch.ts'
import { openEmbedded, openServer, type Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import {
  rowChecksum,
  selectDigests,
  selectRows,
  selectStoredFiles,
  WINDOW_BYTES,
} from '../../src/store/digest-query.ts'
import { selectStoreFacts } from '../../src/store/facts-query.ts'
import { insertBatch } from '../../src/store/insert.ts'
import { openJournal } from '../../src/store/journal.ts'
import { selectLedger, selectLossReasons } from '../../src/store/ledger-query.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrate, migrations } from '../../src/store/migrate.ts'
import { someChunk, someFile } from '../support/chunks.ts'
import { type Front, startFront } from '../support/clickhouse-front.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-ledger-'))
const DAY_MS = 24 * 3_600_000
/** Rows that are older than 30 days are removed at once. */
const NEW = Date.now()
const OLD = NEW - 2 * DAY_MS
const BETWEEN = new Date(NEW - DAY_MS).toISOString()
const micros = (ms: number) => new Date(ms).toISOString().replace('Z', '000Z')
const WHOLE: SourceFile = { ...someFile, fileId: 'a'.repeat(16), path: '/var/log/whole.log' }
const TORN: SourceFile = { ...someFile, fileId: 'b'.repeat(16), path: '/var/log/dcv/torn.log' }
const AGAIN: SourceFile = { ...TORN, generation: 1 }
const GONE: SourceFile = { ...someFile, fileId: 'c'.repeat(16), path: '/var/log/gone.log' }
const MESSAGES = ['first', 'zwölf', ''] as const
let front: Front
const stores = new Map<string, Store>()

const loss = (file: SourceFile, reason: Loss['reason'], offset: number, length: number): Loss => ({
  ...{ file, reason, offset, length },
  detail: `${reason} there`,
})

async function fill(store: Store, name: string): Promise<void> {
  await migrate(store)
  const journal = openJournal<string>(join(folder, `${name}-journal`))
  const lines = new LinesBlock()
  const batch = (nowMs: number) =>
    new Batch<string>(journal, lines, { name: `B${nowMs}`, nowMs, ruleSet: 'r', copies: new Copies() })
  const rows = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ message: MESSAGES[n % 3] ?? '' }))
  const old = batch(OLD)
  old.append(someChunk(rows(3), { file: WHOLE }), [], 'w', () => 'c')
  old.append(
    someChunk(rows(2), { file: TORN }),
    [loss(TORN, 'nul-hole', 13, 4000), loss(TORN, 'over-long', 6, 0)],
    't',
    () => 'c',
  )
  await insertBatch(store, journal, await old.seal())
  const fresh = batch(NEW)
  fresh.append(
    someChunk(rows(2), { file: AGAIN, offset: WINDOW_BYTES - 6 }),
    [loss(AGAIN, 'truncated', 0, 0), loss(GONE, 'vanished', 0, 70)],
    'a',
    () => 'c',
  )
  await insertBatch(store, journal, await fresh.seal())
}

beforeAll(async () => {
  front = await startFront({ dataDir: join(folder, 'server') })
  stores.set('embedded', await openEmbedded(join(folder, 'store')))
  stores.set('server', openServer(front.url))
  for (const [name, store] of stores) await fill(store, name)
})

afterAll(async () => {
  for (const store of stores.values()) await store.close()
  await front.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(['embedded', 'server'])('%s: the ledger', (name) => {
  const store = () => stores.get(name) as Store
  const page = { all: false, limit: 10 }
  const places = { source: 'compute-node', host: 'ip-10-0-0-1', owner: 'ann', session: 's1' }

  it('tells of each file and generation what is stored and each loss, the most bytes first', async () => {
    const at = { old: micros(OLD), new: micros(NEW) }
    const [torn, gone, again, ...more] = await selectLedger(store(), page)
    expect(more).toEqual([])
    expect(torn).toEqual({
      ...{ file: TORN.path, file_id: TORN.fileId, generation: 0, ...places },
      ...{ rows: 2, bytes: 13, lost_bytes: 4000, loss_count: 2 },
      losses: [
        { offset: 6, length: 0, reason: 'over-long', detail: 'over-long there', at: at.old },
        { offset: 13, length: 4000, reason: 'nul-hole', detail: 'nul-hole there', at: at.old },
      ],
    })
    expect(gone).toMatchObject({ file: GONE.path, rows: 0, bytes: 0, lost_bytes: 70, loss_count: 1 })
    expect(again).toMatchObject({
      ...{ file: TORN.path, generation: 1, rows: 2, bytes: 13, lost_bytes: 0 },
      losses: [expect.objectContaining({ reason: 'truncated', at: at.new })],
    })
  })

  it('has files without a loss only when all are asked for', async () => {
    const files = async (filter: object) =>
      (await selectLedger(store(), { ...page, ...filter })).map(({ file, generation }) => [file, generation])
    expect(await files({ all: true })).toContainEqual([WHOLE.path, 0])
    const [, , third] = await selectLedger(store(), { ...page, all: true })
    expect(await files({ all: true, limit: 2, after: third })).toEqual([[WHOLE.path, 0]])
    expect(await files({ file: '/var/log/dcv/' })).toEqual([
      [TORN.path, 0],
      [TORN.path, 1],
    ])
    expect(await files({ file: '/var/log/dc' })).toEqual([])
    expect(await files({ reason: 'vanished' })).toEqual([[GONE.path, 0]])
    expect(await files({ to: BETWEEN })).toEqual([[TORN.path, 0]])
  })

  it('is summed by reason', async () => {
    const reasons = async (filter: object) =>
      (await selectLossReasons(store(), filter)).map(({ reason, count, bytes }) => [reason, count, bytes])
    expect(await reasons({})).toEqual([
      ['nul-hole', 1, 4000],
      ['vanished', 1, 70],
      ['over-long', 1, 0],
      ['truncated', 1, 0],
    ])
    expect(await reasons({ from: BETWEEN })).toEqual([
      ['vanished', 1, 70],
      ['truncated', 1, 0],
    ])
  })
})

describe.each(['embedded', 'server'])('%s: the digests', (name) => {
  const store = () => stores.get(name) as Store

  it('are the sums of what the program computes for each row', async () => {
    const digests = await selectDigests(store(), [WHOLE.fileId, TORN.fileId])
    const checksum = (offset: number, n: number) => {
      const text = Buffer.from(MESSAGES[n] ?? '')
      return rowChecksum(offset, text.length + 1, text)
    }
    const none = { continued: [] }
    expect(digests).toEqual([
      {
        ...{ file_id: WHOLE.fileId, generation: 0, window: 0, rows: 3, first: 0, ...none },
        checksum: checksum(0, 0) + checksum(6, 1) + checksum(13, 2),
      },
      expect.objectContaining({ file_id: TORN.fileId, generation: 0, window: 0, rows: 2 }),
      {
        ...{ file_id: TORN.fileId, generation: 1, window: 0, rows: 1, first: WINDOW_BYTES - 6, ...none },
        checksum: checksum(WINDOW_BYTES - 6, 0),
      },
      {
        ...{ file_id: TORN.fileId, generation: 1, window: 1, rows: 1, first: WINDOW_BYTES, ...none },
        checksum: checksum(WINDOW_BYTES, 1),
      },
    ])
  })

  it('have rows behind them, and files', async () => {
    const range = { fileId: WHOLE.fileId, generation: 0, from: 0, to: 13, limit: 10 }
    expect(await selectRows(store(), range)).toEqual([
      { offset: 0, length: 6, message: 'first' },
      { offset: 6, length: 7, message: 'zwölf' },
    ])
    expect(await selectRows(store(), { ...range, limit: 1 })).toHaveLength(1)
    expect(await selectStoredFiles(store())).toContainEqual({
      ...{ file: WHOLE.path, file_id: WHOLE.fileId, generation: 0, rows: 3, bytes: 14 },
    })
  })

  it('come from a store that says what it is', async () => {
    const facts = await selectStoreFacts(store())
    expect(facts).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+/),
      schema: migrations().at(-1)?.version,
      retention_days: 30,
    })
    expect(Math.abs(facts.now_ms - Date.now())).toBeLessThan(60_000)
  })
})
