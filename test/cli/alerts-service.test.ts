import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { dataDir, lockDataDir } from '../../src/data-dir.ts'
import { type Book, openBook } from '../../src/triage/alerts/book.ts'
import { alertDesk } from '../../src/triage/alerts/desk.ts'
import { alertingOf, someAlert } from '../support/alerts.ts'
import { runProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const ALERTING = `
receivers: [{ name: ops, type: webhook, url: 'http://127.0.0.1:1/' }]
time_intervals: [{ name: always, time_intervals: [{ times: [{ start_time: '00:00', end_time: '24:00' }] }] }]
route: { receiver: ops, routes: [{ matchers: ['alertname=mute-one'], mute_time_intervals: [always] }] }
inhibit_rules: [{ source_matchers: ['alertname=new-failure'], target_matchers: ['alertname=follows'] }]
`
let data: string
let book: Book
const asked: string[] = []

/** Another process holds the data directory, and its service has the desk behind the paths of the API. */
beforeEach(async () => {
  asked.length = 0
  const dir = dataDir(`${tempDir()}/data`)
  data = dir.path
  const lock = lockDataDir(dir)
  onTestFinished(() => lock.release())
  book = openBook(dir.alerts, (path) => expect.fail(path))
  const desk = alertDesk(book, systemClock, () => ({ rules: [], alerting: alertingOf(ALERTING) }))
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request
    asked.push(`${method} ${url}`)
    const body = Buffer.concat(await request.toArray()).toString()
    const { pathname, searchParams } = new URL(url, 'http://h')
    const [, , , list, id = ''] = pathname.split('/')
    const send = (status: number, answer: unknown) => response.writeHead(status).end(JSON.stringify(answer))
    if (list === 'status')
      return send(200, { notices: { ...desk.delivery(), waiting: 2, reason: 'it answers 500' } })
    if (list === 'alerts') return send(200, { items: desk.alerts(searchParams.get('state') ?? undefined) })
    if (method === 'GET') return send(200, { items: desk.silences() })
    if (method === 'POST') return send(200, await desk.silence(JSON.parse(body)))
    const ended = await desk.endSilence(id)
    if (ended !== undefined) return send(200, ended)
    return send(404, { code: 'E_NOT_FOUND', detail: `there is no silence ${id}`, hint: 'Look again.' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  mkdirSync(dir.path, { recursive: true })
  const { port } = server.address() as AddressInfo
  writeFileSync(dir.service, JSON.stringify({ url: `http://127.0.0.1:${port}`, pid: process.pid }))
})

const cli = (...args: string[]) => runProgram(['alerts', ...args, '--data', data])

it('the commands see and silence alerts through the service that holds the data directory', async () => {
  const alert = someAlert({ alertname: 'new-failure', severity: 'error' }, 'firing', Date.UTC(2026, 2, 4))
  await book.change((page) => ({ ...page, instances: { [alert.fingerprint]: alert } }))
  const { stdout } = await cli(
    'silence',
    'alertname=new-failure',
    '--for',
    '1h',
    '--by',
    'ann',
    '--comment',
    'known',
  )
  const id = stdout.trim()
  expect(book.page.silences).toMatchObject([{ id, created_by: 'ann', comment: 'known' }])
  const [listed, shown] = await Promise.all([
    cli('list', '--state', 'firing'),
    cli('show', alert.fingerprint.slice(0, 6)),
  ])
  expect(listed.stdout).toMatch(/firing, silenced +error .* new-failure +New failure: new-failure error/)
  expect(listed.stderr).toBe('2 notices wait, 0 were given up: it answers 500\n')
  expect(shown.stdout).toContain('silenced: alertname="new-failure" by ann until')
  expect((await cli('unsilence', id)).code).toBe(0)
  expect((await cli('silences', '--json')).stdout).toContain('"state":"expired"')
  expect(asked).toContain('GET /api/v1/alerts?state=firing')
})

it('the list tells what is inhibited or muted, and the alert by what', async () => {
  const alerts = ['new-failure', 'follows', 'mute-one'].map((alertname) => someAlert({ alertname }, 'firing'))
  const instances = Object.fromEntries(alerts.map((alert) => [alert.fingerprint, alert]))
  await book.change((page) => ({ ...page, instances }))
  const [source, target, muted] = alerts.map(({ fingerprint }) => fingerprint)
  const listed = await cli('list')
  expect(listed.stdout).toMatch(/firing, inhibited .* follows/)
  expect(listed.stdout).toMatch(/firing, muted .* mute-one/)
  expect((await cli('list', '--json')).stdout).toContain(`"inhibited_by":["${source}"],"muted_by":[]`)
  const [inhibited, mute] = [await cli('show', target ?? ''), await cli('show', muted ?? '')]
  expect(inhibited.stdout).toContain(`inhibited: by ${source}: New failure: new-failure`)
  expect(mute.stdout).toContain('muted: always')
})

it('a silence that the service does not know is refused, with the command that lists them', async () => {
  expect(await cli('unsilence', 'none')).toMatchObject({
    ...{ code: 2, stderr: 'dcvlens: there is no silence none\n  See `dcvlens alerts silences`.\n' },
  })
})
