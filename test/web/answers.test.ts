import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/program.ts'
import { FAILED, NODE_LOG, POST_REBOOT_LOG, READY, SECRET, SERVER_LOG } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'

let service: SampleService
const UNKNOWN =
  '2026-02-10 08:20:00,000001 [  2201:2201  ] CRITICAL zorbler - zorble panic the frobnicator abcdef\n'

beforeAll(async () => {
  service = await startSampleService()
  const before = service.stored()
  appendFileSync(join(service.root, SERVER_LOG), UNKNOWN)
  await until('the unknown failure is stored', () => service.stored() === before + UNKNOWN.length)
})
afterAll(() => service.close())

type Item = Readonly<Record<string, unknown>>
type Answer = { readonly items: Item[]; readonly next?: string }

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${service.url}/api/v1/${path}`, init)
  const body = (await response.json()) as Answer & Record<string, unknown>
  return { status: response.status, type: response.headers.get('content-type') ?? '', body }
}

async function items(path: string): Promise<Item[]> {
  const { status, body } = await ask(path)
  expect([path, status, body['detail']]).toEqual([path, 200, undefined])
  return body.items
}

const post = (path: string, body: unknown) =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const idOf = (event: Item | undefined) => `${event?.['event_id']}:${event?.['rule_id'] ?? ''}`
const ruleOf = (event: Item) => event['rule_id']

describe('events', () => {
  it('are those of all machines, newest first, a row for each rule', async () => {
    const all = await items('events')
    const order = all.map((event) => `${event['ts']}`)
    expect(order).toEqual(order.toSorted().reverse())
    expect(new Set(all.map(idOf)).size).toBe(all.length)
    expect(all.map(ruleOf)).toEqual(
      expect.arrayContaining(['own-firewall', 'own-unit', 'dcv-unknown-session']),
    )
  })

  it.each([
    [`session=${READY}`, ({ owner, session }: Item) => `${owner}/${session}` === READY],
    ['source=dcv-server', ({ source }: Item) => source === 'dcv-server'],
    ['host=ip-10-8-3-44', ({ host }: Item) => host === 'ip-10-8-3-44'],
    ['rule=dcv-unknown-session', (event: Item) => ruleOf(event) === 'dcv-unknown-session'],
    ['kind=milestone', ({ kind }: Item) => kind === 'milestone'],
    ['severity=error', ({ severity }: Item) => severity === 'error' || severity === 'critical'],
    ['from=2026-02-10T08:30:00Z', ({ ts }: Item) => `${ts}` >= '2026-02-10T08:30'],
    ['to=2026-02-10T08:30:00Z', ({ ts }: Item) => `${ts}` < '2026-02-10T08:30'],
  ])('of %s are those and no others', async (query, isWanted) => {
    const all = await items('events')
    const found = await items(`events?${query}`)
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThan(all.length)
    expect(found.map(idOf)).toEqual(all.filter(isWanted).map(idOf))
  })
})

describe('lines', () => {
  it('around one are those of its own file, in the order of the file, each once', async () => {
    const [event] = await items('events?rule=own-unit')
    const id = `${event?.['event_id']}`
    const around = await items(`lines?event_id=${id}&before=1&after=1`)
    expect(around.map(({ file, offset }) => [file, offset])).toEqual([
      [POST_REBOOT_LOG, 0],
      [POST_REBOOT_LOG, event?.['offset']],
      [POST_REBOOT_LOG, Number(event?.['offset']) + Number(event?.['length'])],
    ])
    expect(around[1]).toMatchObject({ event_id: id, kind: 'signature' })
    expect(around.map(({ line }) => line)).toEqual([1, 2, 3])
    expect(await items(`lines?event_id=${id}&before=0&after=0`)).toEqual([around[1]])
    expect(await items(`lines?event_id=${id}&at=${event?.['ts']}&before=1&after=1`)).toEqual(around)
  })

  it('are found around a line that no rule speaks of', async () => {
    const [line] = await items('search?text=server started')
    const [found] = await items(`lines?event_id=${line?.['event_id']}&before=0&after=0`)
    expect(found).toEqual({ ...line, line: 1 })
  })

  it('of a desktop come oldest first, each once', async () => {
    const lines = await items(`lines?session=${READY}`)
    expect(lines.map(({ kind }) => kind)).toContain('line')
    expect(new Set(lines.map(({ event_id }) => event_id)).size).toBe(lines.length)
    const order = lines.map(({ ts }) => `${ts}`)
    expect(order).toEqual(order.toSorted())
  })

  it('around nothing are not there', async () => {
    const { status, body } = await ask(`lines?event_id=${'0'.repeat(32)}`)
    expect([status, body['code']]).toEqual([404, 'E_NOT_FOUND'])
  })
})

describe('sessions', () => {
  it('are found by how they stand and by words of theirs, their verdict and their host', async () => {
    const all = await items('sessions')
    const names = async (query: string) => (await items(`sessions?${query}`)).map(({ session }) => session)
    const failed = all.find(({ session }) => session === FAILED)
    expect(await names(`status=${failed?.['status']}`)).toContain(FAILED)
    expect(await names('q=CADDESK')).toEqual([FAILED])
    expect(await names('q=ip-10-8-3-44')).toEqual([READY])
    expect(await names('q=nowhere')).toEqual([])
    expect(await names('owner=omar')).toEqual([READY])
    expect(await names('status=stopped')).toEqual(
      all.filter(({ status }) => status === 'stopped').map(({ session }) => session),
    )
  })
})

describe('pages', () => {
  const questions = [
    'sessions?',
    'sessions?q=a',
    'events?',
    `timeline?session=${FAILED}`,
    `timeline?session=${READY}&all=true`,
    'search?text=e',
    'search?text=e&severity=info',
    'lines?',
    'ledger?all=true',
    'signatures?',
  ]

  it('have cursors that belong to their own question', async () => {
    const own = new Map<string, string>()
    for (const path of questions) {
      const { next } = (await ask(`${path}&limit=1`)).body
      if (next !== undefined) own.set(path.split('?')[0] ?? '', next)
    }
    expect(own.size).toBeGreaterThan(5)
    for (const path of questions) {
      for (const [question, cursor] of own) {
        const isOwn = path.startsWith(`${question}?`)
        const { status, body } = await ask(`${path}&limit=1&cursor=${cursor}`)
        const answered = [path, question, status, body['field']]
        expect(answered).toEqual([path, question, ...(isOwn ? [200, undefined] : [400, 'cursor'])])
      }
    }
  })

  it('give each item once, in the order of one large page, whatever their size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...questions), fc.integer({ min: 1, max: 9 }), async (path, size) => {
        const whole = await items(path)
        const paged: Item[] = []
        for (let cursor: string | undefined = ''; cursor !== undefined; ) {
          const { body } = await ask(
            `${path}&limit=${size}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
          )
          paged.push(...body.items)
          cursor = body.next
        }
        expect(paged).toEqual(whole)
      }),
      { numRuns: 16 },
    )
  })
})

describe('times', () => {
  it('are absolute, or an age', async () => {
    expect(await items('search?text=e&from=1m')).toEqual([])
    expect((await items('search?text=e&from=5000w')).length).toBeGreaterThan(0)
    expect(await items('search?text=e&to=5000w')).toEqual([])
    expect(await items('search?text=e&from=2026-02-10')).toEqual(await items('search?text=e&from=5000w'))
    expect(await items(`timeline?session=${FAILED}&from=1m`)).toEqual([])
  })
})

describe('the timeline', () => {
  it('is narrowed to a rule or a host', async () => {
    const all = await items(`timeline?session=${READY}`)
    expect((await items(`timeline?session=${READY}&rule=own-unit`)).map(ruleOf)).toEqual(['own-unit'])
    expect(await items(`timeline?session=${READY}&host=ip-10-8-3-44`)).toEqual(
      all.filter(({ host }) => host === 'ip-10-8-3-44'),
    )
  })
})

describe('a comparison', () => {
  it('tells in what two desktops differ, and how each stands', async () => {
    const { body } = await ask(`compare?a=${FAILED}&b=${READY}`)
    const [a, b] = [body['a'], body['b']] as Item[]
    expect([a?.['session'], a?.['status'], b?.['session']]).toEqual([FAILED, 'failed', READY])
    expect(a?.['phases']).not.toEqual([])
    expect(body.items).toContainEqual({ what: 'profile', of: 'profile', a: 'soca-2', b: 'edh-26' })
    expect(body['missing']).toEqual([])
    const itself = await ask(`compare?a=${READY}&b=${READY}&b_attempt=1`)
    expect([itself.body.items, itself.body['missing']]).toEqual([[], []])
  })

  it.each([
    [`a=${FAILED}&b=no/body`, 404, 'no desktop is named no/body'],
    [`a=${FAILED}&b=${READY}&b_attempt=7`, 404, `${READY} has no attempt 7`],
    [`a=${FAILED}`, 400, 'b is missing'],
  ])('of %s is refused', async (query, status, detail) => {
    const refused = await ask(`compare?${query}`)
    expect([refused.status, refused.body['detail']]).toEqual([status, detail])
  })
})

describe('a search', () => {
  it.each([
    ['rule=own-unit', (event: Item) => ruleOf(event) === 'own-unit'],
    ['kind=milestone', ({ kind }: Item) => kind === 'milestone'],
    ['severity=error', ({ severity }: Item) => severity === 'error' || severity === 'critical'],
    [
      `severity=info&session=${READY}`,
      ({ owner, session, kind }: Item) => `${owner}/${session}` === READY && kind !== 'line',
    ],
    ['kind=unknown&severity=warning', ({ kind }: Item) => kind === 'unknown'],
  ])('with %s finds those and no others', async (query, isWanted) => {
    const all = await items('search?text=e&limit=1000')
    const found = await items(`search?text=e&${query}`)
    expect(found.length).toBeGreaterThan(0)
    expect(found.map(idOf)).toEqual(all.filter(isWanted).map(idOf))
  })
})

describe('trends', () => {
  it('are of failures, here and in the overview; notes are had by asking', async () => {
    const failures = await items('trends?from=5000w')
    const { body } = await ask('overview?from=5000w')
    const sum = (rows: Item[]) => rows.reduce((total, { count }) => total + Number(count), 0)
    expect(sum(failures)).toBe(sum(body['trend'] as Item[]))
    expect(failures.filter(({ severity }) => severity === 'info')).toEqual([])
    expect(sum(await items('trends?from=5000w&severity=info'))).toBeGreaterThan(sum(failures))
  })

  it('are exported up to a limit, as all other answers', async () => {
    const response = await fetch(`${service.url}/api/v1/export/trends?bucket=1m&limit=2`)
    expect([response.status, (await response.text()).trim().split('\n').length]).toEqual([200, 2])
  })

  it('may be asked for up to the last time there is', async () => {
    expect(await items('trends?from=9999-12-31T23:59:59Z')).toEqual([])
  })

  it('of minutes count what those of days do', async () => {
    const sum = (rows: Item[]) => rows.reduce((total, { count }) => total + Number(count), 0)
    const minutes = await items('trends?bucket=1m')
    expect(sum(minutes)).toBe(sum(await items('trends?bucket=1d')))
    expect(minutes.map(({ bucket }) => bucket)).toContain('2026-02-10T08:16:00Z')
  })
})

describe('the overview', () => {
  it('counts desktops, names the failing, and tells of the collector', async () => {
    const { status, body } = await ask('overview?from=5000w')
    const counts = Object.values(body['sessions'] as Record<string, number>)
    expect([status, counts.reduce((sum, count) => sum + count, 0)]).toEqual([200, 2])
    const failing = (await items('sessions')).filter(
      ({ status }) => status === 'failed' || status === 'stalled',
    )
    expect(body['failing']).toHaveLength(failing.length)
    expect(body['collector']).toMatchObject({ store: 'storing', pending_bytes: 0, not_read: 0 })
    expect(body['trend']).not.toEqual([])
  })

  it('of a time without lines is empty', async () => {
    const { body } = await ask('overview?from=2h')
    expect(body).toMatchObject({ sessions: {}, failing: [], trend: [], common: [] })
  })
})

describe('rules', () => {
  it('are listed and found by their folder, severity and words', async () => {
    const all = await items('rules')
    expect(all.length).toBeGreaterThan(500)
    expect(await items('rules?q=unknown-session')).toEqual(
      all.filter(({ id }) => `${id}`.includes('unknown-session')),
    )
    expect((await items('rules?component=dcv')).every(({ component }) => component === 'dcv')).toBe(true)
    expect(await items('rules?severity=critical')).toEqual(
      all.filter(({ severity }) => severity === 'critical'),
    )
  })

  it('are told whole, one by one', async () => {
    const { body } = await ask('rules/dcv-unknown-session')
    expect(body).toMatchObject({
      ...{ id: 'dcv-unknown-session', component: 'connect', file: 'signatures/connect/dcv-connections.yaml' },
      ...{ explain: expect.any(String), remedy: expect.any(Array), samples: { match: expect.any(Array) } },
    })
    const missing = await ask('rules/dcv-unknown-sesion')
    expect([missing.status, missing.body['hint']]).toEqual([
      404,
      expect.stringContaining('dcv-unknown-session'),
    ])
  })

  it('say which of them match a line, and never its secrets', async () => {
    const line = `2026-02-10 08:16:40,161016 [  1:1  ] WARN  frontend-handler - Invalid connection request from client '10.8.0.14:2098': unknown session 'x' password=${SECRET}`
    const { status, body } = await post('rules/explain', { line, source: 'dcv-server' })
    expect([status, body.items[0]]).toEqual([
      200,
      expect.objectContaining({ rule_id: 'dcv-unknown-session', matches: true }),
    ])
    expect(JSON.stringify(body)).not.toContain(SECRET)
    expect((await post('rules/explain', { line, source: 'nothing' })).body).toMatchObject({ code: 'E_BODY' })
    expect((await post('rules/explain', { text: line })).body).toMatchObject({ status: 400, code: 'E_BODY' })
  })

  it('are named by their titles where it is told how often they spoke', async () => {
    const told = await items('coverage')
    expect(told.find(({ kind }) => kind === 'milestone')).toMatchObject({ title: expect.stringMatching(/ /) })
  })

  it('are drafted from a line', async () => {
    const { body } = await post('rules/draft', { line: 'cannot attach fs-77 on 10.1.2.3', id: 'own-attach' })
    expect(body['yaml']).toMatch(/^id: own-attach\n(?:.*\n)* {2}literal: cannot attach\n/)
    expect((await post('rules/draft', { line: '12' })).body).toMatchObject({ status: 422, code: 'E_DRAFT' })
    const taken = { line: 'cannot attach fs-77 on 10.1.2.3', id: 'dcv-unknown-session' }
    expect((await post('rules/draft', taken)).body).toMatchObject({ code: 'E_BODY' })
  })
})

describe('signatures', () => {
  it('are known failures and unknown ones, in pages', async () => {
    const all = await items('signatures')
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['rule', 'template']))
    expect(await items('signatures?kind=template')).toEqual(all.filter(({ kind }) => kind === 'template'))
    const { body } = await ask('signatures?limit=1')
    const second = await items(`signatures?limit=1&cursor=${body.next}`)
    expect([...body.items, ...second]).toEqual(all.slice(0, 2))
  })

  it('are told whole, with their events', async () => {
    for (const [kind, name] of [
      ['rule', 'rule_id'],
      ['template', 'template_id'],
    ] as const) {
      const [one] = await items(`signatures?kind=${kind}`)
      const { status, body } = await ask(`signatures/${one?.['id']}`)
      expect([status, body['id'], body['session_count']]).toEqual([200, one?.['id'], one?.['sessions']])
      const examples = body['examples'] as Item[]
      expect(examples.length).toBeGreaterThan(0)
      expect(examples.every((event) => event[name] === one?.['id'])).toBe(true)
    }
    expect(await ask('signatures/nothing')).toMatchObject({ status: 404, body: { code: 'E_NOT_FOUND' } })
  })

  it('are in the state that people decide on', async () => {
    const [one] = await items('signatures?kind=template')
    const path = `signatures/${one?.['id']}`
    const acked = await post(`${path}/state`, { action: 'ack', note: 'looked at', author: 'mira' })
    expect([acked.status, acked.body['state'], acked.body['note']]).toEqual([
      200,
      'acknowledged',
      'looked at',
    ])
    expect(await items('signatures?state=acknowledged')).toEqual([acked.body])
    expect((await ask(path)).body['history']).toEqual([
      expect.objectContaining({ action: 'ack', state: 'acknowledged', author: 'mira', note: 'looked at' }),
    ])
    expect((await post('signatures/nothing/state', { action: 'ack' })).status).toBe(404)
    for (const body of [
      { action: 'burn' },
      { action: 'ack', until: '2030-01-01' },
      { action: 'ignore', until: '2h' },
    ])
      expect(await post(`${path}/state`, body)).toMatchObject({ status: 400, body: { code: 'E_BODY' } })
  })
})

describe('alerts', () => {
  const matchers = [{ name: 'alertname', value: 'new-failure' }]
  const soon = () => new Date(Date.now() + 60_000).toISOString()

  it('are listed by their state', async () => {
    const all = await items('alerts')
    for (const state of ['firing', 'pending', 'resolved'])
      expect(await items(`alerts?state=${state}`)).toEqual(all.filter((alert) => alert['state'] === state))
    expect((await ask('overview')).body['alerts']).toEqual([])
  })

  it('are silenced for a while, until somebody ends that', async () => {
    const request = { matchers, ends_at: soon(), created_by: 'mira', comment: 'known since Monday' }
    const { status, body } = await post('silences', request)
    expect([status, body['state'], body['comment']]).toEqual([201, 'active', 'known since Monday'])
    expect(await items('silences')).toEqual([body])
    const ended = await ask(`silences/${body['id']}`, { method: 'DELETE' })
    expect([ended.status, ended.body['state']]).toEqual([200, 'expired'])
    expect(await ask('silences/nothing', { method: 'DELETE' })).toMatchObject({
      ...{ status: 404, body: { code: 'E_NOT_FOUND' } },
    })
  })

  it.each<[what: string, change: object, code: string]>([
    ['what matches everything', { matchers: [{ name: 'alertname', value: '' }] }, 'E_SILENCE'],
    ['what is over already', { ends_at: '2020-01-01T00:00:00Z' }, 'E_SILENCE'],
    ['nothing', { matchers: [] }, 'E_BODY'],
    ['an age as an end', { ends_at: '2h' }, 'E_BODY'],
    ['nobody who asks', { created_by: ' ' }, 'E_BODY'],
    ['more than it knows', { colour: 'red' }, 'E_BODY'],
    ['a regex that runs away', { matchers: [{ name: 'a', value: '(a+)+$', is_regex: true }] }, 'E_BODY'],
  ])('are not silenced by %s', async (_what, change, code) => {
    const request = { matchers, ends_at: soon(), created_by: 'mira', comment: 'x', ...change }
    expect((await post('silences', request)).body['code']).toBe(code)
  })
})

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
