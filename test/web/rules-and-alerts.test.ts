import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf, failUnexplained, type Item } from '../support/asked-api.ts'
import { SECRET } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'

let service: SampleService
const { ask, items, post } = apiOf(() => service)

beforeAll(async () => {
  service = await startSampleService()
  await failUnexplained(service)
})
afterAll(() => service.close())

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
