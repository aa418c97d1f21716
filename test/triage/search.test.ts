import { rmSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { askSearch, SEARCH } from '../../src/triage/lines.ts'
import { libraryOf } from '../../src/web/service.ts'
import { serviceOn } from '../support/api.ts'
import { type Happened, openHistory } from '../support/event-history.ts'
import { tempDir } from '../support/temp-dir.ts'

const NOW = Date.parse('2026-03-10T12:00:00Z')
const HOURS_AGO = [90, 80, 70, 20, 10, 1]

it('pages of a search follow each other from the last day into what is older', async () => {
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
    const asked = { text: 'LAMP', limit: '2', ...(cursor === '' ? {} : { cursor }) }
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
})
