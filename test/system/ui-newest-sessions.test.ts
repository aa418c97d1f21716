import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, openTab } from '../support/browser.ts'
import { FAILED } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'

let browser: Browser
let service: SampleService
beforeAll(async () => {
  ;[browser, service] = await Promise.all([openBrowser(), startSampleService()])
})
afterAll(async () => {
  await browser?.close()
  await service?.close()
})

it('the newest desktops are shown while all are waited for, and nothing is missed before they are there', async () => {
  const { page, close } = await openTab(browser, 'about:blank')
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**/api/v1/sessions?*limit=10000*', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${service.url}/sessions?from=2026-01-01T00:00:00Z`)
  await page.getByRole('link', { name: FAILED }).waitFor()
  await page.getByPlaceholder('Filter by name').fill('nobody has this name')
  await page.getByText('Loading').waitFor({ state: 'attached' })
  const missed = page.getByText('No desktop matches the filter')
  expect(await missed.count()).toBe(0)
  letGo()
  await missed.waitFor()
  await close()
})
