import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEmbedded } from '../../src/store/client.ts'
import { until } from '../support/program.ts'
import { FAILED, jsonLines, READY, SERVER_LOG } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'
import { tempDir } from '../support/temp-dir.ts'

let service: SampleService
const FORMULA = '=HYPERLINK("http://evil.example","x"),\t"quoted"'

beforeAll(async () => {
  service = await startSampleService()
  const before = service.stored()
  const line = `2026-02-10 08:20:00,000001 [  2201:2201  ] ERROR main - ${FORMULA}\n`
  appendFileSync(join(service.root, SERVER_LOG), line)
  await until('the formula is stored', () => service.stored() === before + line.length)
})
afterAll(() => service.close())

const get = (path: string) => fetch(service.url + path)
const items = async (path: string) => ((await (await get(path)).json()) as { items: Row[] }).items
type Row = Readonly<Record<string, unknown>>

type Operation = { readonly parameters?: readonly { readonly name: string }[] }
type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

describe('the OpenAPI document', () => {
  it('describes the answers as they are', async () => {
    const document = (await (await get('/api/openapi.json')).json()) as Document
    expect(document.openapi).toBe('3.1.0')
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema(document, 'api')
    const [line] = await items('/api/v1/search?text=server')
    const [file] = await items('/api/v1/files')
    const asked: readonly (readonly [path: string, query: string])[] = [
      ['sessions', ''],
      ['diagnose', `?session=${READY}`],
      ['compare', `?a=${FAILED}&b=${READY}`],
      ['timeline', `?session=${READY}`],
      ['events', '?limit=3'],
      ['lines', `?event_id=${line?.['event_id']}`],
      ['search', '?text=e'],
      ['trends', '?bucket=1m'],
      ['coverage', ''],
      ['ledger', '?all=true'],
      ['losses', ''],
      ['store', ''],
      ['files', ''],
      ['digests', `?ids=${file?.['file_id']}`],
      ['rows', `?file_id=${file?.['file_id']}&generation=0&from=0&to=100000`],
      ['overview', '?from=5000w'],
      ['status', ''],
      ['rules', ''],
      ['signatures', ''],
      ['alerts', ''],
      ['silences', ''],
    ]
    for (const [path, query] of asked) {
      const validate = ajv.getSchema(
        `api#/paths/~1api~1v1~1${path}/get/responses/200/content/application~1json/schema`,
      )
      expect([path, typeof validate]).toEqual([path, 'function'])
      const answer = (await (await get(`/api/v1/${path}${query}`)).json()) as { items?: unknown[] }
      validate?.(answer)
      expect([path, validate?.errors]).toEqual([path, null])
      if (answer.items !== undefined && !['alerts', 'silences'].includes(path))
        expect([path, answer.items.length > 0]).toEqual([path, true])
    }
    const problem = ajv.getSchema(
      'api#/paths/~1api~1v1~1events/get/responses/default/content/application~1problem+json/schema',
    )
    problem?.(await (await get('/api/v1/events?x=1')).json())
    expect(problem?.errors).toBeNull()
  })

  it('names every route and its parameters', async () => {
    const { paths } = (await (await get('/api/openapi.json')).json()) as Document
    const names = (path: string) => paths[path]?.['get']?.parameters?.map(({ name }) => name)
    expect(names('/api/v1/events')).toEqual([
      'session',
      'host',
      'source',
      'rule',
      'template',
      'kind',
      'severity',
      'from',
      'to',
      'limit',
      'cursor',
    ])
    expect(names('/api/v1/live')).toEqual(['session', 'host', 'source', 'severity', 'text'])
    expect(names('/api/v1/export/search')).toContain('format')
    expect(Object.keys(paths['/api/v1/rules/explain'] ?? {})).toEqual(['post'])
  })

  it('is a page without scripts or addresses of others', async () => {
    const response = await get('/api/docs')
    const html = await response.text()
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(html).toContain('GET /api/v1/events')
    expect(html).toContain('id="E_PARAMETER"')
    expect(html).not.toMatch(/<script|style=|<style|https?:\/\//)
    expect(html).not.toContain('`')
    expect(html).not.toContain('<th></th>')
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    expect(targets.length).toBeGreaterThan(30)
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const target of targets) expect(ids).toContain(target)
    expect((await get('/api/docs.css')).headers.get('content-type')).toBe('text/css; charset=utf-8')
  })
})

describe('an export', () => {
  it('as NDJSON is all pages of the answer', async () => {
    const response = await get('/api/v1/export/events')
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="dcvlens-events.ndjson"')
    expect(jsonLines(await response.text())).toEqual(await items('/api/v1/events'))
    const few = jsonLines(await (await get('/api/v1/export/search?text=e&limit=3')).text())
    expect(few).toEqual(await items('/api/v1/search?text=e&limit=3'))
  })

  it.each(['sessions', 'timeline', 'events', 'lines', 'search', 'trends', 'signatures'])(
    'of %s as Parquet holds the same rows, for who reads it with another program',
    async (question) => {
      const query = { timeline: `session=${READY}`, search: 'text=e' }[question] ?? ''
      const response = await get(`/api/v1/export/${question}?format=parquet&${query}`)
      expect([question, response.status]).toEqual([question, 200])
      const folder = tempDir()
      const file = join(folder, 'rows.parquet')
      writeFileSync(file, Buffer.from(await response.arrayBuffer()))
      const store = await openEmbedded(join(folder, 'store'))
      const rows = await store.query<Row>(`SELECT * FROM file('${file}', 'Parquet')`)
      await store.close()
      const expected = await items(`/api/v1/${question}?${query}`)
      expect(rows.map(plain)).toEqual(expected.map(plain))
      expect(rows.length).toBeGreaterThan(0)
    },
  )

  it('as CSV is read back by another program, and no cell of it is a formula', async () => {
    const text = await (await get('/api/v1/export/search?format=csv&text=quoted')).text()
    const file = join(tempDir(), 'rows.csv')
    writeFileSync(file, text)
    const store = await openEmbedded(join(tempDir(), 'store'))
    const [row, ...others] = await store.query<Row>(`SELECT * FROM file('${file}', 'CSVWithNames')`)
    await store.close()
    expect(others).toEqual([])
    expect(row).toMatchObject({ message: `'${FORMULA}`, file: SERVER_LOG, kind: expect.any(String) })
    expect(text.split('\r\n')[0]).toBe(
      'event_id,ts,ts_quality,profile,cluster,owner,session,session_uuid,host,source,file,file_id,generation,offset,length,continued,level,component,message,kind,rule_id,rule_version,severity,phase,layer,template_id,captures,duplicate_of,copies,cleared_at,because',
    )
  })

  it('of nothing has its columns and no rows', async () => {
    const text = await (await get('/api/v1/export/search?format=csv&text=nowhere+at+all')).text()
    expect(text).toMatch(/^event_id,[^\n]*\r\n$/)
    const parquet = await (
      await get('/api/v1/export/search?format=parquet&text=nowhere+at+all')
    ).arrayBuffer()
    expect(Buffer.from(parquet).subarray(0, 4).toString()).toBe('PAR1')
  })
})

/** What both forms have: times to the microsecond, captures as they are, and nothing for what is unknown. */
function plain(row: Row): Row {
  const known = Object.entries(row).filter(([, value]) => value !== null && value !== '' && value !== 0)
  return Object.fromEntries(
    known.map(([name, value]) => {
      if (/^(?:captures|trend|profiles|aliases)$/.test(name))
        return [name, typeof value === 'string' ? JSON.parse(value) : value]
      if (!/^(?:ts|bucket|first_seen|last_seen)$/.test(name)) return [name, value]
      const [whole, part = ''] = `${value}`.replace(' ', 'T').replace('Z', '').split('.')
      return [name, `${whole}.${part.padEnd(6, '0')}`]
    }),
  )
}
