import { rmSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { askSearch, SEARCH } from '../../src/triage/lines.ts'
import { recentOf } from '../../src/triage/page-span.ts'
import { libraryOf } from '../../src/web/service.ts'
import { serviceOn } from '../support/api.ts'
import { type Happened, openHistory } from '../support/event-history.ts'
import { tempDir } from '../support/temp-dir.ts'

const NOW = Date.parse('2026-03-10T12:00:00Z')
const HOURS_AGO = [90, 80, 70, 20, 10, 1]

it.each([undefined, '2026-03-01T00:00:00Z'])(
  'pages of a search follow each other from the last day into what is older, since %s',
  async (from) => {
    const folder = tempDir()
    const { store, add } = await openHistory(folder)
    onTestFinished(async () => {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    })
    const told = (hours: number): Happened => ({
      ...{ atMs: NOW - hours * 3_600_000, rule: 'r', severity: 'info', message: `lamp ${hours} is on` },
    })
    await add(HOURS_AGO.map(told))
    const statements: string[] = []
    const spied = {
      ...store,
      query: <Row>(sql: string, params?: Parameters<typeof store.query>[1]) => {
        if (sql.includes('dcvlens.lines')) statements.push(String(params?.['from']))
        return store.query<Row>(sql, params)
      },
    }
    const library = { ...libraryOf(serviceOn(spied)), nowMs: NOW }
    const pages: string[][] = []
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const asked = { text: 'LAMP', limit: '2', from, ...(cursor === '' ? {} : { cursor }) }
      const page = await askSearch(SEARCH.parse(asked), library)
      pages.push(page.items.map(({ message }) => message))
      cursor = page.next
    }
    expect(pages).toEqual([
      ['lamp 1 is on', 'lamp 10 is on'],
      ['lamp 20 is on', 'lamp 70 is on'],
      ['lamp 80 is on', 'lamp 90 is on'],
    ])
    expect(statements[0]).toBe('2026-03-09T12:00:00.000Z')
    expect(statements[1]).toBe('2026-03-09T02:00:00.000Z')
  },
)

it('what is asked for is not looked for in less if it is no longer than that', () => {
  const since = (from?: string, to?: string) => recentOf({ from, to }, NOW, 3_600_000)
  expect(since('2026-03-10T11:00:00Z')).toBeUndefined()
  expect(since('2026-03-10T10:59:59Z')).toBe('2026-03-10T11:00:00.000Z')
  expect(since('2026-03-10T07:30:00Z', '2026-03-10T08:00:00Z')).toBeUndefined()
  expect(since('2026-03-10T06:00:00Z', '2026-03-10T08:00:00Z')).toBe('2026-03-10T07:00:00.000Z')
})
