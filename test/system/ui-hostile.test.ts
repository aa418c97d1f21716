import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openTab, overflow, type Tab } from '../support/browser.ts'
import { type Program, startLasting, until } from '../support/program.ts'

const LINES = [
  '<script>document.title = "run"; window.wasRun = 1</script> failed',
  '<img src=x onerror="window.wasRun = 2">',
  '"><svg onload="window.wasRun = 3"><a href="javascript:window.wasRun = 4">error</a>',
  '{{constructor.constructor("window.wasRun = 5")()}} ${window.wasRun = 6}',
  'E: \u001b[31mfailed\u001b[0m \u001b]0;title\u0007 \u009b2J',
  'error: \u202egnp.exe cannot be opened\u202c and \u2066isolated',
  'خطأ: تعذر الاتصال بالخادم failed',
  `error: ${'A'.repeat(1_000_000)}`,
  'mount.nfs4: Connection timed out',
]
/** A name that would turn around what stands after it. */
const TURNED = 'eve/cad\u202e2potkseD'
const MANY = 100_000
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

const root = mkdtempSync(join(tmpdir(), 'dcvlens-test-'))

let browser: Browser
let program: Program
let url = ''

beforeAll(async () => {
  writeLog('jdoe/hostile', LINES)
  writeLog(TURNED, ['mount.nfs4: Connection timed out'])
  writeLog(
    'jdoe/long',
    Array.from({ length: MANY }, (_, i) => `line ${i} of many`),
  )
  program = startLasting(['serve', '--root', root, '--data', join(root, 'data'), '--port', '0'])
  ;[browser, url] = await Promise.all([openBrowser(), program.url()])
  await until('the last line is stored', async () => {
    const answer = await fetch(`${url}/api/v1/search?text=line+${MANY - 1}`)
    return ((await answer.json()) as { items: unknown[] }).items.length > 0
  })
})

afterAll(async () => {
  await browser?.close()
  await program?.stop()
  rmSync(root, { recursive: true, force: true })
})

function writeLog(session: string, lines: readonly string[]): void {
  const folder = join(root, 'apps/soca/soca-one/cluster_node_bootstrap/logs/desktop', session, 'ip-10-0-0-1')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'ComputeNode.sh.log'), `${lines.join('\n')}\n`)
}

async function onPage(path: string, look: (tab: Tab) => Promise<void>): Promise<void> {
  const tab = await openTab(browser, url + path)
  try {
    await look(tab)
    expect(await tab.page.evaluate('window.wasRun')).toBeUndefined()
    expect(await tab.page.title()).toContain('dcvlens')
    expect(tab.faults).toEqual([])
  } finally {
    await tab.close()
  }
}

describe('lines of logs that mean harm', () => {
  it('are text in the list of a desktop, and their controls are seen', () =>
    onPage('/sessions/jdoe/hostile', async ({ page }) => {
      const rows = page.locator('.log-row')
      await rows.nth(LINES.length - 1).waitFor()
      const texts = await rows.allTextContents()
      expect(texts[0]).toContain('<script>document.title = "run"; window.wasRun = 1</script> failed')
      expect(texts[4]).not.toMatch(CONTROLS)
      expect(texts[5]).toContain('⟨U+202E⟩gnp.exe')
      expect(await page.locator('main script, main img, main [onload], main [onerror]').count()).toBe(0)
      expect(await overflow(page)).toBeLessThanOrEqual(0)
    }))

  it('keep to their own direction', () =>
    onPage('/search?text=%D8%AE%D8%B7%D8%A3', async ({ page }) => {
      const text = page.locator('.log-message bdi')
      await text.waitFor()
      expect(
        await page.evaluate(`getComputedStyle(document.querySelector('.log-message bdi')).unicodeBidi`),
      ).toBe('isolate')
    }))

  it('are shown whole only where that is asked for', () =>
    onPage('/search?text=AAAAAAAA', async ({ page }) => {
      await page.locator('.log-row').first().click()
      const text = page.locator('.panel .log-text pre')
      await text.waitFor()
      const shown = (await text.textContent()) ?? ''
      expect(shown.length).toBeLessThan(3000)
      await page.getByRole('button', { name: 'Show all' }).click()
      await page.getByRole('button', { name: 'Show all' }).waitFor({ state: 'detached' })
      expect(((await text.textContent()) ?? '').length).toBeGreaterThan(shown.length)
    }))

  it('are text in the address, too', () =>
    onPage(
      `/search?text=${encodeURIComponent('<img src=x onerror="window.wasRun = 7">')}`,
      async ({ page }) => {
        await page.getByText('No line has').waitFor()
        expect(await page.locator('main img').count()).toBe(0)
      },
    ))
})

describe('names that mean harm', () => {
  it.each([
    '/',
    '/sessions',
    '/search?text=timed',
    `/sessions/${encodeURI(TURNED)}`,
    '/alerts',
    '/status?files=all',
  ])('turn nothing around on %s', (path) =>
    onPage(path, async ({ page }) => {
      if (path !== '/alerts' && path !== '/') await page.getByText('⟨U+202E⟩').first().waitFor()
      expect(await page.title()).not.toMatch(CONTROLS)
      expect(await page.locator('main').textContent()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
    }),
  )
})

describe('a hundred thousand lines', () => {
  it('are one list of which only what is seen is drawn', { timeout: 120_000 }, () =>
    onPage('/sessions/jdoe/long', async ({ page }) => {
      await page
        .getByText(`${MANY.toLocaleString('en')} lines`, { exact: true })
        .waitFor({ timeout: 100_000 })
      await page.getByRole('listbox').focus()
      await page.keyboard.press('End')
      await page.getByRole('option', { name: `line ${MANY - 1} of many` }).waitFor()
      expect(await page.locator('.log-row').count()).toBeLessThan(100)
      await page.evaluate(`document.querySelector('.log-list').scrollTop = ${(MANY / 2) * 26}`)
      await page
        .getByRole('option', { name: /line 500\d\d of many/ })
        .first()
        .waitFor()
    }),
  )
})
