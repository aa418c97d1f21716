import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { openBrowser, openTab, type Tab, WIDE } from './browser.ts'
import { type Program, startLasting } from './program.ts'

const DESKTOPS = 'apps/soca/soca-aero/cluster_node_bootstrap/logs/desktop'

/** The pages of a demo that runs for the tests of one file, in one tab that they share. */
export function demoPages(...args: readonly string[]) {
  let browser: Browser
  let demo: Program
  let url = ''
  let tab: Tab

  beforeAll(async () => {
    demo = startLasting(['serve', '--demo', '--port', '0', ...args])
    ;[browser, url] = await Promise.all([openBrowser(), demo.url()])
    tab = await openTab(browser, `${url}/`)
    await tab.page.getByText('NFS mount timed out').first().waitFor()
  })

  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
  })

  return {
    browser: () => browser,
    url: () => url,

    /** Looks at an address in the shared tab, as if nobody had been there. */
    async onPage(path: string, look: (tab: Tab) => Promise<void>): Promise<void> {
      const { page, faults } = tab
      await page.setViewportSize(WIDE)
      await page.emulateMedia({ colorScheme: 'light' })
      await page.evaluate('localStorage.clear()')
      await page.goto(url + path)
      await look(tab)
      expect(faults.splice(0)).toEqual([])
    },

    /** Writes a line into the log of a desktop of the demo. */
    write(session: string, line: string, host = 'ip-10-99-0-1'): void {
      const root = /comes up in (\S+)/.exec(demo.stderr())?.[1] ?? ''
      const folder = join(root, DESKTOPS, session, host)
      mkdirSync(folder, { recursive: true })
      appendFileSync(join(folder, 'ComputeNode.sh.log'), `${line}\n`)
    },
  }
}
