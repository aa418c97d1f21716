import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/store/client.ts'
import { migrate } from '../../src/store/migrate.ts'
import { startApi } from '../support/api.ts'
import { NARROW, openBrowser, openTab, overflow, seriousIssues } from '../support/browser.ts'
import { tempDir } from '../support/temp-dir.ts'

const MIGRATIONS = join(import.meta.dirname, '../../src/store/migrations')

it('the status tells which files are behind, what the store takes and how much room is left', async () => {
  const store = await openEmbedded(join(tempDir(), 'store'))
  onTestFinished(() => store.close())
  await migrate(store)
  const pageFolder = join(import.meta.dirname, '..', '..', 'dist', 'web')
  const server = await startApi({ store, pageFolder })
  onTestFinished(() => server.close())
  const browser = await openBrowser()
  onTestFinished(() => browser.close())
  const { page, faults } = await openTab(browser, `${server.url}/status`)
  const behind = page.getByRole('table', { name: 'files that are not read to their ends' })
  expect(await behind.locator('tbody').textContent()).toBe('/var/log/dcv/server.log40 B12 s')
  const tables = page.getByRole('table', { name: 'tables of the store' })
  expect(await tables.locator('tbody').textContent()).toMatch(
    new RegExp(`^schema_migrations${readdirSync(MIGRATIONS).length}[\\d.]+ K?B$`),
  )
  expect(await page.getByRole('region', { name: 'Free disk' }).textContent()).toBe(
    'Free disk50.0 GBof 100 GB for /data',
  )
  expect(await seriousIssues(page)).toEqual([])
  for (const width of [1440, 1024, NARROW.width]) {
    await page.setViewportSize({ ...NARROW, width })
    const rows = await figureRows(page)
    expect(rows.flat()).toHaveLength(8)
    // No row ends before the others.
    expect(new Set(rows.map((row) => Math.round(Math.max(...row)))).size).toBe(1)
  }
  await page.setViewportSize(NARROW)
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  expect(faults).toEqual([])
})

/** Where the figures of the status end on the right (pixels), by the rows that they stand in. */
function figureRows(page: Page): Promise<number[][]> {
  return page.locator('.figures-status > .figure').evaluateAll((figures) => {
    const rows = new Map<number, number[]>()
    for (const figure of figures) {
      const { top, right } = figure.getBoundingClientRect()
      rows.set(top, [...(rows.get(top) ?? []), right])
    }
    return [...rows.values()]
  })
}
