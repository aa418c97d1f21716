import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OpenStore, openEmbedded, type Store } from '../../src/store/client.ts'
import { selectPlace } from '../../src/store/context-query.ts'
import { selectCorrelated } from '../../src/store/correlated-query.ts'
import { type EventRowJson, selectVerdicts } from '../../src/store/line-query.ts'
import { migrate } from '../../src/store/migrate.ts'
import { askEvents, EVENTS } from '../../src/triage/events.ts'

const folder = join(tmpdir(), `dcvlens-reads-${process.pid}`)
const NOW_MS = Date.UTC(2026, 2, 31)
const DAYS = 30
const EVENTS_STORED = 300_000
const DESKTOPS = 200
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

beforeAll(async () => {
  store = await openEmbedded(join(folder, 'store'))
  await migrate(store)
  await store.command(
    `INSERT INTO dcvlens.events (batch, event_id, ts, ingested_at, owner, session, file_id, offset, length, kind, rule_id, severity)
     SELECT 'B', leftPad(lower(hex(number)), 32, '0'), toDateTime64(${NOW_MS / 1000} - number / ${EVENTS_STORED} * ${DAYS * 86_400}, 6, 'UTC'),
       toDateTime64(${NOW_MS / 1000}, 3, 'UTC'), concat('user', toString(number % ${DESKTOPS})), 'cad', 'f', number, if(number = 7, 0, 1), 'signature',
       if(number % 100 = 0, 'often', if(number % 100000 = 1, 'seldom', 'other')), 'error'
     FROM numbers(${EVENTS_STORED}) SETTINGS max_insert_threads = 1, max_threads = 1, min_insert_block_size_rows = 1000000, max_block_size = 1000000`,
  )
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

it('what rules say of the lines of one desktop is read from its own events', async () => {
  const rows = await store.query<EventRowJson>(
    `SELECT event_id, formatDateTime(ts, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS ts, toString(owner) AS owner, toString(session) AS session
     FROM dcvlens.events WHERE owner = 'user3' ORDER BY ts LIMIT 500`,
  )
  const [oldest, ...others] = rows
  planned = 0
  const verdicts = await selectVerdicts(counting(), rows)
  expect(verdicts).toHaveLength(500)
  expect(planned).toBeLessThan(EVENTS_STORED / 10)
  // One of another desktop is told of, too.
  const other = { ...oldest, event_id: '0'.repeat(32), owner: 'user0', ts: new Date(NOW_MS).toISOString() }
  expect(await selectVerdicts(store, [...others, other])).toHaveLength(500)
})

it('the newest events of what comes often are read without history; of what comes seldom all are found', async () => {
  const library = { store: counting(), nowMs: NOW_MS } as Parameters<typeof askEvents>[1]
  planned = 0
  const often = await askEvents(EVENTS.parse({ rule: 'often', limit: '100' }), library)
  expect([often.items.length, often.items[0]?.ts]).toEqual([100, '2026-03-31T00:00:00.000000Z'])
  expect(planned).toBeLessThan(EVENTS_STORED / 2)
  planned = 0
  const more = await askEvents(EVENTS.parse({ rule: 'often', limit: '100', cursor: often.next }), library)
  expect(more.items).toHaveLength(100)
  expect(`${more.items[0]?.ts}` < `${often.items.at(-1)?.ts}`).toBe(true)
  expect(planned).toBeLessThan(EVENTS_STORED / 2)
  const seldom = await askEvents(EVENTS.parse({ rule: 'seldom', limit: '100' }), library)
  expect(seldom.items).toHaveLength(3)
})

it.each([undefined, '2026-03-16T00:00:00Z'])(
  'what rules say of several events is found without reading what they say of lines, since %s',
  async (from) => {
    planned = 0
    const [made, ...others] = await selectCorrelated(counting(), { text: '', from }, { limit: 100 })
    expect([made?.['event_id'], others]).toEqual([`${'0'.repeat(31)}7`, []])
    expect(planned).toBeLessThan(EVENTS_STORED / 10)
  },
)

it.each([undefined, '2026-03-31T00:00:00.000000Z'])('an event is found by its id, at %s', async (at) => {
  planned = 0
  expect(await selectPlace(counting(), '0'.repeat(32), at)).toMatchObject({ file_id: 'f', offset: 0 })
  expect(planned).toBeLessThan(EVENTS_STORED / 10)
})
