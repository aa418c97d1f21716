import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openEmbedded } from '../../src/store/client.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openBook } from '../../src/triage/alerts/book.ts'
import { alertDesk } from '../../src/triage/alerts/desk.ts'
import { alertingOf, someAlert } from '../support/alerts.ts'
import { startApi } from '../support/api.ts'
import { NARROW, openBrowser, openTab, overflow, seriousIssues, WIDE } from '../support/browser.ts'
import { tempDir } from '../support/temp-dir.ts'

const ALERTING = `
receivers: [{ name: ops, type: webhook, url: 'http://127.0.0.1:1/' }]
time_intervals: [{ name: always, time_intervals: [{ times: [{ start_time: '00:00', end_time: '24:00' }] }] }]
route: { receiver: ops, routes: [{ matchers: ['alertname=mute-one'], mute_time_intervals: [always] }] }
inhibit_rules: [{ source_matchers: ['alertname=cause'], target_matchers: ['alertname=follows'] }]
`
const NAMES = ['cause', 'follows', 'mute-one', 'silent-one']

/** The page of a service with four alerts that fire, three of them held back. */
async function onHeldBack() {
  const dir = tempDir()
  const alerts = NAMES.map((alertname) => {
    const alert = someAlert({ alertname, severity: 'error' }, 'firing', Date.now())
    return { ...alert, notes: { summary: `The alert ${alertname}` } }
  })
  const book = openBook(join(dir, 'alerts'), (path) => expect.fail(path))
  const instances = Object.fromEntries(alerts.map((alert) => [alert.fingerprint, alert]))
  await book.change((page) => ({ ...page, instances }))
  const alerting = alertingOf(ALERTING)
  const desk = alertDesk(book, systemClock, () => ({ rules: [], alerting }))
  await desk.silence({
    matchers: [{ name: 'alertname', value: 'silent-one' }],
    ...{ ends_at: '2100-01-01T00:00:00Z', created_by: 'ann', comment: 'the mirror is moved' },
  })
  const store = await openEmbedded(join(dir, 'store'))
  onTestFinished(() => store.close())
  await migrate(store)
  const pageFolder = join(import.meta.dirname, '..', '..', 'dist', 'web')
  const server = await startApi({ store, alerts: desk, pageFolder })
  onTestFinished(() => server.close())
  const browser = await openBrowser()
  onTestFinished(() => browser.close())
  const tab = await openTab(browser, `${server.url}/alerts`)
  return { ...tab, url: server.url, causeId: alerts[0]?.fingerprint }
}

it('alerts that something holds back are listed with the reason, and do not count as firing', async () => {
  const { page, faults, url, causeId } = await onHeldBack()
  await page.getByRole('button', { name: 'Firing 1' }).waitFor()
  await page.getByRole('button', { name: 'Held back 3' }).click()
  const cards = page.locator('.alert')
  expect(await cards.count()).toBe(3)
  const card = (name: string) => cards.filter({ has: page.getByText(`The alert ${name}`).first() })
  expect(await card('mute-one').textContent()).toMatch(/Firing.*Muted.*Muted by the time interval always/)
  expect(await card('silent-one').textContent()).toMatch(/Silenced by ann until .*: the mirror is moved/)
  const held = card('follows').getByRole('list', { name: 'why nobody has been notified of it' })
  expect(await held.textContent()).toContain('Inhibited while this one fires: The alert cause')
  expect(await held.getByRole('link').getAttribute('href')).toBe(`/alerts/${causeId}`)
  expect(await seriousIssues(page)).toEqual([])
  await page.setViewportSize(NARROW)
  expect(await overflow(page)).toBeLessThanOrEqual(0)
  await page.setViewportSize(WIDE)
  await page.goto(url)
  await page.getByText('3 others').waitFor()
  expect(await page.locator('.rail-count').textContent()).toBe('1 firing')
  expect(await page.locator('.alert-line').allTextContents()).toEqual(['The alert cause'])
  const overview = await fetch(`${url}/api/v1/overview`)
  const { alerts } = (await overview.json()) as { alerts: { rule: string }[] }
  expect(alerts.map(({ rule }) => rule)).toEqual(['cause'])
  expect(faults).toEqual([])
})
