import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { Batch } from '../../src/store/batch.ts'
import type { Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { Inserter, type InserterOptions } from '../../src/store/inserter.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { someChunk } from '../support/chunks.ts'
import { until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

type Fault = 'before' | 'after' | undefined

/** A store in memory that knows how often each batch was inserted, and fails as it is told to. */
class FakeStore implements Store {
  readonly kind = 'server'
  readonly inserts = new Map<string, number>()
  faults: Fault[] = []

  async query<Row>(_sql: string, params: Record<string, unknown> = {}): Promise<Row[]> {
    this.#fail(this.faults.shift())
    const rows = 2 * (this.inserts.get(String(params['batch'])) ?? 0)
    return [{ rows }] as Row[]
  }

  async command(): Promise<void> {}

  async insertNative(_table: string, file: string): Promise<void> {
    const fault = this.faults.shift()
    if (fault === 'before') this.#fail(fault)
    const batch = /([^/]+)\.lines\.native$/.exec(file)?.[1] ?? ''
    this.inserts.set(batch, (this.inserts.get(batch) ?? 0) + 1)
    this.#fail(fault)
  }

  async endInsert(): Promise<void> {}
  async cluster(): Promise<undefined> {}
  async close(): Promise<void> {}

  #fail(fault: Fault): void {
    if (fault !== undefined) throw new Error('the connection broke')
  }
}

function someInserter(options: Partial<InserterOptions<number>> = {}) {
  const store = new FakeStore()
  const journal = openJournal<number>(tempDir())
  const committed: number[] = []
  const inserter = new Inserter<number>({
    ...{ store, journal, clock: { ...systemClock, sleep: async () => {} } },
    ...{ signal: new AbortController().signal, maxPendingBytes: 1 << 30, giveUpMs: Number.POSITIVE_INFINITY },
    commit: async (all) => void committed.push(...all),
    onStored: () => {},
    onTrouble: () => {},
    refused: tempDir(),
    onSetAside: () => {},
    ...options,
  })
  const entry = (n: number) => {
    const batch = new Batch<number>(journal, new LinesBlock(), {
      name: `b${n}`,
      nowMs: 0,
      ruleSet: '',
      copies: new Copies(),
    })
    batch.append(someChunk([{ message: 'one' }, { message: 'two' }]), [], 'file', () => n)
    return batch.seal()
  }
  return { store, journal, committed, inserter, entry }
}

describe('storing batches', () => {
  it('tells since when something is not stored: from the begin of a batch until the store has it', async () => {
    const { inserter, entry } = someInserter()
    expect(inserter.waitingSinceMs).toBeUndefined()
    inserter.gathers(1000)
    expect(inserter.waitingSinceMs).toBe(1000)
    const stored = inserter.submit(await entry(1))
    inserter.gathers(2000)
    expect(inserter.waitingSinceMs).toBe(1000)
    await stored
    await inserter.drain()
    expect(inserter.waitingSinceMs).toBe(2000)
  })

  it('commits in order, each behind its insert, and empties the journal', async () => {
    const { store, journal, committed, inserter, entry } = someInserter()
    for (const n of [1, 2, 3]) await inserter.submit(await entry(n))
    await inserter.drain()
    expect([...store.inserts]).toEqual([
      ['b1', 1],
      ['b2', 1],
      ['b3', 1],
    ])
    expect([committed, journal.recover()]).toEqual([[1, 2, 3], []])
  })

  it('tells of a batch before it commits: a reader that comes behind the commit is not told of older lines', async () => {
    const order: string[] = []
    const { inserter, entry } = someInserter({
      commit: async ([n]) => void order.push(`b${n} committed`),
      onStored: ({ batch }) => order.push(`${batch} told`),
    })
    for (const n of [1, 2]) await inserter.submit(await entry(n))
    await inserter.drain()
    expect(order).toEqual(['b1 told', 'b1 committed', 'b2 told', 'b2 committed'])
  })

  it('R13: keeps a batch in the journal until its offsets are committed: killed between, it would be read again', async () => {
    const journalled: boolean[] = []
    const { journal, inserter, entry } = someInserter({
      commit: async () => {
        await setImmediate()
        journalled.push(existsSync(join(journal.folder, 'b1.json')))
      },
    })
    await inserter.submit(await entry(1))
    await inserter.drain()
    expect([journalled, readdirSync(journal.folder)]).toEqual([[true], []])
  })

  it.each([
    ['before it is taken', ['before']],
    ['after it is taken', ['after']],
    ['while it is counted', ['before', 'before', 'after', 'before']],
    ['again and again', ['after', 'after', 'after', 'before', undefined, 'after']],
  ] as [string, Fault[]][])('stores a batch once when the connection breaks %s', async (_when, faults) => {
    const { store, committed, inserter, entry } = someInserter()
    store.faults = faults
    await inserter.submit(await entry(1))
    await inserter.drain()
    expect([[...store.inserts], committed]).toEqual([[['b1', 1]], [1]])
  })

  it('does not try a batch blindly again after it has given up: it may be stored', async () => {
    const { store, journal, committed, inserter, entry } = someInserter({ giveUpMs: 0 })
    store.faults = ['after']
    await expect(inserter.submit(await entry(1)).then(() => inserter.drain())).rejects.toMatchObject({
      code: 'E_STORE_DOWN',
    })
    await expect(inserter.submit(await entry(2))).rejects.toMatchObject({ code: 'E_STORE_DOWN' })
    await expect(inserter.drain()).rejects.toMatchObject({ code: 'E_STORE_DOWN' })
    expect([[...store.inserts], committed]).toEqual([[['b1', 1]], []])
    const { inserter: again } = someInserter({
      store,
      journal,
      commit: async (all) => void committed.push(...all),
    })
    await again.recover(journal.recover())
    expect([[...store.inserts], committed]).toEqual([
      [
        ['b1', 1],
        ['b2', 1],
      ],
      [1, 2],
    ])
  })

  it('R33: keeps trying through an outage of an hour, four times a minute, and stores then', async () => {
    let nowMs = 0
    const sleep = async (ms: number) => {
      nowMs += ms
    }
    const tries: number[] = []
    const { store, committed, inserter, entry } = someInserter({ clock: { nowMs: () => nowMs, sleep } })
    const insert = store.insertNative.bind(store)
    const query = store.query.bind(store)
    const away = <Answer>(answer: () => Promise<Answer>): Promise<Answer> => {
      if (nowMs >= 3_600_000) return answer()
      tries.push(nowMs)
      return Promise.reject(new Error('away'))
    }
    store.insertNative = (table, file) => away(() => insert(table, file))
    store.query = (sql, params) => away(() => query(sql, params))
    await inserter.submit(await entry(1))
    await inserter.drain()
    expect([[...store.inserts], committed]).toEqual([[['b1', 1]], [1]])
    const inFirstMinute = tries.filter((ms) => ms < 60_000).length
    expect([inFirstMinute, Math.round((tries.length - inFirstMinute) / 59)]).toEqual([10, 4])
  })

  it('commits nothing of what cannot be stored whole', async () => {
    const { store, journal, committed, inserter, entry } = someInserter()
    store.faults = ['after']
    store.query = async <Row>() => [{ rows: 1 }] as Row[]
    await inserter.submit(await entry(1))
    await expect(inserter.drain()).rejects.toMatchObject({ code: 'E_PARTIAL_BATCH' })
    expect(committed).toEqual([])
    expect(existsSync(journal.file('b1', 'lines'))).toBe(true)
  })

  it('takes no more than its bound while the store is away, and goes on when it is back', async () => {
    let isAway = true
    let troubles = 0
    const { store, inserter, entry } = someInserter({
      maxPendingBytes: 2000,
      clock: { ...systemClock, sleep: () => systemClock.sleep(1) },
      onTrouble: () => troubles++,
    })
    const insert = store.insertNative.bind(store)
    store.insertNative = async (table, file) => {
      if (isAway) throw new Error('away')
      await insert(table, file)
    }
    let submitted = 0
    const all = (async () => {
      for (let n = 0; n < 20; n++) {
        await inserter.submit(await entry(n))
        submitted++
      }
    })()
    await until('twenty tries', () => troubles > 20)
    const held = submitted
    expect([held > 0, held < 10, inserter.state.kind]).toEqual([true, true, 'retrying'])
    await until('twenty more', () => troubles > 40)
    expect(submitted).toBe(held)
    isAway = false
    await all
    await inserter.drain()
    expect([store.inserts.size, inserter.pendingBytes, inserter.state.kind]).toEqual([20, 0, 'storing'])
  })
})
