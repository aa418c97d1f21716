import { rmSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { askLines, LINES } from '../../src/triage/lines.ts'
import { earlyOf } from '../../src/triage/page-span.ts'
import { askTimeline, TIMELINE } from '../../src/triage/timeline.ts'
import { libraryOf } from '../../src/web/service.ts'
import { serviceOn } from '../support/api.ts'
import { type Happened, openHistory } from '../support/event-history.ts'
import { tempDir } from '../support/temp-dir.ts'

const NOW = Date.parse('2026-03-10T12:00:00Z')
const HOUR_MS = 3_600_000
const HOURS_AGO = [90, 80, 70, 20, 10, 1]

const told = (hours: number): Happened => ({
  ...{ atMs: NOW - hours * HOUR_MS, rule: 'r', severity: 'info', message: `lamp ${hours} is on` },
  ...{ owner: 'ann', session: 'cad', host: 'ip-10-0-0-3' },
})

/** Pages of two lines of a desktop, and up to when the store was asked for lines. */
async function pagesOf(ask: (params: Record<string, string>, store: Stored) => Promise<Answer>) {
  const folder = tempDir()
  const { store, add } = await openHistory(folder)
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await add(HOURS_AGO.map(told))
  const ends: unknown[] = []
  const spied = {
    ...store,
    query: <Row>(sql: string, params?: Parameters<typeof store.query>[1]) => {
      if (sql.includes("'line' AS kind")) ends.push(params?.['to'])
      return store.query<Row>(sql, params)
    },
  }
  const pages: (string | undefined)[][] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: Answer = await ask(
      { session: 'ann/cad', limit: '2', ...(cursor === '' ? {} : { cursor }) },
      spied,
    )
    pages.push(page.items.map(({ message }) => message))
    cursor = page.next
  }
  return { pages, ends }
}

type Stored = Awaited<ReturnType<typeof openHistory>>['store']
type Answer = Awaited<ReturnType<typeof askLines>>

const libraryOn = (store: Stored) => ({ ...libraryOf(serviceOn(store)), nowMs: NOW })

it.each([
  [
    'lines',
    (params: Record<string, string>, store: Stored) => askLines(LINES.parse(params), libraryOn(store)),
  ],
  [
    'timeline',
    (params: Record<string, string>, store: Stored) =>
      askTimeline(TIMELINE.parse({ ...params, all: 'true' }), libraryOn(store)),
  ],
])('pages of a desktop follow each other from its first day into what is later: %s', async (_, ask) => {
  const { pages, ends } = await pagesOf(ask)
  expect(pages).toEqual([
    ['lamp 90 is on', 'lamp 80 is on'],
    ['lamp 70 is on', 'lamp 20 is on'],
    ['lamp 10 is on', 'lamp 1 is on'],
  ])
  // The first page is full within its first day; the second is not, and the end of the third is looked for.
  expect(ends.slice(0, 3)).toEqual(['2026-03-07T18:00:00.000Z', '2026-03-08T04:00:00.000Z', undefined])
})

it('a page begins where the span, the page before it or the log does, and its first part is shorter than the span', () => {
  const first = '2026-03-01T00:00:00Z'
  expect(earlyOf({}, undefined, HOUR_MS)).toBeUndefined()
  expect(earlyOf({}, first, HOUR_MS)).toBe('2026-03-01T01:00:00.000Z')
  expect(earlyOf({ from: '2026-03-02T00:00:00Z' }, first, HOUR_MS)).toBe('2026-03-02T01:00:00.000Z')
  expect(earlyOf({ cursor: ['2026-03-03T00:00:00Z'] }, first, HOUR_MS)).toBe('2026-03-03T01:00:00.000Z')
  expect(earlyOf({ to: '2026-03-01T01:00:00Z' }, first, HOUR_MS)).toBeUndefined()
  expect(earlyOf({ from: '9999-12-31T23:30:00Z' }, first, HOUR_MS)).toBeUndefined()
  expect(earlyOf({ to: '2026-03-01T01:00:01Z' }, first, HOUR_MS)).toBe('2026-03-01T01:00:00.000Z')
})
