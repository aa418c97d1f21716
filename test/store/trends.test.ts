import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RowVerdict } from '../../src/model.ts'
import { Batch } from '../../src/store/batch.ts'
import { openEmbedded, type Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { insertBatch } from '../../src/store/insert.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrate } from '../../src/store/migrate.ts'
import { selectTrends } from '../../src/store/trend-query.ts'
import { someChunk, someFile } from '../support/chunks.ts'

const folder = join(tmpdir(), `dcvlens-trends-${process.pid}`)
const MINUTE_US = 60_000_000
const DAY_MS = 86_400_000
const START_US = Date.UTC(2026, 2, 4, 10) * 1000
let store: Store

const verdict = (row: number, ruleId: string): RowVerdict => ({
  row,
  kind: ruleId === 'begun' ? 'milestone' : 'signature',
  ruleId,
  ruleVersion: 1,
  severity: 'error',
  phase: '',
  layer: '',
  captures: {},
})

beforeAll(async () => {
  store = await openEmbedded(join(folder, 'store'))
  await migrate(store)
  for (const [i, session] of ['s1', 's2', 's1'].entries()) {
    const journal = openJournal<string>(join(folder, 'journal'))
    const batch = new Batch<string>(journal, new LinesBlock(), {
      name: `B${i}`,
      nowMs: Date.now(),
      ruleSet: 'r',
      copies: new Copies(),
    })
    const rows = Array.from({ length: 120 }, (_, minute) => ({
      message: `m${minute}`,
      ts: START_US + minute * MINUTE_US,
    }))
    const verdicts = rows.flatMap((_, row) => [
      verdict(row, row % 2 === 0 ? 'even' : 'odd'),
      verdict(row, 'begun'),
    ])
    const file = { ...someFile, identity: { ...someFile.identity, session } }
    batch.append(someChunk(rows, { file, offset: i * 10_000, verdicts }), [], 'f', () => 'c')
    await insertBatch(store, journal, await batch.seal())
  }
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

it('trends count what events hold, by bucket, and each desktop once', async () => {
  const trends = await selectTrends(store, { bucketMinutes: 60, milestones: false })
  const shown = trends.map(({ bucket, rule_id, count, sessions, hosts }) => ({
    bucket,
    rule_id,
    count,
    sessions,
    hosts,
  }))
  expect(shown).toEqual([
    { bucket: '2026-03-04T10:00:00Z', rule_id: 'even', count: 90, sessions: 2, hosts: 1 },
    { bucket: '2026-03-04T10:00:00Z', rule_id: 'odd', count: 90, sessions: 2, hosts: 1 },
    { bucket: '2026-03-04T11:00:00Z', rule_id: 'even', count: 90, sessions: 2, hosts: 1 },
    { bucket: '2026-03-04T11:00:00Z', rule_id: 'odd', count: 90, sessions: 2, hosts: 1 },
  ])
  const all = await selectTrends(store, { bucketMinutes: 1440, milestones: true })
  const [events] = await store.query<{ n: number }>('SELECT toFloat64(count()) AS n FROM dcvlens.events')
  expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(events?.n)
})

it('trends of a range, a rule and a desktop leave the rest out', async () => {
  const desktop = { owner: 'ann', session: 's2', logs: [] }
  const filter = { bucketMinutes: 5, milestones: false, rule: 'odd', desktop }
  const trends = await selectTrends(store, {
    ...filter,
    from: '2026-03-04T10:30:00Z',
    to: '2026-03-04T10:40:00Z',
  })
  expect(trends.map(({ bucket, count }) => [bucket, count])).toEqual([
    ['2026-03-04T10:30:00Z', 2],
    ['2026-03-04T10:35:00Z', 3],
  ])
})

it('trends by hours and days count what lies in the time that is asked for', async () => {
  const countsOf = async (bucketMinutes: number, from?: string, to?: string) => {
    const trends = await selectTrends(store, { bucketMinutes, milestones: false, rule: 'odd', from, to })
    return trends.map(({ bucket, count, sessions }) => [bucket.slice(8, 13), count, sessions])
  }
  expect(await countsOf(60, '2026-03-04T10:30:00Z')).toEqual([
    ['04T10', 45, 2],
    ['04T11', 90, 2],
  ])
  expect(await countsOf(60, '2026-03-04T10:30:00Z', '2026-03-04T11:30:00Z')).toEqual([
    ['04T10', 45, 2],
    ['04T11', 45, 2],
  ])
  expect(await countsOf(60, '2026-03-04T10:10:00Z', '2026-03-04T10:20:00Z')).toEqual([['04T10', 15, 2]])
  expect(await countsOf(60, undefined, '2026-03-04T11:10:00Z')).toEqual([
    ['04T10', 90, 2],
    ['04T11', 15, 2],
  ])
  expect(await countsOf(1440, '2026-03-04T10:30:00Z')).toEqual([['04T00', 135, 2]])
  expect(await countsOf(1440, '2026-03-03T10:30:00Z', '2026-03-05T00:00:00Z')).toEqual([['04T00', 180, 2]])
})

it('in whatever time is asked for, trends count the events in it once', async () => {
  const minutes = fc.nat(2 * 288).map((fives) => START_US / 1000 - DAY_MS + fives * 300_000)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(60, 1440), minutes, minutes, async (bucketMinutes, a, b) => {
      const [from = '', to = ''] = [a, b].sort((x, y) => x - y).map((ms) => new Date(ms).toISOString())
      const trends = await selectTrends(store, { bucketMinutes, milestones: false, from, to })
      const [events] = await store.query<{ n: number }>(
        `SELECT toFloat64(count()) AS n FROM dcvlens.events WHERE kind != 'milestone' AND counted = 1
           AND ts >= parseDateTime64BestEffort({from:String}, 6, 'UTC') AND ts < parseDateTime64BestEffort({to:String}, 6, 'UTC')`,
        { from, to },
      )
      expect(trends.reduce((sum, { count }) => sum + count, 0)).toBe(events?.n)
    }),
    { numRuns: 40 },
  )
})

it.each([
  [60, '2026-03-04T10:07:00Z', ['(trend_minutes)', '(trend_hours)']],
  [1440, undefined, ['(trend_days)']],
])(
  'trends by %d minutes are read from projections, not from the events',
  async (bucketMinutes, from, read) => {
    const plans: string[] = []
    const explaining: Store = {
      ...store,
      query: async (sql, params) => {
        const plan = await store.query<{ explain: string }>(`EXPLAIN ${sql}`, params)
        plans.push(...plan.map((step) => step.explain))
        return []
      },
    }
    await selectTrends(explaining, { bucketMinutes, milestones: false, rule: 'odd', from })
    const reads = plans.filter((step) => step.includes('ReadFrom'))
    expect(reads).toEqual(read.map((projection) => expect.stringContaining(projection)))
  },
)
