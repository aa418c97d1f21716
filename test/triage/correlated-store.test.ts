import { describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../src/clock.ts'
import type { EventJson } from '../../src/event-json.ts'
import type { Store } from '../../src/store/client.ts'
import { mayChange } from '../../src/triage/correlated/late-logs.ts'
import { storeNew } from '../../src/triage/correlated/store-new.ts'
import type { EventWriting } from '../../src/triage/rules/apply.ts'
import { tempDir } from '../support/temp-dir.ts'
import { emptyStore, startRun } from './event-writing.ts'

const event = (id: number, version = 1): EventJson => ({
  ...{ event_id: String(id).padStart(32, '0'), ts: '2026-05-04T10:00:00.000500Z', ts_quality: 'parsed' },
  ...{ owner: 'ann', session: 'cad', host: 'ip-10-0-0-1', source: 'setup', file: '/setup.log', file_id: 'f' },
  ...{ generation: 0, offset: 55 * id, length: 0, message: 'Restarts: 6 times within 40 min' },
  ...{ kind: 'signature', rule_id: 'repeat-reboots', rule_version: version, severity: 'critical' },
})
const newRun = () => ({ ruleSet: 'r', handedOver: new Set<string>() })

const rowsIn = (store: Store) =>
  store.query(
    `SELECT toUInt32(right(event_id, 4)) AS id, toUInt32(count()) AS times, toUInt32(sum(counted)) AS counted
     FROM dcvlens.events GROUP BY id ORDER BY id`,
  )
const once = (...ids: number[]) => ids.map((id) => ({ id, times: 1, counted: 1 }))

it('events of several others are stored once, by whichever run and however often they are found', async () => {
  const store = await emptyStore()
  const journal = tempDir()
  const run = await startRun(store, journal)
  const memory = newRun()
  expect(await storeNew([event(1), event(1), event(2)], run, memory)).toHaveLength(2)
  expect(await storeNew([event(1), event(3)], run, memory)).toEqual([event(3)])
  const next = await startRun(store, journal)
  expect(await storeNew([event(1), event(2), event(3)], next, newRun())).toEqual([])
  expect(await rowsIn(store)).toEqual(once(1, 2, 3))
})

it('what was in the journal when a run was killed is stored once by the next one', async () => {
  const store = await emptyStore()
  const folder = tempDir()
  const run = await startRun(store, folder)
  const killed = new Error('killed')
  const cut = { ...run, inserter: Object.assign(run.inserter, { hand: () => Promise.reject(killed) }) }
  await expect(storeNew([event(1)], cut, newRun())).rejects.toBe(killed)
  expect(await rowsIn(store)).toEqual([])
  const next = await startRun(store, folder)
  expect(await storeNew([event(1)], next, newRun())).toEqual([])
  expect(await rowsIn(store)).toEqual(once(1))
})

it('what was handed over is not handed over again while the store does not show it', async () => {
  const store = await emptyStore()
  const run = await startRun(store, tempDir())
  const memory = newRun()
  const blind = { ...run, store: { ...store, query: async () => [] } }
  expect(await storeNew([event(1)], blind, memory)).toHaveLength(1)
  expect(await storeNew([event(1)], blind, memory)).toEqual([])
  expect(await storeNew([event(1, 2)], blind, memory)).toHaveLength(1)
})

/** A run that asked the store before others wrote to it. */
function askedBefore(run: EventWriting<string>): EventWriting<string> {
  let isFirst = true
  const query: Store['query'] = async (sql, params) => {
    const rows = isFirst ? [] : await run.store.query<never>(sql, params)
    isFirst = false
    return rows
  }
  return { ...run, store: { ...run.store, query } }
}

const clockAt = (time: string): Clock => ({ ...systemClock, nowMs: () => Date.parse(time) })
const FIRST = clockAt('2026-05-04T12:00:00Z')
const SECOND = clockAt('2026-05-04T12:00:01Z')

describe('services that share a store and find the same at the same moment', () => {
  it('leave it there once, as the first batch has it', async () => {
    const store = await emptyStore()
    const [first, second] = [
      await startRun(store, tempDir(), { clock: FIRST, writer: 'a' }),
      await startRun(store, tempDir(), { clock: SECOND, writer: 'b' }),
    ]
    await storeNew([event(1), event(2)], first, newRun())
    await storeNew([event(2), event(3)], askedBefore(second), newRun())
    expect(await rowsIn(store)).toEqual(once(1, 2, 3))
    expect(await writersOf(store)).toEqual(['a', 'a', 'b'])
  })

  it('leave it there once, too, if the first batch arrives last', async () => {
    const store = await emptyStore()
    const [first, second] = [
      await startRun(store, tempDir(), { clock: FIRST, writer: 'a' }),
      await startRun(store, tempDir(), { clock: SECOND, writer: 'b' }),
    ]
    await storeNew([event(1)], second, newRun())
    await storeNew([event(1)], askedBefore(first), newRun())
    expect(await storeNew([event(1)], second, newRun())).toEqual([])
    expect(await rowsIn(store)).toEqual(once(1))
    expect(await writersOf(store)).toEqual(['a'])
  })

  it('leave alone what another one has just sent, and remove what one left that is gone', async () => {
    const store = await emptyStore()
    const first = await startRun(store, tempDir(), { clock: FIRST, writer: 'a' })
    const gone = await startRun(store, tempDir(), { clock: SECOND, writer: 'b' })
    await storeNew([event(1)], first, newRun())
    const killed = { ...gone, stored: () => Promise.reject(new Error('killed')) }
    await expect(storeNew([event(1)], askedBefore(killed), newRun())).rejects.toThrow('killed')
    await gone.stored()
    await storeNew([event(1)], first, newRun())
    expect(await writersOf(store)).toEqual(['a', 'b'])
    await storeNew([event(1)], { ...first, clock: clockAt('2026-05-04T13:00:02Z') }, newRun())
    expect(await writersOf(store)).toEqual(['a'])
  })
})

const writersOf = async (store: Store) => {
  const sql = 'SELECT batch FROM dcvlens.events ORDER BY event_id, batch'
  return (await store.query<{ batch: string }>(sql)).map(({ batch }) => batch.split('-')[1])
}

describe('an event of whose subject more is learnt after it was stored', () => {
  /** The same event under the id that the subject gives it. */
  const about = (id: number, subject: Partial<EventJson>): EventJson => ({
    ...{ ...event(id), offset: 275, owner: undefined, session: undefined, host: undefined },
    ...subject,
  })
  const host = { host: 'ip-10-0-0-1' }
  const desktop = { owner: 'ann', session: 'cad' }

  it.each([
    ['its desktop', host, { ...desktop, ...host }],
    ['its host', desktop, { ...desktop, ...host }],
    ['less, after the logs that told it are gone', { ...desktop, ...host }, host],
  ])('is not stored again: %s', async (_, before, now) => {
    const store = await emptyStore()
    const run = await startRun(store, tempDir())
    await storeNew([about(1, before)], run, newRun())
    expect(await storeNew([about(2, now)], run, newRun())).toEqual([])
    expect(await rowsIn(store)).toEqual(once(1))
  })

  it.each([
    ['another desktop', about(2, { ...desktop, owner: 'bob' })],
    ['another host', about(2, { ...desktop, host: 'ip-10-0-0-2' })],
    ['another rule', { ...about(2, { ...desktop, ...host }), rule_id: 'own-restarts' }],
    ['another place', { ...about(2, { ...desktop, ...host }), offset: 330 }],
  ])('is another one if it is of %s', async (_, other) => {
    const store = await emptyStore()
    const run = await startRun(store, tempDir())
    await storeNew([about(1, { ...desktop, ...host })], run, newRun())
    expect(await storeNew([other], run, newRun())).toHaveLength(1)
    expect(await rowsIn(store)).toEqual(once(1, 2))
  })
})

it('what was removed is stored again, by an older version of its rule, too', async () => {
  const store = await emptyStore()
  const run = await startRun(store, tempDir())
  const memory = newRun()
  for (const version of [1, 2, 1]) {
    expect(await storeNew([event(1, version)], run, memory)).toHaveLength(1)
    expect(await storeNew([event(1, version)], run, memory)).toEqual([])
    await store.command('TRUNCATE TABLE dcvlens.events')
  }
})

it('what logs say that an agent is still catching up on may change', async () => {
  const store = await emptyStore()
  // Lines that are older than a month by the real clock may be removed at any time.
  const nowMs = systemClock.nowMs()
  const ago = (minutes: number) => new Date(nowMs - minutes * 60_000).toISOString()
  const log = (storedAgo: number, toldAgo: number, [owner, host, source, id]: readonly string[]) => {
    const batch = `${ago(storedAgo).replaceAll(/[-:.]/g, '')}-a-000000`
    const [told, stored] = [toldAgo, storedAgo].map((minutes) => ago(minutes).slice(0, -1).replace('T', ' '))
    return `('${batch}', '${told}', '${stored}', 'edh-lab', '${owner}', '${owner && 'cad'}', '${host}', '${source}', '${id}')`
  }
  await store.command(
    `INSERT INTO dcvlens.lines (batch, ts, ingested_at, cluster, owner, session, host, source, file_id) VALUES
     ${log(1, 120, ['ann', 'ip-10-0-0-1', 'setup', 'late'])},
     ${log(1, 2, ['bob', 'ip-10-0-0-2', 'setup', 'in-time'])},
     ${log(120, 180, ['eve', 'ip-10-0-0-3', 'setup', 'long-ago'])}`,
  )
  const about = (owner: string, host: string) => ({ ...event(1), cluster: 'edh-lab', owner, host })
  const asked = async (isReadHere: (id: string) => boolean) => {
    const changes = await mayChange({ store, nowMs }, isReadHere)
    const whom = [
      about('ann', ''),
      about('', 'ip-10-0-0-1'),
      about('bob', 'ip-10-0-0-2'),
      about('eve', 'ip-10-0-0-3'),
    ]
    return whom.map(changes)
  }
  expect(await asked(() => false)).toEqual([true, true, false, false])
  expect(await asked((id) => id === 'late')).toEqual([false, false, false, false])
  await store.command(
    `INSERT INTO dcvlens.lines (batch, ts, ingested_at, cluster, owner, session, host, source, file_id) VALUES
     ${log(1, 120, ['', 'controller', 'web-ui', 'shared'])}`,
  )
  expect(await asked(() => false)).toEqual([true, true, true, true])
})
