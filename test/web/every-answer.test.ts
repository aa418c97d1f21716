import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf, type Item } from '../support/asked-api.ts'
import { SERVER_LOG } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'

let service: SampleService
const { ask, items } = apiOf(() => service)

beforeAll(async () => {
  service = await startSampleService()
})
afterAll(() => service.close())

describe('every answer', () => {
  it('has the headers that keep a browser safe, whatever it is', async () => {
    for (const path of ['/api/v1/status', '/api/v1/nothing', '/', '/x', '/api/docs', '/metrics']) {
      const { headers } = await fetch(service.url + path)
      expect([path, headers.get('content-security-policy')]).toEqual([
        path,
        expect.stringMatching(/^default-src 'none'; script-src 'self'; style-src 'self'; (?!.*unsafe)/),
      ])
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('is packed for who can unpack it, and for nobody else', async () => {
    const sent = async (path: string, accepted: string) => {
      const response = await fetch(service.url + path, { headers: { 'accept-encoding': accepted } })
      const { headers } = response
      await response.arrayBuffer()
      return [headers.get('content-encoding'), headers.get('vary'), headers.get('content-security-policy')]
    }
    const [script] = /\/assets\/[\w-]+\.js/.exec(await (await fetch(`${service.url}/`)).text()) ?? []
    const policy = expect.stringContaining("script-src 'self'")
    for (const path of [
      '/api/v1/rules',
      '/metrics',
      '/api/docs',
      '/api/v1/export/lines?format=csv',
      `${script}`,
    ]) {
      for (const packing of ['br', 'gzip'])
        expect([path, ...(await sent(path, packing))]).toEqual([path, packing, 'accept-encoding', policy])
      expect([path, ...(await sent(path, 'identity'))]).toEqual([path, null, 'accept-encoding', policy])
    }
  })

  it('that is an asset has the same ETag, packed or not, and is not sent again', async () => {
    const [script] = /\/assets\/[\w-]+\.js/.exec(await (await fetch(`${service.url}/`)).text()) ?? []
    const etags = await Promise.all(
      ['br', 'identity'].map(async (accepted) => {
        const response = await fetch(`${service.url}${script}`, { headers: { 'accept-encoding': accepted } })
        await response.arrayBuffer()
        return response.headers.get('etag')
      }),
    )
    expect(etags).toEqual([expect.stringMatching(/^W\//), etags[0]])
    const headers = { 'if-none-match': `${etags[0]}`, 'cache-control': 'max-age=0' }
    const again = await fetch(`${service.url}${script}`, { headers })
    expect(again.status).toBe(304)
  })

  it('counts for Prometheus', async () => {
    await items('events')
    const response = await fetch(`${service.url}/metrics`)
    const text = await response.text()
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(text).toMatch(/^dcvlens_stored_lines_total [1-9]\d*$/m)
    expect(text).toMatch(/^dcvlens_store_up 1$/m)
    expect(text).toMatch(/^dcvlens_store_bytes\{table="lines"\} [1-9]\d*$/m)
    expect(text).toMatch(/^dcvlens_disk_free_bytes [1-9]/m)
    expect(text).toMatch(/^dcvlens_store_rows\{table="lines"\} [1-9]\d*$/m)
    expect(text).toMatch(
      /^dcvlens_http_request_duration_seconds_count\{route="\/api\/v1\/events",method="GET",status="200"\} /m,
    )
  })

  it('of the status tells what is running and stored', async () => {
    const { body } = await ask('status')
    expect(body).toMatchObject({
      ...{ version: expect.any(String), node: process.version, rules: { count: expect.any(Number) } },
      files: { known: 6, lag_bytes: 0, lag_seconds: 0, behind: [] },
      disk: { path: expect.any(String), free_bytes: expect.any(Number), total_bytes: expect.any(Number) },
      store_size: { kind: 'embedded' },
      store_rows: { lines: body['lines'], events: expect.any(Number) },
      losses: { 'invalid-bytes': 1 },
    })
    const { tables } = body['store_size'] as { tables: Item[] }
    const sizeOf = (name: string) => tables.find(({ table }) => table === name)
    expect(sizeOf('lines')).toMatchObject({ rows: body['lines'], bytes: expect.any(Number) })
    expect(Number(sizeOf('events')?.['bytes'])).toBeGreaterThan(100)
  })

  it('about a file of the DCV server names it by its path', async () => {
    expect((await items('events?source=dcv-server')).every(({ file }) => file === SERVER_LOG)).toBe(true)
  })
})
