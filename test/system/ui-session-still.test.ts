import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, openTab } from '../support/browser.ts'
import { type Program, startLasting, until } from '../support/program.ts'

let browser: Browser
let demo: Program
let url = ''
beforeAll(async () => {
  demo = startLasting(['serve', '--demo', '--port', '0'])
  ;[browser, url] = await Promise.all([openBrowser(), demo.url()])
  await until('the desktop has a verdict', async () => {
    const answer = await fetch(`${url}/api/v1/diagnose?session=dpatel/meshing`)
    return answer.ok && (await answer.text()).includes('nfs-timeout')
  })
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

it('what stands below "Compare with" stays where it is when that comes late, and the phases are one row', async () => {
  const { page, close } = await openTab(browser, 'about:blank', { viewport: { width: 1280, height: 900 } })
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**/api/v1/sessions?**', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${url}/sessions/dpatel/meshing`)
  const story = page.locator('#story')
  await story.locator('.log-row').first().waitFor()
  const before = await story.boundingBox()
  letGo()
  await page.getByRole('button', { name: 'Compare with' }).waitFor()
  expect((await story.boundingBox())?.y).toBe(before?.y)
  const tops = await page
    .locator('.phases > .phase')
    .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)))
  expect(tops).toHaveLength(11)
  expect(new Set(tops).size).toBe(1)
  await close()
})
