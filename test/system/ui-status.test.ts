import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/store/client.ts'
import { migrate } from '../../src/store/migrate.ts'
import { startApi } from '../support/api.ts'
import { NARROW, openBrowser, openTab, overflow, seriousIssues } from '../support/browser.ts'
import { tempDir } from '../support/temp-dir.ts'

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
  expect(await tables.locator('tbody').textContent()).toMatch(/^schema_migrations4[\d.]+ K?B$/)
  expect(await page.getByRole('region', { name: 'Free disk' }).textContent()).toBe(
    'Free disk50.0 GBof 100 GB for /data',
  )
  expect(await seriousIssues(page)).toEqual([])
  await page.setViewportSize(NARROW)
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  expect(faults).toEqual([])
})
