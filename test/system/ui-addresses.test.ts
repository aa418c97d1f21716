import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NARROW, openBrowser, openTab, overflow, seriousIssues, type Tab } from '../support/browser.ts'
import { FAILED } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'

const NOBODY = '0123456789abcdef0123456789abcdef'

let browser: Browser
let service: SampleService
beforeAll(async () => {
  ;[browser, service] = await Promise.all([openBrowser(), startSampleService()])
})
afterAll(async () => {
  await browser?.close()
  await service?.close()
})

async function onPage(path: string, look: (tab: Tab) => Promise<void>): Promise<void> {
  const tab = await openTab(browser, service.url + path)
  try {
    await look(tab)
    expect(await seriousIssues(tab.page)).toEqual([])
    expect(tab.faults).toEqual([])
  } finally {
    await tab.close()
  }
}

const parameters = (tab: Tab) => new URL(tab.page.url()).search

describe('an address that names what is not there', () => {
  it.each([
    [`/sessions/${FAILED}?attempt=99`, 'has no attempt 99', 'Stay with the last attempt'],
    [`/sessions/${FAILED}?event=${NOBODY}`, 'The line of this address is not among', 'Go on without it'],
    [`/search?event=${NOBODY}`, 'The line of this address is not known', 'Go on without it'],
  ])('%s says so and what to do', (path, text, remedy) =>
    onPage(path, async (tab) => {
      await tab.page.getByRole('alert').getByText(text).waitFor()
      await tab.page.getByRole('button', { name: remedy }).click()
      await tab.page.getByRole('alert').waitFor({ state: 'detached' })
      expect(parameters(tab)).toBe('')
    }),
  )

  it.each([
    ['/alerts?state=bogus', 'state'],
    ['/signatures?kind=bogus', 'kind'],
    ['/signatures?state=bogus', 'state'],
    ['/rules?component=bogus', 'component'],
    ['/sessions?status=bogus', 'status'],
    [`/sessions/${FAILED}?severity=bogus`, 'severity'],
  ])('%s says which filter has no such value and takes it away', (path, name) =>
    onPage(path, async (tab) => {
      const chip = tab.page.getByRole('alert').getByRole('button', { name: `no ${name} is called bogus` })
      await chip.waitFor()
      await tab.page.setViewportSize(NARROW)
      expect(await overflow(tab.page)).toBeLessThanOrEqual(0)
      await chip.click({ timeout: 5000 })
      await chip.waitFor({ state: 'detached' })
      expect(parameters(tab)).toBe('')
    }),
  )

  it('of an alert says that there is none', () =>
    onPage('/alerts/nosuch', async ({ page }) => {
      await page.getByText('No alert has this address').waitFor()
    }))

  it.each([
    ['/sessions/no/such', 'Sessions', '/sessions'],
    ['/signatures/nosuch', 'Signatures', '/signatures'],
    ['/rules/zzzzzzzz', 'Rules', '/rules'],
  ])('%s leads to the page that lists them', (path, title, href) =>
    onPage(path, async ({ page }) => {
      const link = page.getByRole('alert').getByRole('link', { name: title })
      expect(await link.getAttribute('href')).toBe(href)
      expect(await page.getByRole('alert').textContent()).not.toContain('/api/')
    }),
  )
})

it('an event in the address of a search is opened', () =>
  onPage('/search?from=9999d', async ({ page }) => {
    await page.locator('.log-row').first().click()
    await page.locator('.panel').waitFor()
    await page.reload()
    await page.locator('.panel').waitFor()
  }))
