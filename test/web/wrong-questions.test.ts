import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from '../support/asked-api.ts'
import { NODE_LOG, READY, SERVER_LOG } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'

let service: SampleService
const { ask, items, post } = apiOf(() => service)

beforeAll(async () => {
  service = await startSampleService()
})
afterAll(() => service.close())

describe('what is wrong', () => {
  it.each([
    ['events?kind=line', 'kind must be one of signature, milestone, unknown'],
    ['events?cursor=WyJ4Il0', 'cursor is not one that an answer gave'],
    ['events?session=x/', 'session must be owner/name or a host'],
    ['lines?event_id=12', 'event_id must be 32 hex digits'],
    ['lines?before=201', 'before must be a whole number from 0 to 200'],
    ['lines?before=', 'before must be a whole number from 0 to 200'],
    ['events?limit=1e2', 'limit must be a whole number from 1 to 100000'],
    ['events?limit=0x10', 'limit must be a whole number from 1 to 100000'],
    ['events?limit=%205', 'limit must be a whole number from 1 to 100000'],
    ['compare?a=x&b=y&a_attempt=', 'a_attempt must be a whole number from 1 on'],
    ['rows?file_id=0123456789abcdef&generation=&from=0&to=1', 'generation must be a whole number from 0 on'],
    ['rows?file_id=0123456789abcdef&from=0&to=1', 'generation is missing'],
    ['rows?file_id=0123456789abcdef&generation=0&from=5&to=2', 'to must not be below from'],
    [
      'digests?ids=0123456789abcdef,x',
      'ids must be at most 500 ids of 16 hex digits with commas between them',
    ],
    ['search?text=%ff%fe', 'text cannot be read'],
    ['search?text=100%', 'text cannot be read'],
    ['lines?at=now', 'at must be the ts of the event'],
    ['sessions?status=fine', 'status must be one of ready, failed, stalled, in_progress, stopped, unknown'],
    [
      'overview?from=yesterday',
      'from must be a time like 2026-01-31T08:00:00Z, or an age like 30m, 2h or 7d',
    ],
    ['alerts?state=on', 'state must be one of pending, firing, resolved'],
    ['status?x=1', 'x is not asked for here'],
    ['rules?x=1', 'x is not asked for here'],
    ['live?x=1', 'x is not asked for here'],
    ['export/events?format=xml', 'format must be one of ndjson, csv, parquet'],
    ['export/events?cursor=x', 'cursor is not asked for here'],
    ['events?from=99999999d', 'from is too far back: at most 999999 minutes, hours, days or weeks'],
    ['ledger?reason=bogus', expect.stringMatching(/^reason must be one of truncated, vanished, /)],
    ['events?from=2h&to=5h', expect.stringMatching(/^to must not be before from/)],
    ['overview?from=2h&to=5h', expect.stringMatching(/^to must not be before from/)],
    ['export/search?text=e&from=2026-02-11&to=2026-02-10', expect.stringMatching(/^to must not be before/)],
  ])('%s: %s', async (path, detail) => {
    const { status, type, body } = await ask(path)
    expect([status, type]).toEqual([400, expect.stringContaining('application/problem+json')])
    expect(body).toEqual({
      ...{ type: '/api/docs#E_PARAMETER', title: 'Bad Request', status: 400, code: 'E_PARAMETER', detail },
      ...{
        hint: expect.any(String),
        field: typeof detail === 'string' ? detail.split(' ')[0] : expect.any(String),
      },
    })
  })

  it.each([
    ['diagnose?session=no/such', 'session', 'no desktop of this name is known: no/such'],
    ['timeline?session=no/such', 'session', 'no desktop of this name is known: no/such'],
    ['timeline?session=no/such&all=true', 'session', 'no desktop of this name is known: no/such'],
    ['lines?session=nowhere', 'session', 'no desktop of this name is known: nowhere'],
    ['live?session=bad', 'session', 'no desktop of this name is known: bad'],
    ['export/timeline?session=no/such', 'session', 'no desktop of this name is known: no/such'],
    ['events?host=nosuch', 'host', 'no host of this name is known: nosuch'],
    ['search?text=x&host=nosuch', 'host', 'no host of this name is known: nosuch'],
    ['live?host=nosuch', 'host', 'no host of this name is known: nosuch'],
    ['events?template=0123456789abcdef', 'template', 'no event has the template 0123456789abcdef'],
    ['ledger?file=/no/such', 'file', 'nothing is known of /no/such: the store has no row and no loss of it'],
    ['signatures?id=nosuch', 'id', 'no signature has the id nosuch'],
    ['silences/nosuch', 'id', 'there is no silence nosuch', 'DELETE'],
    [`export/lines?event_id=${'0'.repeat(32)}`, 'event_id', `no line has the id ${'0'.repeat(32)}`],
    ['signatures/nosuch', 'id', 'no signature has the id nosuch'],
    ['rules/nosuch', 'id', 'there is no rule nosuch'],
    [`compare?a=no/body&b=${READY}`, 'a', 'no desktop is named no/body'],
    [`compare?a=${READY}&b=no/body`, 'b', 'no desktop is named no/body'],
    [`compare?a=${READY}&b=${READY}&b_attempt=7`, 'b_attempt', `${READY} has no attempt 7`],
    ['trends?rule=nope', 'rule', 'there is no rule nope'],
    ['events?rule=own-unitt', 'rule', 'there is no rule own-unitt'],
    [`timeline?session=${READY}&rule=bogus`, 'rule', 'there is no rule bogus'],
  ])('%s: nobody knows that %s', async (path, field, detail, method = 'GET') => {
    expect(await ask(path, { method })).toMatchObject({
      status: 404,
      body: { code: 'E_NOT_FOUND', field, detail },
    })
  })

  it.each([
    ['events?source=dcv-sever', 'source', 'Did you mean dcv-server'],
    ['search?text=x&source=nosuch', 'source', 'Use one of '],
    ['live?source=nosuch', 'source', 'Use one of '],
    ['rules?component=nosuch', 'component', 'Use one of '],
    ['sessions?active=yes', 'active', 'true, false'],
    ['sessions?active=true&inactive=true', 'inactive', 'inactive'],
  ])('%s: what is not among the values of %s is a wrong parameter', async (path, field, hint) => {
    expect(await ask(path)).toMatchObject({
      ...{ status: 400 },
      body: { code: 'E_PARAMETER', field, hint: expect.stringContaining(hint) },
    })
  })

  it('an address that cannot be read is a problem like any other', async () => {
    expect(await ask('rules/%E0%A4%A')).toMatchObject({
      ...{ status: 400, type: 'application/problem+json; charset=utf-8' },
      body: { code: 'E_PARAMETER', hint: expect.stringContaining('%25') },
    })
  })

  it('a known file without a loss, and a rule without an event, are no errors', async () => {
    expect(await items(`ledger?file=${encodeURIComponent(SERVER_LOG)}`)).toEqual([])
    expect(await items('events?rule=nfs-timeout')).toEqual([])
  })

  it.each([
    ['events?from=x', 'from: a text; ISO 8601, UTC unless it says otherwise; or an age: 30m, 2h, 7d, 1w.'],
    ['events?limit=0', 'limit: a whole number; at most so many.'],
    ['events?kind=x', 'kind: one of signature, milestone, unknown.'],
    ['losses?x=1', 'What is asked for: from, to.'],
    ['status?x=1', 'Nothing is asked for here.'],
  ])('%s: what is right is %s', async (path, hint) => {
    expect((await ask(path)).body['hint']).toBe(hint)
  })

  it('in a body is told in plain words, with its key', async () => {
    expect((await post('silences', {})).body).toMatchObject({
      ...{ code: 'E_BODY', field: 'matchers', detail: 'matchers is missing', hint: 'matchers: a list.' },
    })
    expect((await post('silences', [])).body).toMatchObject({ detail: 'the body must be an object' })
    expect((await post('silences', { matchers: 1 })).body).toMatchObject({
      detail: 'matchers must be a list',
    })
    expect((await post('rules/draft', {})).body).toMatchObject({ field: 'line', detail: 'line is missing' })
    expect((await post('rules/draft', { line: 'x', id: 'A B' })).body).toMatchObject({ field: 'id' })
    expect((await post('rules/explain', { line: 'x', source: 'nosuch' })).body).toMatchObject({
      field: 'source',
    })
    const hour = { from: '2026-02-10T08:00:00Z', to: '2026-02-10T09:00:00Z' }
    const tried = { file: 'a.yaml', rules: '[]', ...hour, step_ms: 5 }
    expect((await post('alerts/test', tried)).body).toMatchObject({ field: 'step_ms' })
    const decided = await post('signatures/own-unit/state', { action: 'ignore', below: '1e2' })
    expect(decided.body).toMatchObject({ field: 'below' })
  })

  it('is a method that a path does not take', async () => {
    for (const [path, method, allow] of [
      ['sessions', 'POST', 'GET, HEAD'],
      ['silences', 'PUT', 'GET, HEAD, POST'],
      ['silences/x', 'GET', 'DELETE'],
    ]) {
      const response = await fetch(`${service.url}/api/v1/${path}`, { method: `${method}` })
      expect([path, response.status, response.headers.get('allow')]).toEqual([path, 405, allow])
      expect(await response.json()).toMatchObject({ code: 'E_METHOD', hint: `It takes ${allow}.` })
    }
  })

  it('is not the type of a body that is not sent, where none is needed', async () => {
    const headers = { 'content-type': 'application/json' }
    expect((await ask('silences/nothing', { method: 'DELETE', headers })).status).toBe(404)
  })

  it('is nothing about what is known and has nothing to show', async () => {
    for (const path of ['timeline', 'lines', 'events', 'diagnose'])
      expect([path, await items(`${path}?session=${READY}&from=1m`)]).toEqual([path, expect.any(Array)])
    expect(await items(`timeline?session=${READY}&rule=dcv-client-failed`)).toEqual([])
    expect(await items('trends?rule=own-unit&from=1m')).toEqual([])
  })

  it.each(['nothing', 'export/nothing', 'export/ledger', 'rules/a/b'])('%s is not there', async (path) => {
    expect(await ask(path)).toMatchObject({ status: 404, body: { code: 'E_NOT_FOUND', status: 404 } })
  })

  it('is a body that is too long, no JSON, or none', async () => {
    const sent = async (body: string, type = 'application/json') =>
      (await ask('rules/draft', { method: 'POST', headers: { 'content-type': type }, body })).body['code']
    expect(await sent(JSON.stringify({ line: 'x'.repeat(300_000) }))).toBe('E_TOO_LONG')
    expect(await sent(JSON.stringify({ line: 'x'.repeat(70_000) }))).toBe('E_BODY')
    expect(await sent('{"line":')).toBe('E_BODY')
    expect(await sent('')).toBe('E_BODY')
    expect(await sent('{}')).toBe('E_BODY')
    expect(await sent('line=x', 'application/x-www-form-urlencoded')).toBe('E_MEDIA_TYPE')
    expect(await sent('{"line":"x"}', 'text/plain')).toBe('E_MEDIA_TYPE')
  })
})

describe('hostile values', () => {
  const nasty = [
    "'",
    "\\'; DROP TABLE dcvlens.lines --",
    '{x:String}',
    '\0',
    '%00',
    '🚀',
    '../../etc/passwd',
    '*',
  ]

  it('are values and nothing else', async () => {
    for (const value of nasty) {
      const text = encodeURIComponent(value)
      for (const path of [`search?text=${text}`, `sessions?q=${text}&owner=${text}`])
        expect([path, (await ask(path)).status]).toEqual([path, 200])
      expect((await ask(`rules/${text}`)).status).toBe(404)
      expect((await ask(`events?host=${text}`)).status).toBe(404)
      expect((await ask(`events?source=${text}`)).status).toBe(400)
    }
    expect((await items('search?text=server started')).length).toBe(1)
  })

  it('of logs are text in JSON: bytes that are no text, escapes and all', async () => {
    const [line] = await items('search?text=caf')
    expect(line).toMatchObject({ file: NODE_LOG, message: expect.stringContaining('café') })
  })
})
