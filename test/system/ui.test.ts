import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Route } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { NARROW, openTab, overflow, seriousIssues, WIDE } from '../support/browser.ts'
import { demoPages } from '../support/demo-pages.ts'

/** Each page, and what stands on it when it is all there. */
const PAGES = [
  ['/', 'Desktops that do not work'],
  ['/sessions', 'dpatel/meshing'],
  ['/sessions/dpatel/meshing', 'NFS mount timed out'],
  ['/sessions/amartin/LinuxDesktop1', 'This desktop is ready'],
  ['/sessions/nobody/nothing', 'No desktop of this name is known'],
  ['/search?text=timed+out', 'mount.nfs4'],
  ['/search', 'that a rule matches'],
  ['/rules', 'The CloudWatch agent may not send'],
  ['/rules/nfs-timeout', 'Lines that match'],
  ['/rules/no-such-rule', 'there is no rule'],
  ['/signatures', 'NFS mount timed out'],
  ['/signatures/nfs-timeout', 'Affected desktops'],
  ['/alerts', 'NFS mount timed out'],
  ['/status', 'Ledger of the files'],
  ['/status?files=all', 'filesystems_mount.log'],
  ['/nowhere', 'No page has this address'],
] as const

/** What a finger must meet (WCAG 2.2); axe looks for it only when it is told to. */
const TARGETS = ['target-size']

/** Fires for what the demo has at once. */
const ALERT = `
rules:
  - id: desktops-fail
    title: Several desktops of one cluster failed
    kind: sessions
    status: [failed]
    severity: error
    every: 10s
    window: 1d
    at_least: 1
    by: [cluster]
`
/** Sums up what moves while a page comes, as the Web Vitals have it: 0.1 is bad. */
const COUNT_JUMPS = `
  window.jumped = 0
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.jumped += value
  }).observe({ type: 'layout-shift', buffered: true })`
const rules = mkdtempSync(join(tmpdir(), 'dcvlens-test-'))
mkdirSync(join(rules, 'alerts'))
writeFileSync(join(rules, 'alerts', 'desktops.yaml'), ALERT)
const { browser, url, onPage, write } = demoPages('--rules', rules)
afterAll(() => rmSync(rules, { recursive: true, force: true }))

describe('each page', () => {
  it.each(PAGES)(
    '%s says %s; axe finds nothing serious in light or dark; it fits into a narrow window',
    (path, text) =>
      onPage(path, async ({ page }) => {
        await page.getByText(text).first().waitFor()
        expect(await seriousIssues(page)).toEqual([])
        expect(await seriousIssues(page, TARGETS)).toEqual([])
        await page.emulateMedia({ colorScheme: 'dark' })
        expect(await seriousIssues(page, ['color-contrast'])).toEqual([])
        await page.setViewportSize(NARROW)
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        expect(await seriousIssues(page, TARGETS)).toEqual([])
      }),
  )
})

describe('names without end', () => {
  const SESSION = `yves/${'L'.repeat(200)}`

  it('do not make the page of a desktop wider than its window', () =>
    onPage('/sessions?q=yves/LLL', async ({ page }) => {
      write(SESSION, '++ date', `ip-10-99-0-2${'x'.repeat(180)}`)
      // Its middle is cut off.
      await page.getByRole('link', { name: SESSION }).click({ position: { x: 8, y: 8 } })
      await page.getByRole('heading', { name: SESSION }).waitFor()
      await page.getByText('ip-10-99-0-2xxx').first().waitFor()
      for (const size of [WIDE, NARROW]) {
        await page.setViewportSize(size)
        expect(await overflow(page)).toBeLessThanOrEqual(0)
      }
    }))

  it('are cut after two lines, and nothing shows of the third', () =>
    onPage('/signatures', async ({ page }) => {
      await page.setViewportSize(NARROW)
      await page.locator('.signature-link').first().waitFor()
      const link = "document.querySelector('.signature-link')"
      const lines = `${link}.clientHeight / parseFloat(getComputedStyle(${link}).lineHeight)`
      expect(await page.evaluate(lines)).toBeLessThan(2.3)
    }))
})

/** The overview as it is while a backlog is read, which no test can hold on to. */
async function answerAsIfPending(route: Route): Promise<void> {
  const response = await route.fetch()
  await route.fulfill({ response, json: { ...(await response.json()), pending: 5 } })
}

describe('the overview', () => {
  it('leads from a desktop that does not work to what to do', () =>
    onPage('/', async ({ page }) => {
      await page.getByRole('link', { name: 'Failed NFS mount timed out' }).click()
      await page.getByRole('heading', { name: 'What to do' }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/sessions/dpatel/meshing')
    }))

  it.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ])('comes without a jump: %s', async (_, viewport) => {
    const { page, close } = await openTab(browser(), 'about:blank', { viewport })
    await page.addInitScript(COUNT_JUMPS)
    await page.route(/api\/v1\/overview/, answerAsIfPending)
    await page.goto(url())
    await page.getByText('not diagnosed yet').waitFor()
    await page.unrouteAll({ behavior: 'wait' })
    await page.getByText('not diagnosed yet').waitFor({ state: 'detached' })
    await page.getByText('Failures over time').waitFor()
    await page.getByText('nothing was lost').waitFor()
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    expect(await page.evaluate('window.jumped')).toBeLessThan(0.05)
    await close()
  })

  it('zooms by a brush over the failures, and back', () =>
    onPage('/?from=6h', async ({ page }) => {
      await page.getByRole('link', { name: 'Failed NFS mount timed out' }).waitFor()
      const plot = page.locator('.u-over')
      const { width } = (await plot.boundingBox()) ?? { width: 0 }
      await plot.hover({ position: { x: width * 0.5, y: 50 } })
      await page.mouse.down()
      const refreshed = page.waitForResponse(/api\/v1\/trends/)
      await refreshed
      await plot.hover({ position: { x: width * 0.9, y: 60 } })
      await page.mouse.up()
      await page.getByRole('button', { name: 'Reset' }).waitFor()
      const { searchParams } = new URL(page.url())
      const hours =
        (Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '')) / 3_600_000
      expect(hours).toBeGreaterThan(2)
      expect(hours).toBeLessThan(3.5)
      await page.goBack()
      await page.getByRole('button', { name: 'Reset' }).waitFor({ state: 'detached' })
      expect(new URL(page.url()).search).toBe('?from=6h')
    }))
})

describe('the search', () => {
  it('marks what was looked for, and its address gives it again', () =>
    onPage('/search', async ({ page }) => {
      await page.keyboard.press('/')
      await page.keyboard.type('timed out')
      await page.waitForURL('**/search?text=timed+out')
      await page.locator('.log-row mark').first().waitFor()
      await page.reload()
      expect(await page.locator('.log-row mark').first().textContent()).toBe('timed out')
    }))

  it('shows lines as they are written, and holds them while it is paused', () =>
    onPage('/search?live=1&text=needle', async ({ page }) => {
      await page.getByText('live', { exact: true }).waitFor()
      write('zoe/live', 'a needle in the hay')
      await page.getByRole('option', { name: 'a needle in the hay' }).waitFor()
      await page.getByRole('button', { name: 'Pause' }).click()
      write('zoe/live', 'another needle in the hay')
      await page.getByText('1 waiting').waitFor()
      expect(await page.locator('.log-row').count()).toBe(1)
      await page.getByRole('button', { name: 'Go on' }).click()
      await page.getByRole('option', { name: 'another needle' }).waitFor()
    }))
})

describe('the rules', () => {
  it('explain a line', () =>
    onPage('/rules', async ({ page }) => {
      await page.getByLabel('Try a line').fill('mount.nfs4: Connection timed out')
      await page.keyboard.press('Enter')
      await page
        .getByRole('list', { name: 'rules that match the line' })
        .getByRole('link', { name: 'nfs-timeout' })
        .waitFor()
    }))

  it('are filtered by words and severity', () =>
    onPage('/rules?severity=critical&q=nfs', async ({ page }) => {
      await page.getByRole('link', { name: 'NFS mount timed out' }).waitFor()
      expect(await page.locator('.row').getByText('Warning').count()).toBe(0)
    }))
})

describe('the coverage', () => {
  it('tells which share of the failures the rules explain', () =>
    onPage('/rules', async ({ page }) => {
      await page.getByText(/lines that look like a failure are explained by a rule/).waitFor()
      await page.getByText(/of [\d,]+ rules had no cause to speak/).waitFor()
    }))
})

describe('signatures', () => {
  it('are acknowledged with a note, which is remembered', () =>
    onPage('/signatures?kind=rule', async ({ page }) => {
      await page
        .getByRole('link', { name: /NFS mount timed out/ })
        .first()
        .click()
      await page.getByLabel('Note').fill('asked the network team')
      await page.getByRole('button', { name: 'Acknowledge' }).click()
      await page.getByText('Acknowledged').first().waitFor()
      await page.getByText('asked the network team').waitFor()
      await page.getByRole('button', { name: 'Reopen' }).click()
      await page.getByRole('button', { name: 'Acknowledge' }).waitFor()
    }))

  it('are listed as the service ranks them, what is new first', () =>
    onPage('/signatures', async ({ page }) => {
      await page.locator('.signature-link').first().waitFor()
      const ranked = async () => {
        const answer = await fetch(`${url()}/api/v1/signatures?from=7d&limit=1000`)
        const { items } = (await answer.json()) as { items: { id: string }[] }
        return items.map(({ id }) => `/signatures/${encodeURIComponent(id)}`)
      }
      // The demo goes on, so the page and the answer may be of different moments.
      await expect
        .poll(
          async () => {
            const links = page.locator('.signature-link')
            const shown = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
            return shown.length > 5 && shown.join() === (await ranked()).slice(0, shown.length).join()
          },
          { timeout: 30_000, interval: 1000 },
        )
        .toBe(true)
    }))

  it('that no rule knows are drafted as one', () =>
    onPage('/signatures?kind=template', async ({ page }) => {
      for (const seat of [3, 5, 8]) write('zoe/rendering', `ERROR: the render broker refuses seat ${seat}`)
      await page.getByRole('link', { name: 'the render broker refuses seat' }).click()
      await page.getByRole('button', { name: 'Draft a rule' }).click()
      await page.getByText('status: draft').waitFor()
    }))
})

describe('alerts', () => {
  it('are kept quiet for a while, and told again', () =>
    onPage('/alerts', async ({ page }) => {
      await page.getByRole('button', { name: 'Silence' }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Who asks for it').fill('jdoe')
      await dialog.getByLabel('Why').fill('is being mended')
      expect(await seriousIssues(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Silence' }).click()
      await page.getByText('by jdoe: is being mended').waitFor()
      await page.getByText('Silenced').first().waitFor()
      await page.getByRole('button', { name: 'End it now' }).click()
      await page.getByText('Nothing is silenced').waitFor()
    }))
})

describe('the range of time', () => {
  it('is typed as two ends', () =>
    onPage('/?from=6h', async ({ page }) => {
      await page.getByLabel('Time range').selectOption('custom')
      await page.getByLabel('from', { exact: true }).fill('2026-01-05T08:00:00')
      await page.getByLabel('to', { exact: true }).fill('2026-01-05T07:00:00')
      await page.keyboard.press('Enter')
      await page.getByText('It ends before it begins.').waitFor()
      await page.getByLabel('to', { exact: true }).fill('2026-01-05T09:00:00')
      await page.keyboard.press('Enter')
      await page.waitForURL(/from=2026-01-0.+to=2026-01-0/)
    }))

  it.each([
    ['/?from=nonsense', 'The address has from=nonsense, which is not a time.'],
    ['/?from=2026-01-05T08:00:00Z&to=2026-01-04T08:00:00Z', 'The range ends before it begins.'],
    ['/sessions/bjensen/cfdpost?from=1h&to=2h', 'The range ends before it begins.'],
  ])('%s is told to be wrong', (path, text) =>
    onPage(path, async ({ page }) => {
      await page.getByText(text).waitFor()
    }),
  )
})

describe('the frame', () => {
  it('shows which page is open where there is little room', () =>
    onPage('/status', async ({ page }) => {
      await page.setViewportSize(NARROW)
      await page.reload()
      const { x = -1, width = 0 } =
        (await page.getByRole('navigation').getByRole('link', { name: 'Status' }).boundingBox()) ?? {}
      expect(x).toBeGreaterThan(0)
      expect(x + width).toBeLessThan(NARROW.width)
    }))

  it('keeps the colours that were chosen', () =>
    onPage('/status', async ({ page }) => {
      await page.getByRole('button', { name: 'Dark colours' }).click()
      await page.reload()
      await page.getByRole('button', { name: 'Light colours' }).waitFor()
      expect(await page.evaluate('getComputedStyle(document.body).colorScheme')).toBe('dark')
    }))

  it('tells the keys', () =>
    onPage('/', async ({ page }) => {
      await page.keyboard.press('?')
      const help = page.getByRole('dialog', { name: 'Keys' })
      await help.getByText('next and previous row').waitFor()
      expect(await seriousIssues(page)).toEqual([])
      await page.keyboard.press('Escape')
      await help.waitFor({ state: 'hidden' })
    }))

  it('asks nobody but its own service', () =>
    onPage('/', async ({ page }) => {
      const others: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith(url())) others.push(request.url())
      })
      await page.reload()
      await page.getByText('NFS mount timed out').first().waitFor()
      expect(others).toEqual([])
    }))
})
