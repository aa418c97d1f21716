import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, openTab } from '../support/browser.ts'
import { type Program, startLasting } from '../support/program.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-test-'))

let browser: Browser
let program: Program

beforeAll(async () => {
  write('jdoe/before')
  program = serve('0')
  ;[browser] = await Promise.all([openBrowser(), program.url()])
})

afterAll(async () => {
  await browser?.close()
  await program?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function serve(port: string): Program {
  return startLasting([
    'serve',
    '--root',
    join(folder, 'root'),
    '--data',
    join(folder, 'data'),
    '--port',
    port,
  ])
}

function write(session: string): void {
  const logs = join(
    folder,
    'root/apps/soca/soca-one/cluster_node_bootstrap/logs/desktop',
    session,
    'ip-10-0-0-1',
  )
  mkdirSync(logs, { recursive: true })
  writeFileSync(join(logs, 'ComputeNode.sh.log'), '++ date\n')
}

it('a service that goes is told, what was seen stays, and the page goes on by itself when it is back', async () => {
  const url = await program.url()
  const { page, faults } = await openTab(browser, `${url}/sessions`)
  const before = page.getByRole('link', { name: 'jdoe/before' })
  await before.waitFor()

  await program.kill()
  await page.getByText('The service does not answer').waitFor()
  expect(await before.count()).toBe(1)

  await page.getByRole('link', { name: 'Search' }).click()
  await page.getByRole('heading', { name: 'Search' }).waitFor()
  await page.getByRole('link', { name: 'Sessions' }).click()
  await before.waitFor()

  write('jdoe/after')
  program = serve(new URL(url).port)
  await page.getByRole('link', { name: 'jdoe/after' }).waitFor()
  await page.getByText('The service does not answer').waitFor({ state: 'detached' })
  expect(faults).toEqual([])
})
