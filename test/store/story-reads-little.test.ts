import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OpenStore, openEmbedded, type Store } from '../../src/store/client.ts'
import { selectMentions } from '../../src/store/mention-query.ts'
import { migrate } from '../../src/store/migrate.ts'
import { selectSharedAlways, selectSharedEvents, selectSharedIn } from '../../src/store/shared-query.ts'
import { selectStoryEvents } from '../../src/store/story-events.ts'
import { selectOwnEvents } from '../../src/store/story-query.ts'

const folder = join(tmpdir(), `dcvlens-story-reads-${process.pid}`)
const BEGIN_S = Date.UTC(2026, 1, 2) / 1000
const DAYS = 56
const EVENTS = 400_000
const HOSTS = 50
const SHARED = ['alb-manager', 'web-ui']
const WEEK = EVENTS / (DAYS / 7)
const dayText = (day: number) => new Date((BEGIN_S + day * 86_400) * 1000).toISOString()
let store: OpenStore
let planned = 0

/** Says how many rows the engine would read for what it is asked, then asks. */
const counting = (): Store => ({
  ...store,
  query: async (sql, params) => {
    const plan = await store.query<{ rows: string }>(`EXPLAIN ESTIMATE ${sql}`, params)
    planned += plan.reduce((sum, { rows }) => sum + Number(rows), 0)
    return store.query(sql, params)
  },
})

/** What it reads is at most so much, and it gives so many. */
async function reading<T>(most: number, ask: (store: Store) => Promise<readonly T[]>): Promise<readonly T[]> {
  planned = 0
  const rows = await ask(counting())
  expect(planned).toBeLessThan(most)
  return rows
}

beforeAll(async () => {
  store = await openEmbedded(join(folder, 'store'))
  await migrate(store)
  // One event in ten is of the machines that serve all desktops; no other names a desktop, either.
  await store.command(
    `INSERT INTO dcvlens.events (batch, event_id, ts, ingested_at, host, source, file, file_id, offset, length, kind, rule_id, severity, message)
     SELECT 'B', leftPad(lower(hex(number)), 32, '0'), toDateTime64(${BEGIN_S} + number / ${EVENTS} * ${DAYS * 86_400}, 6, 'UTC'),
       toDateTime64(${BEGIN_S + DAYS * 86_400}, 3, 'UTC'), host, source, concat('/', source, '/', host),
       lower(hex(cityHash64(source, host))), number, 1, 'signature', 'some-rule', 'warning',
       concat('said ', toString(number), if(number = ${WEEK * 6 + 10}, ' of ip-10-9-9-9', ''))
     FROM (
       SELECT number, if(number % 10 = 0, '', concat('ip-10-0-0-', toString(number % ${HOSTS}))) AS host,
         if(number % 10 = 0, if(number % 20 = 0, 'alb-manager', 'web-ui'), 'dcv-server') AS source FROM numbers(${EVENTS})
     ) SETTINGS max_insert_threads = 1, max_threads = 1, min_insert_block_size_rows = 1000000, max_block_size = 1000000`,
  )
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

it('what shared machines wrote since a time is read without what hosts wrote, and without what is weeks older', async () => {
  const filter = { shared: SHARED, from: dayText(49) }
  const events = await reading(EVENTS / 8, (counted) => selectSharedEvents(counted, filter))
  expect(events).toHaveLength(WEEK / 10)
  expect(events.map(({ ts }) => ts)).toEqual(events.map(({ ts }) => ts).toSorted())
  expect(new Set(events.map(({ source }) => source))).toEqual(new Set(SHARED))
})

it('words and hours of a desktop are looked for among what shared machines wrote', async () => {
  const filter = { shared: SHARED, from: dayText(35) }
  const words = { tokens: ['ip-10-9-9-9'], owners: [], sessions: [], rows: [] }
  planned = 0
  const { hours } = await selectMentions(counting(), filter, words, 0)
  expect(hours).toEqual([Date.parse(dayText(42)) / 1000])
  expect(planned).toBeLessThan(EVENTS / 6)
  const always = { all: [], firsts: ['some-rule'] }
  const inHour = await reading(EVENTS / 6, (counted) => selectSharedIn(counted, SHARED, hours))
  expect(inHour).toHaveLength(Math.ceil(WEEK / 7 / 24 / 10))
  expect(inHour.every(({ ts }) => ts.startsWith('2026-03-16T00:'))).toBe(true)
  const others = await reading(EVENTS / 2, (counted) => selectSharedAlways(counted, filter, hours, always))
  // Of every other hour the first of each file, of each thing that a file tells the last.
  expect(others).toHaveLength((21 * 24 - 1) * SHARED.length + SHARED.length)
})

it('what a host wrote is read without what the others wrote', async () => {
  const filter = { desktops: [{ owner: 'ann', session: 'cad' }], shared: SHARED, hosts: ['ip-10-0-0-7'] }
  const events = await reading(EVENTS / 4, (counted) => selectOwnEvents(counted, filter))
  expect(events).toHaveLength(EVENTS / HOSTS)
  expect(new Set(events.map(({ file }) => file))).toEqual(new Set(['/dcv-server/ip-10-0-0-7']))
})

it('where there are more events than are looked at, the newest are', async () => {
  const ofHost = (host: string) => `host = '${host}'`
  const hosts = ['ip-10-0-0-7', 'ip-10-0-0-8']
  const all = await selectStoryEvents(store, hosts.map(ofHost), {}, EVENTS)
  expect(all).toHaveLength((2 * EVENTS) / HOSTS)
  expect(await selectStoryEvents(store, hosts.map(ofHost), {}, 5)).toEqual(all.slice(-5))
})
