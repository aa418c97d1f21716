import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { seriousIssues, WIDE } from '../support/browser.ts'
import { demoPages } from '../support/demo-pages.ts'

const { onPage, write } = demoPages()

describe('the table of desktops', () => {
  it('is filtered as one types, and the address is the view', () =>
    onPage('/sessions', async ({ page }) => {
      await page.getByLabel('Filter desktops').fill('mount')
      await page.getByText(/^1 of \d+ desktops/).waitFor()
      await page.waitForURL('**/sessions?q=mount')
      await page.getByRole('link', { name: 'dpatel/meshing' }).click()
      await page.getByRole('heading', { name: 'NFS mount timed out' }).waitFor()
      await page.goBack()
      await page.getByText(/^1 of \d+ desktops/).waitFor()
      expect(await page.getByLabel('Filter desktops').inputValue()).toBe('mount')
    }))

  it('opens as it was shared', () =>
    onPage('/sessions?status=failed&order=-session', async ({ page }) => {
      await page.getByRole('link', { name: 'dpatel/meshing' }).waitFor()
      expect(await page.getByRole('link', { name: 'amartin' }).count()).toBe(0)
      const names = await page.locator('td.column-session a').allTextContents()
      expect(names).toEqual(names.toSorted().reverse())
      expect(await page.locator('th[aria-sort=descending]').textContent()).toContain('Desktop')
    }))

  it('is gone through with the keys', () =>
    onPage('/', async ({ page }) => {
      await page.keyboard.press('g')
      await page.keyboard.press('s')
      await page.getByRole('link', { name: 'dpatel/meshing' }).waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      await page.keyboard.press('k')
      const first = await page.locator('td.column-session a').first().textContent()
      await page.keyboard.press('Enter')
      await page.waitForURL(`**/sessions/${first}`)
    }))

  it('shows a desktop that begins while one looks', () =>
    onPage('/sessions?q=zoe', async ({ page }) => {
      await page.getByText('No desktop matches the filter').waitFor()
      write('zoe/fresh', '++ date')
      await page.getByRole('link', { name: 'zoe/fresh' }).waitFor()
    }))
})

describe('a desktop', () => {
  const desktop = '/sessions/bjensen/cfdpost'

  it('stands at the line that its verdict rests on', () =>
    onPage(desktop, async ({ page }) => {
      const chosen = page.locator('.log-row[aria-selected=true]')
      await chosen.waitFor()
      expect(await chosen.textContent()).toContain('Insufficient permissions to modify computer account')
    }))

  it('tells all of a line: its rule, its place, its neighbours', () =>
    onPage(desktop, async ({ page }) => {
      await page.locator('.evidence-line').first().click()
      const panel = page.getByRole('complementary')
      await panel.locator('.neighbour.is-here').waitFor()
      expect(await panel.textContent()).toMatch(/ComputeNode\.sh\.log:\d+, byte \d+/)
      const shared = page.url()
      await page.keyboard.press('Escape')
      await panel.waitFor({ state: 'detached' })
      await page.goto(shared)
      await panel.locator('.neighbour.is-here').waitFor()
      expect(await seriousIssues(page)).toEqual([])
    }))

  it.each([1241, WIDE.width])('shows a line beside the list, which stays where it is: %i pixels', (width) =>
    onPage(desktop, async ({ page }) => {
      await page.setViewportSize({ ...WIDE, width })
      // It comes above the list, after all other parts: until then the list moves.
      await page.getByRole('button', { name: /^Compare with/ }).waitFor()
      const chosen = page.locator('.log-row[aria-selected=true]')
      await chosen.scrollIntoViewIfNeeded()
      const place = Number((await chosen.getAttribute('id'))?.slice('row-'.length))
      const row = page.locator(`#row-${place + 2}`)
      const sideOf = async (element: Locator) => {
        const { x, y, right } = await element.evaluate((shown) => shown.getBoundingClientRect())
        return { x, y, end: right }
      }
      const before = await sideOf(row)
      await row.click()
      await page.locator('.panel .neighbour.is-here').waitFor()
      const after = await sideOf(row)
      expect(after.end).toBeLessThanOrEqual((await sideOf(page.locator('.panel'))).x)
      expect(after.end - after.x).toBeGreaterThan(500)
      expect(Math.abs(after.y - before.y)).toBeLessThan(2)
      await page.getByRole('button', { name: 'Close' }).click()
      await page.locator('.panel').waitFor({ state: 'detached' })
      expect(Math.abs((await sideOf(row)).y - before.y)).toBeLessThan(2)
    }),
  )

  it('is filtered by a brush over its lanes', () =>
    onPage(desktop, async ({ page }) => {
      await page.getByText(/^\d+ lines$/).waitFor()
      await page.locator('.lane-plot svg').scrollIntoViewIfNeeded()
      const box = await page.locator('.lane-plot svg').boundingBox()
      if (box === null) throw new Error('no lanes')
      await page.mouse.move(box.x + box.width * 0.1, box.y + 10)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * 0.5, box.y + 20, { steps: 4 })
      await page.mouse.up()
      await page.getByText(/^\d+ of \d+ lines$/).waitFor()
      await page.getByRole('button', { name: 'Show all of it' }).click()
      await page.getByText(/^\d+ lines$/).waitFor()
    }))

  it('goes from failure to failure with n and p', () =>
    onPage(desktop, async ({ page }) => {
      await page.locator('.log-row[aria-selected=true]').waitFor()
      await page.keyboard.press('n')
      await page.waitForURL(/event=/)
      const first = page.url()
      await page.keyboard.press('n')
      await page.waitForURL((next) => next.href !== first)
      await page.keyboard.press('p')
      await page.waitForURL(first)
    }))

  it('brings its lines into view when one goes through them by keys', () =>
    onPage(desktop, async ({ page }) => {
      const chosen = page.locator('.log-row[aria-selected=true]')
      await chosen.waitFor()
      for (const key of ['j', 'n', 'k']) {
        await page.evaluate('scrollTo(0, 0)')
        await page.keyboard.press(key)
        await page.waitForURL(/event=/)
        // The row has no place while the list is drawn anew.
        const isInView = async () => {
          const { y = -1 } = (await chosen.boundingBox()) ?? {}
          return y > 0 && y < WIDE.height
        }
        await expect.poll(isInView, { message: `the line after ${key}`, timeout: 20_000 }).toBe(true)
      }
    }))

  it('is compared with one that works', () =>
    onPage(desktop, async ({ page }) => {
      await page.getByRole('button', { name: 'Compare with amartin/LinuxDesktop1' }).click()
      await page
        .getByRole('heading', { name: 'Compared with amartin/LinuxDesktop1, which is ready' })
        .waitFor()
      expect(await page.getByRole('row', { name: /^Identity/ }).textContent()).toContain('not done here')
      await page.getByText(/^Failures only here: \d+/).waitFor()
      await page.getByText(/\d+ expected steps? missing here/).waitFor()
      expect(await seriousIssues(page)).toEqual([])
    }))

  it('is compared with any other, and told where there is none of the name', () =>
    onPage(`${desktop}?compare=nobody/nothing`, async ({ page }) => {
      await page.getByText('no desktop is named nobody/nothing').waitFor()
      await page.getByLabel('Compare with').fill('dpatel/meshing')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Compared with dpatel/meshing, which failed' }).waitFor()
    }))

  it('is had as a report', () =>
    onPage(desktop, async ({ page }) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Report' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('bjensen-cfdpost.md')
      const chunks: Buffer[] = []
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
      expect(Buffer.concat(chunks).toString()).toContain(
        '**An old computer object is in the way of the domain join**',
      )
    }))
})
