import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import type { RowVerdict } from '../../src/model.ts'
import { Batch } from '../../src/store/batch.ts'
import { openEmbedded, openServer, type Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { Inserter } from '../../src/store/inserter.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrate } from '../../src/store/migrate.ts'
import { readBlocks } from '../../src/store/native-read.ts'
import { someChunk } from '../support/chunks.ts'
import { startFront } from '../support/clickhouse-front.ts'
import { tempDir } from '../support/temp-dir.ts'

const POISON = 'poison'

const failureIn = (row: number): RowVerdict => ({
  ...{ row, kind: 'signature', ruleId: 'some-rule', ruleVersion: 1, severity: 'error' },
  ...{ phase: 'mount', layer: 'environment', captures: { what: `row ${row}` } },
})

type Setup = { readonly data?: string; readonly sleep?: () => Promise<void> }

/** The way of batches into a store: they are numbered, each line is an event, too, and what is committed is their number. */
function someInserter(store: Store, { data = tempDir(), sleep = async () => {} }: Setup = {}) {
  const journal = openJournal<number>(join(data, 'journal'))
  const committed: number[] = []
  const refused = join(data, 'refused')
  const stop = new AbortController()
  const inserter = new Inserter<number>({
    ...{ store, journal, clock: { ...systemClock, sleep }, signal: stop.signal, refused },
    ...{ maxPendingBytes: 1 << 30, giveUpMs: Number.POSITIVE_INFINITY },
    commit: async (all) => void committed.push(...all),
    onStored: () => {},
    onTrouble: () => {},
    onSetAside: () => {},
  })
  const entry = (n: number, messages: readonly string[]) => {
    const name = `20260101T000000000Z-t-${String(n).padStart(6, '0')}`
    const batch = new Batch<number>(journal, new LinesBlock(), {
      ...{ name, nowMs: Date.now(), ruleSet: '', copies: new Copies() },
    })
    const rows = messages.map((message) => ({ message }))
    const verdicts = messages.map((_, row) => failureIn(row))
    batch.append(someChunk(rows, { offset: n * 1_000_000, verdicts }), [], 'file', () => n)
    return batch.seal()
  }
  const setAside = () =>
    readdirSync(refused).flatMap((name) =>
      readBlocks(readFileSync(join(refused, name))).flatMap(({ rows, columns }) => {
        const message = columns.find((column) => column.name === 'message')
        return Array.from({ length: rows }, (_, row) => String(message?.value(row)))
      }),
    )
  return { data, journal, committed, inserter, entry, stop, setAside }
}

const ENGINES: Record<string, (folder: string) => Promise<{ store: Store; stop: () => Promise<void> }>> = {
  'the embedded engine': async (folder) => ({ store: await openEmbedded(folder), stop: async () => {} }),
  'a server': async (folder) => {
    const front = await startFront({ dataDir: folder })
    return { store: openServer(front.url), stop: () => front.stop() }
  },
}

describe.each(Object.entries(ENGINES))('R34: a row that %s refuses', (_, open) => {
  it('is set aside and told in the ledger; the rest of its batch and all behind it is stored once', async () => {
    const { store, stop } = await open(join(tempDir(), 'store'))
    try {
      await migrate(store)
      for (const table of ['lines', 'events']) {
        await store.command(
          `ALTER TABLE dcvlens.${table} ADD CONSTRAINT no_poison CHECK position(message, '${POISON}') = 0`,
        )
      }
      const { journal, committed, inserter, entry, setAside } = someInserter(store)
      const first = Array.from({ length: 100 }, (__, i) =>
        i === 41 || i === 42 ? `${POISON} ${i}` : `line ${i}`,
      )
      await inserter.submit(await entry(1, first))
      await inserter.submit(await entry(2, ['behind it']))
      await inserter.drain()
      const good = [...first.filter((message) => !message.startsWith(POISON)), 'behind it']
      for (const table of ['lines', 'events']) {
        const stored = await store.query<{ message: string }>(
          `SELECT message FROM dcvlens.${table} ORDER BY offset`,
        )
        expect(stored.map(({ message }) => message)).toEqual(good)
      }
      const losses = await store.query<Record<string, unknown>>(
        `SELECT reason, toUInt32(offset) AS offset, toUInt32(length) AS length, owner, file,
           detail LIKE '%no_poison%' AS told, substring(detail, 1, position(detail, ': ') - 1) AS rows FROM dcvlens.losses ORDER BY offset, length`,
      )
      const place = { reason: 'refused', owner: 'ann', file: '/apps/x.log', told: 1, kept: true }
      const at = 1_000_000 + first.slice(0, 41).join('\n').length + 1
      const length = `${POISON} 41\n`.length
      const told = losses.map(({ rows, ...loss }) => ({ ...loss, kept: existsSync(String(rows)) }))
      expect(told).toEqual([
        { ...place, offset: at, length: 0 },
        { ...place, offset: at, length },
        { ...place, offset: at + length, length: 0 },
        { ...place, offset: at + length, length },
      ])
      expect(setAside().sort()).toEqual([41, 41, 42, 42].map((n) => `${POISON} ${n}`))
      expect([committed, journal.recover()]).toEqual([[1, 2], []])
    } finally {
      await store.close()
      await stop()
    }
  })
})

/** A store in memory that refuses what its rule says, and dies when it is told to. */
class RefusingStore implements Store {
  readonly kind = 'server'
  readonly stored = new Map<string, string[]>()
  refuses: (message: string) => boolean = (message) => message.startsWith(POISON)
  /** So many inserts are answered; then the writer is gone, before or after the next one is stored. */
  answers = Number.POSITIVE_INFINITY
  endsAfter = false
  #end = () => {}
  readonly end = new Promise<void>((resolve) => {
    this.#end = resolve
  })

  messages(table: string): string[] {
    return [...this.stored].flatMap(([key, messages]) => (key.startsWith(`${table}/`) ? messages : []))
  }

  async query<Row>(sql: string, params: Record<string, unknown> = {}): Promise<Row[]> {
    const table = /dcvlens\.(\w+)/.exec(sql)?.[1] ?? ''
    return [{ rows: this.stored.get(`${table}/${params['batch']}`)?.length ?? 0 }] as Row[]
  }

  async insertNative(table: string, file: string): Promise<void> {
    const isLast = this.answers-- <= 0
    if (isLast && !this.endsAfter) await this.#silence()
    const rows = readBlocks(readFileSync(file)).flatMap(({ rows: count, columns }) => {
      const of = (name: string) => columns.find((column) => column.name === name)
      const told = of(table === 'losses' ? 'detail' : 'message')
      return Array.from({ length: count }, (_, row) => ({
        batch: String(of('batch')?.value(row)),
        message: String(told?.value(row)),
      }))
    })
    if (rows.some(({ message }) => this.refuses(message))) {
      throw Object.assign(new Error('a constraint is violated'), { code: '469', type: 'VIOLATED_CONSTRAINT' })
    }
    for (const { batch, message } of rows) {
      const key = `${table}/${batch}`
      this.stored.set(key, [...(this.stored.get(key) ?? []), message])
    }
    if (isLast) await this.#silence()
  }

  #silence(): Promise<never> {
    this.#end()
    return new Promise(() => {})
  }

  async command(): Promise<void> {}
  async endInsert(): Promise<void> {}
  async cluster(): Promise<undefined> {}
  async close(): Promise<void> {}
}

describe('rows that a store refuses', () => {
  it('are all set aside, all others are stored once, whenever the program is killed', async () => {
    const message = fc
      .tuple(fc.boolean(), fc.boolean(), fc.nat())
      .map(([a, b, n]) => `${a && b ? POISON : 'line'} ${n}`)
    const batches = fc.array(fc.array(message, { minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(30), fc.boolean(), async (all, answers, endsAfter) => {
        const store = Object.assign(new RefusingStore(), { answers, endsAfter })
        const killed = someInserter(store)
        const entries = []
        for (const [n, messages] of all.entries()) entries.push(await killed.entry(n, messages))
        for (const entry of entries) void killed.inserter.submit(entry)
        await Promise.race([store.end, killed.inserter.drain().catch(() => {})])
        store.answers = Number.POSITIVE_INFINITY
        const { data } = killed
        const next = someInserter(store, { data })
        await next.inserter.recover(next.journal.recover())
        // Others like them show that it is the rows that are wrong.
        await next.inserter.submit(await next.entry(99, ['line that shows it']))
        await next.inserter.drain()
        const written = [...all.flat(), 'line that shows it']
        const isPoison = (one: string) => one.startsWith(POISON)
        for (const table of ['lines', 'events']) {
          expect(store.messages(table).sort()).toEqual(written.filter((one) => !isPoison(one)).sort())
        }
        const poison = written.filter(isPoison)
        expect(poison.length === 0 ? [] : next.setAside().sort()).toEqual([...poison, ...poison].sort())
        expect(next.journal.recover()).toEqual([])
        expect([...new Set([...killed.committed, ...next.committed])].sort()).toEqual(
          [...all.keys(), 99].sort(),
        )
      }),
      { numRuns: 25 },
    )
  })

  it('wait while the store refuses every row: then it is the store that is wrong, and nothing is set aside', async () => {
    const store = new RefusingStore()
    store.refuses = () => true
    const seen: unknown[] = []
    const sleep = async () => {
      seen.push([inserter.state.kind, store.messages('lines')])
      store.refuses = () => false
    }
    const { inserter, entry, committed, data } = someInserter(store, { sleep })
    const messages = Array.from({ length: 1000 }, (_, i) => `line ${i}`)
    await inserter.submit(await entry(1, messages))
    await inserter.drain()
    expect(seen).toEqual([['retrying', []]])
    expect(store.messages('lines').sort()).toEqual(messages.sort())
    expect([readdirSync(data), committed]).toEqual([['journal'], [1]])
  })

  it('that are alone in their batch stay in the journal until others have shown that it is them', async () => {
    const store = new RefusingStore()
    const { inserter, entry, journal, setAside, data } = someInserter(store)
    await inserter.submit(await entry(1, [`${POISON} alone`]))
    await expect(inserter.drain()).rejects.toMatchObject({
      code: 'E_STORE_DOWN',
      message: 'the store refuses a batch: a constraint is violated',
    })
    expect([readdirSync(data), journal.recover().length]).toEqual([['journal'], 2])
    expect(inserter.state).toMatchObject({ kind: 'retrying', reason: 'a constraint is violated' })
    expect([inserter.pendingBytes > 0, inserter.waitingSinceMs]).toEqual([true, expect.any(Number)])
    await inserter.submit(await entry(2, ['line']))
    await inserter.drain()
    expect([inserter.state.kind, inserter.pendingBytes, inserter.waitingSinceMs]).toEqual([
      'storing',
      0,
      undefined,
    ])
    expect([setAside(), journal.recover()]).toEqual([[`${POISON} alone`, `${POISON} alone`], []])
    expect(store.messages('losses')).toHaveLength(2)
  })
})
