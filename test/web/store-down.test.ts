import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { RULES_FOLDER } from '../../src/config.ts'
import { type OpenStore, openServer } from '../../src/store/client.ts'
import { migrate } from '../../src/store/migrate.ts'
import type { WebServer } from '../../src/web/server.ts'
import { startApi } from '../support/api.ts'
import { type Front, startFront } from '../support/clickhouse-front.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-down-'))
let front: Front
let store: OpenStore
let server: WebServer

beforeAll(async () => {
  front = await startFront({ dataDir: join(folder, 'server') })
  store = openServer(front.url)
  await migrate(store)
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(folder, 'page', 'server.js'), 'not for everybody')
  writeFileSync(join(folder, 'page', 'assets', 'main-1a2b.js'), 'export {}')
  server = await startApi({ store: store.questions(), pageFolder: join(folder, 'page') })
})
afterEach(() => front.control.heal())
afterAll(async () => {
  await server.close()
  await store.close()
  await front.stop()
  rmSync(folder, { recursive: true, force: true })
})

const get = (path: string, headers = {}) => fetch(server.url + path, { headers })
/** Sends a path as it is, where `fetch` would tidy it up. */
function rawGet(path: string): Promise<string> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    request(
      { hostname, port, path },
      (response) => void response.toArray().then((all) => resolve(all.join('')), reject),
    )
      .on('error', reject)
      .end()
  })
}
const QUESTIONS = ['sessions', 'events', 'search?text=x', 'trends', 'lines', 'overview', 'diagnose', 'ledger']

describe('while the store is away', () => {
  it('every question is answered with 503, and when to come again', async () => {
    await front.control.refuse()
    for (const question of [...QUESTIONS, 'export/events?format=csv', 'export/sessions?format=parquet']) {
      const response = await get(`/api/v1/${question}`)
      expect([question, response.status, response.headers.get('retry-after')]).toEqual([question, 503, '5'])
      expect(await response.json()).toMatchObject({ code: 'E_STORE', status: 503, hint: expect.any(String) })
    }
  })

  it('the same of work on what is stored', async () => {
    await front.control.refuse()
    const rules = readFileSync(join(RULES_FOLDER, 'signatures', 'dcv', 'agent.yaml'), 'utf8')
    const since = '2026-02-10T08:00:00Z'
    const { rules: set } = (await (await get('/api/v1/status')).json()) as { rules: { version: string } }
    for (const [path, body] of [
      ['rules/backtest', { file: 'a.yaml', rules, since }],
      ['rules/apply', { version: set.version, since }],
    ] as const) {
      const headers = { 'content-type': 'application/json' }
      const sent = { method: 'POST', headers, body: JSON.stringify(body) }
      const response = await fetch(`${server.url}/api/v1/${path}`, sent)
      expect([path, response.status, response.headers.get('retry-after')]).toEqual([path, 503, '5'])
      expect(await response.json()).toMatchObject({
        code: 'E_STORE',
        detail: expect.stringMatching(/^the store does not answer: /),
        hint: expect.stringContaining('dcvlens doctor'),
      })
    }
  })

  it('status and metrics are answered', async () => {
    await front.control.refuse()
    const status = (await (await get('/api/v1/status')).json()) as Record<string, unknown>
    expect(status).toMatchObject({ lines: 7, store: 'storing' })
    expect(status).not.toHaveProperty('store_rows')
    expect(await (await get('/metrics')).text()).toMatch(/^dcvlens_store_up 0$/m)
  })

  it('rules are told', async () => {
    await front.control.refuse()
    expect((await get('/api/v1/rules?q=unknown-session')).status).toBe(200)
  })

  it('questions are answered again when it is back', async () => {
    for (const question of QUESTIONS)
      expect([question, (await get(`/api/v1/${question}`)).status]).toEqual([question, 200])
  })
})

describe('a store that does not answer', () => {
  it('is asked by so many at once and no more', async () => {
    await front.control.slow(100)
    const answers = await Promise.all(Array.from({ length: 120 }, () => get('/api/v1/losses')))
    const refused = answers.filter(({ status }) => status === 503)
    expect(refused.length).toBeGreaterThan(0)
    expect(await refused[0]?.json()).toMatchObject({ code: 'E_BUSY', hint: expect.any(String) })
  }, 60_000)
})

describe('the page', () => {
  const HTML = { accept: 'text/html,application/xhtml+xml' }

  it('is sent for every address that is a view of it', async () => {
    for (const path of ['/', '/sessions/mira/Cad?from=2h', '/x/y.z']) {
      const response = await get(path, HTML)
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 200, 'no-cache'])
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(await response.text()).toContain('<title>page</title>')
    }
  })

  it('has assets that never change', async () => {
    const response = await get('/assets/main-1a2b.js')
    expect(response.headers.get('content-type')).toMatch(/^(?:text|application)\/javascript/)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('is nothing else', async () => {
    for (const path of ['/assets/other.js', '/server.js', '/api/v1/x', '/api/x', '/metrics/x'])
      expect([path, (await get(path, path === '/server.js' ? {} : HTML)).status]).toEqual([path, 404])
    for (const path of [
      '/assets/../server.js',
      '/assets/%2e%2e/server.js',
      '/assets/..%2fserver.js',
      '//server.js',
    ])
      expect(await rawGet(path)).not.toContain('not for everybody')
  })

  it('that is not built is said to be so', async () => {
    const other = await startApi({ store: store.questions() })
    const response = await fetch(`${other.url}/sessions`, { headers: HTML })
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('npm run build')])
    await other.close()
  })
})
