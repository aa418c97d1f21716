import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { dataDir, lockDataDir } from '../../src/data-dir.ts'
import { type Book, openBook } from '../../src/triage/alerts/book.ts'
import { alertDesk } from '../../src/triage/alerts/desk.ts'
import { someAlert } from '../support/alerts.ts'
import { runProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

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
  const desk = alertDesk(book, systemClock)
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

it('what the service refuses is said in its words', async () => {
  expect(await cli('unsilence', 'none')).toMatchObject({
    ...{ code: 3, stderr: 'dcvlens: there is no silence none\n  Look again.\n' },
  })
})
