import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Store } from '../../src/store/client.ts'
import { SharedHours } from '../../src/triage/diagnosis/shared-logs/shared-hours.ts'
import { SHARED } from '../../src/triage/diagnosis/story.ts'
import { type EventHistory, openHistory } from '../support/event-history.ts'

const BEGIN_S = Date.parse('2026-03-01T00:00:00Z') / 1000
const HOURS = 12
const EACH = 5
const ALWAYS = { all: ['befalls-all'], firsts: ['ends'] }
const folder = mkdtempSync(join(tmpdir(), 'dcvlens-shared-hours-'))
let history: EventHistory

beforeAll(async () => {
  history = await openHistory(join(folder, 'data'))
  const rules = ['befalls-all', 'ends', 'ends', 'seen', 'seen']
  await history.add(
    Array.from({ length: HOURS * EACH }, (_, n) => ({
      ...{ atMs: (BEGIN_S + (n * 3600) / EACH) * 1000, rule: rules[n % EACH] ?? '', message: `told ${n}` },
      ...{ source: 'alb-manager', severity: 'warning' },
    })),
  )
})

afterAll(async () => {
  await history.store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The store, and how many rows it has given. */
function counted(): { readonly store: Store; rows: number } {
  const counting = {
    rows: 0,
    store: {
      ...history.store,
      query: async <Row>(sql: string, params?: Parameters<Store['query']>[1]) => {
        const rows = await history.store.query<Row>(sql, params)
        counting.rows += rows.length
        return rows
      },
    },
  }
  return counting
}

const someHours = fc
  .uniqueArray(fc.integer({ min: -1, max: HOURS }), { maxLength: HOURS })
  .map((hours) => hours.map((hour) => BEGIN_S + hour * 3600))
const someFrom = fc.option(
  fc
    .integer({ min: 0, max: HOURS * 60 })
    .map((minutes) => new Date((BEGIN_S + minutes * 60) * 1000).toISOString()),
  { nil: undefined },
)

it('whoever asked before, the events are those that are read for one question alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(someHours, someFrom), { maxLength: 3 }), async (questions) => {
      const kept = new SharedHours(history.store)
      for (const [hours, from] of questions) {
        const filter = { shared: [...SHARED], from }
        const alone = await new SharedHours(history.store).events(filter, hours, ALWAYS)
        expect(await kept.events(filter, hours, ALWAYS)).toEqual(alone)
        const isAsked = (ms: number) => hours.includes(Math.floor(ms / 3_600_000) * 3600)
        const inHours = alone.filter(({ ts }) => isAsked(Date.parse(ts)))
        const fromMs = from === undefined ? 0 : Date.parse(from)
        const times = Array.from({ length: HOURS * EACH }, (_, n) => (BEGIN_S + (n * 3600) / EACH) * 1000)
        expect(inHours.map(({ ts }) => Date.parse(ts))).toEqual(
          times.filter((ms) => ms >= fromMs && isAsked(ms)),
        )
      }
    }),
    { numRuns: 15 },
  )
})

it('an hour that the last question needed is not read again', async () => {
  const counting = counted()
  const kept = new SharedHours(counting.store)
  const filter = { shared: [...SHARED], from: undefined }
  const hours = [0, 1, 2, 3].map((hour) => BEGIN_S + hour * 3600)
  const never = { all: [], firsts: [] }
  await kept.events(filter, hours, never)
  const first = counting.rows
  await kept.events(filter, [...hours, BEGIN_S + 4 * 3600], never)
  expect(counting.rows - first).toBeLessThan(first)
})
