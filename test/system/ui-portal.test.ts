import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { NARROW, openBrowser, openTab, overflow, seriousIssues } from '../support/browser.ts'
import { writePortal } from '../support/portal-database.ts'
import { type Program, startLasting } from '../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-test-'))
const root = join(folder, 'root')
const LAB = 'apps/soca/soca-lab'
const OLD = 'apps/soca/soca-old'
const logOf = (cluster: string, session: string, host: string) =>
  `${cluster}/cluster_node_bootstrap/logs/desktop/${session}/${host}/ComputeNodeInstallDCV.log`
const MISSING = '/root/install.sh: line 12: dcv: command not found\n127\n'
const NO_ROOM =
  'botocore.errorfactory.TooManyRulesException: An error occurred (TooManyRules) when calling the CreateRule operation: The maximum number of rules has been reached\n'

let browser: Browser
let program: Program
let url = ''

beforeAll(async () => {
  write(logOf(LAB, 'ann/cad', 'ip-10-0-0-1'), MISSING)
  write(logOf(OLD, 'bob/cfd', 'ip-10-0-0-2'), MISSING)
  write(`${OLD}/cluster_web_ui/db.sqlite`, '')
  write(`${OLD}/cluster_manager/dcv_alb_manager.py.log`, NO_ROOM)
  await writePortal(join(root, LAB, 'cluster_web_ui/db.sqlite'), {
    linux_dcv_sessions: [
      {
        ...{ user: 'ann', session_name: 'cad', session_state: 'running', is_active: 1 },
        ...{ session_host_private_dns: 'ip-10-0-0-1.ec2.internal', created_on: '2020-05-04 10:00:00' },
      },
    ],
  })
  program = startLasting(['serve', '--root', root, '--data', join(folder, 'data'), '--port', '0'])
  ;[browser, url] = await Promise.all([openBrowser(), program.url()])
})

afterAll(async () => {
  await browser?.close()
  await program?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

it("where the portal contradicts a desktop's logs, the overview names it and its page says how", async () => {
  const { page, faults, close } = await openTab(browser, url)
  const card = page.locator('.card', { hasText: 'Portal and logs disagree' })
  await card.getByRole('link', { name: 'ann/cad' }).click()
  const said = page.getByRole('list', { name: 'what others say of it' })
  await said.getByText('The portal says running: up to 25.1').waitFor()
  // What is wrong with the portal of another cluster says nothing of this desktop.
  expect(await said.textContent()).not.toContain('not checked')
  expect([await seriousIssues(page), faults]).toEqual([[], []])
  await close()
})

it('what machines that serve all desktops report of none of them stands on the overview', async () => {
  const { page, faults, close } = await openTab(browser, url)
  const card = page.locator('.card', { hasText: 'Failures that name no desktop' })
  expect(await card.textContent()).toContain('soca-old')
  await card.getByRole('link', { name: 'The load balancer has no room for another rule' }).click()
  await page.getByRole('heading', { name: 'The load balancer has no room for another rule' }).waitFor()
  expect([await seriousIssues(page), faults]).toEqual([[], []])
  await close()
})

it('a database that was not read is told where desktops may be missing, and on the pages of its cluster', async () => {
  const { page, faults, close } = await openTab(browser, url)
  await page.getByText('1 portal database was not read').waitFor()
  await page.goto(`${url}/sessions`)
  await page.getByText('A portal database was not read').waitFor()
  expect(await seriousIssues(page)).toEqual([])
  await page.goto(`${url}/sessions/bob/cfd`)
  await page.getByText(`portal database not checked: ${join(root, OLD)}`).waitFor()
  await page.goto(`${url}/status`)
  await page.getByRole('heading', { name: '1 portal database not read' }).waitFor()
  await page.getByText('db.sqlite: it is empty').waitFor()
  expect(await page.getByRole('region', { name: 'Portal' }).textContent()).toContain('1')
  expect(await seriousIssues(page)).toEqual([])
  await page.setViewportSize(NARROW)
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  expect(faults).toEqual([])
  await close()
})
