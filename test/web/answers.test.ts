import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf, failUnexplained, type Item, ruleOf } from '../support/asked-api.ts'
import { FAILED, POST_REBOOT_LOG, READY } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'

let service: SampleService
const { ask, items } = apiOf(() => service)

beforeAll(async () => {
  service = await startSampleService()
  await failUnexplained(service)
})
afterAll(() => service.close())

const idOf = (event: Item | undefined) => `${event?.['event_id']}:${event?.['rule_id'] ?? ''}`

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
