import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Page } from '../../src/triage/alerts/book.ts'
import { type HttpReceiver, startReceiver } from '../support/http-receiver.ts'
import { type Program, runProgram, startProgram, until } from '../support/program.ts'
import { SERVER_LOG } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const signature = (n: number) => `  - id: broken-${n}
    version: 1
    status: stable
    title: Lamp ${n} is broken
    severity: error
    layer: environment
    phase: session
    source: dcv-server
    match: { literal: 'lamp ${n} broke' }
    explain: The bulb is old.
    remedy: [Put in another one.]
    provenance: observed
    samples: { match: ['lamp ${n} broke'], no_match: ['lamp ${n} burns'] }
`
const ALERTS = `rules:
  - { id: new-failure, title: New, kind: new_signature, learning: 0s, every: 1s, rules: [broken-1, broken-2] }
  - { id: failure-is-back, title: Off, kind: regressed_signature, enabled: false }
`
const SETTINGS = 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlogLevel: info\nalerting: alerting.yaml\n'
const line = (n: number, text = `lamp ${n} broke, token=abcdef0123456789`) =>
  `${new Date().toISOString().slice(0, 19).replace('T', ' ')},000001 [  1:1  ] ERROR main - ${text}\n`

let http: HttpReceiver
let folder: string
const log = () => join(folder, 'root', SERVER_LOG)

beforeEach(async () => {
  http = await startReceiver()
  onTestFinished(() => http.close())
  folder = tempDir()
  mkdirSync(dirname(log()), { recursive: true })
  mkdirSync(join(folder, 'rules', 'signatures'), { recursive: true })
  mkdirSync(join(folder, 'rules', 'alerts'))
  writeFileSync(
    join(folder, 'rules', 'signatures', 'lamps.yaml'),
    `rules:\n${[1, 2, 3].map(signature).join('\n')}`,
  )
  writeFileSync(join(folder, 'rules', 'alerts', 'own.yaml'), ALERTS)
  writeFileSync(join(folder, 'settings.yaml'), SETTINGS)
  alerting('route: { receiver: ops, group_by: [signature], group_wait: 1s, group_interval: 2s }')
  // The first event of all begins the time of learning, which is over when it ends.
  writeFileSync(log(), line(0, 'session begins').replace('ERROR', 'INFO '))
})

function alerting(route: string, path = '/hook'): void {
  const hook = `{ name: ops, type: webhook, url: '${http.url}${path}', timeout: 2s }`
  const text = `delay: 1s\nreceivers:\n  - ${hook}\n${route}\n`
  writeFileSync(join(folder, 'alerting.yaml'), text)
}

const common = () => ['--data', join(folder, 'data'), '--config', join(folder, 'settings.yaml')]
const rulesAndRoot = () => ['--rules', join(folder, 'rules'), '--root', join(folder, 'root')]
const serve = (): Program => startProgram(['serve', '--port', '0', ...common(), ...rulesAndRoot()])
const cli = (...args: string[]) => runProgram(['alerts', ...args, ...common()])

/** What is on disk now. */
function page(): Page | undefined {
  const path = join(folder, 'data', 'alerts', 'state.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Page) : undefined
}

/** The service has looked at what is there so far. */
async function hasLooked(): Promise<void> {
  await until('it has looked', () => page()?.memory?.sinceMs !== undefined)
}

const firing = () => Object.values(page()?.instances ?? {}).filter(({ state }) => state.kind === 'firing')
type Told = {
  status: string
  alerts: { labels: Record<string, string>; annotations: Record<string, string> }[]
}
const told = () =>
  http.received.map(({ body, headers }) => ({
    id: headers['idempotency-key'],
    ...(JSON.parse(body) as Told),
  }))

describe('a failure that nobody had seen before', () => {
  it('is told once, with all that is known and without its secret, and again only after a stop of the clock', async () => {
    const service = serve()
    await service.url()
    await hasLooked()
    appendFileSync(log(), line(1))
    await until('it is told', () => http.received.length > 0)
    const [notice] = told()
    expect(notice).toMatchObject({
      status: 'firing',
      alerts: [{ labels: { signature: 'broken-1', severity: 'error' } }],
    })
    const { annotations = {} } = notice?.alerts[0] ?? {}
    expect(annotations).toMatchObject({
      summary: 'New failure: Lamp 1 is broken',
      cause: 'The bulb is old.',
      remedy: 'Put in another one.',
      count: '1',
      example_file: SERVER_LOG,
    })
    expect(annotations['example']).toContain('lamp 1 broke')
    expect(JSON.stringify(http.received)).not.toContain('abcdef0123456789')
    await service.stop()
    const again = serve()
    await again.url()
    const before = page()?.memory?.toMs ?? 0
    await until('it has looked several times', () => (page()?.memory?.toMs ?? 0) > before + 4000)
    expect(http.received.length).toBe(1)
    expect(await again.stop()).toEqual({ code: 0, signal: null })
  })
})

describe('SIGKILL', () => {
  it('between the look and the notice forgets nothing: it is told once after the restart', async () => {
    alerting('route: { receiver: ops, group_by: [signature], group_wait: 4s }')
    const service = serve()
    await service.url()
    await hasLooked()
    appendFileSync(log(), line(1))
    await until('it fires', () => firing().length === 1)
    await service.kill()
    expect([http.received.length, page()?.outbox.waiting.length]).toEqual([0, 0])
    await serve().url()
    await until('it is told', () => http.received.length > 0)
    await until('it is off the outbox', () => page()?.outbox.delivered === 1)
    expect(http.received.length).toBe(1)
  })

  it('before the end of a try is known is told to readers of a receiver that cannot know a notice again', async () => {
    writeFileSync(join(folder, 'slack-url'), `${http.url}/slack\n`)
    const slack = `{ name: ops, type: slack, url_file: '${join(folder, 'slack-url')}' }`
    const route = '{ receiver: ops, group_by: [signature], group_wait: 1s }'
    writeFileSync(join(folder, 'alerting.yaml'), `delay: 1s\nreceivers: [${slack}]\nroute: ${route}\n`)
    const service = serve()
    await service.url()
    await hasLooked()
    http.answer = () => {
      process.kill(service.pid, 'SIGKILL')
      return 'nothing'
    }
    appendFileSync(log(), line(1))
    await service.ended
    expect(page()?.outbox.waiting).toMatchObject([{ tries: 0, unsure: 1 }])
    http.answer = 200
    await serve().url()
    await until('it is off the outbox', () => page()?.outbox.delivered === 1)
    const texts = http.received.map(({ body }) => (JSON.parse(body) as { readonly text: string }).text)
    expect(texts[1]).toBe(`This may have been told already: ${texts[0]}`)
    expect(texts).toHaveLength(2)
  })

  it('while the receiver is away, and between its taking the notice and our knowing it, keeps the one id', async () => {
    http.answer = 500
    const service = serve()
    await service.url()
    await hasLooked()
    appendFileSync(log(), line(1))
    await until('it was tried', () => (page()?.outbox.waiting[0]?.tries ?? 0) > 0)
    expect(page()?.outbox.waiting[0]?.reason).toBe('it answers 500')
    await service.kill()
    let second: Program | undefined
    http.answer = () => {
      // It has the notice, and we do not know it.
      process.kill(second?.pid ?? 0, 'SIGKILL')
      return 'nothing'
    }
    second = serve()
    await second.ended
    http.answer = 200
    await serve().url()
    await until('it is off the outbox', () => page()?.outbox.delivered === 1)
    expect(new Set(told().map(({ id }) => id)).size).toBe(1)
    expect(page()?.outbox).toMatchObject({ waiting: [], given_up: 0, dead: [] })
  })
})

describe('a receiver', () => {
  it('that hangs or redirects is shown and counted, and lines are stored all the while', async () => {
    http.answer = 'nothing'
    const service = serve()
    await service.url()
    await hasLooked()
    appendFileSync(log(), line(1))
    await until('it was tried', () => page()?.outbox.waiting[0]?.reason === 'no answer within 2s')
    http.answer = { status: 302, headers: { location: `${http.url}/elsewhere` } }
    appendFileSync(log(), line(2))
    await until('it is given up', () => page()?.outbox.given_up !== 0)
    expect(page()?.outbox.dead[0]?.reason).toBe('it answers 302: redirects are not followed')
    expect(http.received.map(({ path }) => path)).not.toContain('/elsewhere')
    expect(service.stderr()).toContain('redirects are not followed')
    expect(await service.stop()).toEqual({ code: 0, signal: null })
  })

  it('is tried by hand: it takes the notice, or the reason is shown with exit code 1', async () => {
    expect(await cli('test-receiver', 'ops')).toMatchObject({ code: 0, stdout: 'ops has taken the notice\n' })
    expect(told()[0]?.alerts[0]?.labels).toEqual({ alertname: 'dcvlens-test', severity: 'info' })
    http.answer = 503
    expect(await cli('test-receiver', 'ops')).toMatchObject({
      code: 1,
      stderr: 'ops did not take the notice: it answers 503\n',
    })
    expect(await cli('test-receiver', 'opps')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Known: ops.'),
    })
  })

  it('is not mistaken for another whose secret is missing', async () => {
    const hook = (name: string, more: string) =>
      `  - { name: ${name}, type: webhook, url: '${http.url}/hook', timeout: 2s${more} }\n`
    const receivers = hook('ops', '') + hook('other', ', secret_env: NOT_SET_HERE')
    writeFileSync(join(folder, 'alerting.yaml'), `receivers:\n${receivers}route: { receiver: ops }\n`)
    expect(await cli('test-receiver', 'ops')).toMatchObject({ code: 0 })
    const [nope, other] = [await cli('test-receiver', 'nope'), await cli('test-receiver', 'other')]
    expect(nope).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no receiver nope') })
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('NOT_SET_HERE') })
  })
})

describe('files that change while the service runs', () => {
  const own = () => join(folder, 'rules', 'alerts', 'own.yaml')
  type Sets = { readonly rules: number; readonly receivers: number; readonly faults: readonly string[] }
  const sets = async (url: string) =>
    ((await (await fetch(`${url}/api/v1/status`)).json()) as { readonly alerts: Sets }).alerts

  it('are taken in: rules, receivers and routes; silences and alerts stay as they are', async () => {
    const program = serve()
    const service = () => program.stderr() + program.stdout()
    const url = await program.url()
    await hasLooked()
    const silence = ['silence', 'signature=broken-1', '--for', '2h', '--by', 'ann', '--comment', 'known']
    expect((await cli(...silence)).code).toBe(0)
    appendFileSync(log(), line(1))
    await until('it fires', () => firing().length === 1)
    const before = firing()[0]
    writeFileSync(
      own(),
      ALERTS.replace('[broken-1, broken-2]', '[broken-1, broken-3]').replace('title: New', 'title: N'),
    )
    await until('the rules are taken in', () => service().includes('alert rules or receivers changed'))
    appendFileSync(log(), line(2) + line(3))
    await until('the other is told', () => http.received.length > 0)
    expect(told()[0]?.alerts.map(({ labels }) => labels['signature'])).toEqual(['broken-3'])
    expect(firing().find(({ fingerprint }) => fingerprint === before?.fingerprint)?.state).toMatchObject({
      ...{ kind: 'firing', since: before?.state.kind === 'firing' ? before.state.since : 0 },
    })
    alerting('route: { receiver: ops, group_by: [alertname], group_wait: 1s, matchers: [] }', '/other')
    await until('it is told where it is to go now', () => http.received.some(({ path }) => path === '/other'))
    expect(http.received.filter(({ body }) => body.includes('"broken-1"'))).toEqual([])
    expect(await sets(url)).toMatchObject({ receivers: 1, faults: [] })
  })

  it('with faults are refused with each of them, shown by the status and by doctor, and the set before goes on', async () => {
    const url = await serve().url()
    await hasLooked()
    const { rules } = await sets(url)
    writeFileSync(
      own(),
      'rules:\n  - { id: new-failure, title: A, kind: new_signature, lerning: 1d, evry: 5s }\n',
    )
    await until('they are refused', async () => (await sets(url)).faults.length === 2)
    const lerning = expect.stringContaining(`${own()}:2:55: unknown key rules.0.lerning`)
    expect(await sets(url)).toMatchObject({ rules, faults: [lerning, expect.stringContaining('evry')] })
    const doctor = await runProgram(['doctor', '--json', ...common(), ...rulesAndRoot()])
    expect(doctor.stdout).toMatch(
      /"check":"changed rules","status":"warn","detail":"[^"]*own\.yaml:2:55: unknown key/,
    )
    expect(doctor.stdout).toMatch(/"check":"alerts","status":"fail"/)
    appendFileSync(log(), line(1))
    await until('it is told', () => http.received.length > 0)
    writeFileSync(own(), ALERTS)
    await until('they are right again', async () => (await sets(url)).faults.length === 0)
    alerting('route: { receiver: nobody }')
    await until('it is refused', async () => (await sets(url)).faults.length === 1)
    expect((await sets(url)).faults[0]).toMatch(/alerting\.yaml:\d+:\d+: .*nobody is the name of no receiver/)
  })
})

describe('a test of alert rules', () => {
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()

  it('says the same of history whether the service holds it or not', async () => {
    const service = serve()
    await service.url()
    await hasLooked()
    appendFileSync(log(), line(1))
    await until('it fires', () => firing().length === 1)
    const own = join(folder, 'rules', 'alerts', 'own.yaml')
    const range = ['--from', at(-60), '--to', at(5), '--step', '1m']
    const test = (...args: string[]) => cli('test', own, ...range, '--rules', join(folder, 'rules'), ...args)
    const held = [await test('--json'), await test('--utc')]
    await service.stop()
    expect(held).toEqual([await test('--json'), await test('--utc')])
    const [json, text] = held
    expect(JSON.parse(json?.stdout ?? '')).toMatchObject({
      rule: 'new-failure',
      labels: { signature: 'broken-1' },
    })
    expect(text).toMatchObject({ code: 0, stderr: expect.stringMatching(/^1 alert in 1h 5m/) })
  })

  it('names the faults of the file, and of the rules that the service knows', async () => {
    const service = serve()
    await service.url()
    const file = join(folder, 'mine.yaml')
    const faults: [string, string][] = [
      ['rules: [{ id: a, title: A, kind: rate }]\n', 'mine.yaml:1:9: rules.0.at_least: is missing'],
      [
        'rules: [{ id: a, title: A, kind: new_signature, rules: [nothing] }]\n',
        'mine.yaml:1:57: a: nothing is the id of no rule',
      ],
    ]
    for (const [text, fault] of faults) {
      writeFileSync(file, text)
      expect(await cli('test', file)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(fault),
      })
    }
    writeFileSync(file, 'rules: [{ id: a, title: A, kind: new_signature, rules: [broken-1] }]\n')
    expect(await cli('test', file)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('0 alerts in 7d'),
    })
    expect(await cli('test', file, '--from', '9000d', '--step', '1s')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('are more than 200000 moments'),
    })
  })
})

describe('a silence', () => {
  it('is made, shown and ended without the service, and holds when that starts', async () => {
    const { code, stdout } = await cli(
      'silence',
      'signature=broken-1',
      '--for',
      '2h',
      '--by',
      'ann',
      '--comment',
      'known',
    )
    expect(code).toBe(0)
    const id = stdout.trim()
    expect((await cli('silences', '--json')).stdout).toContain(`"id":"${id}"`)
    const service = serve()
    await service.url()
    await hasLooked()
    expect(await cli('unsilence', 'zz')).toMatchObject({
      code: 2,
      stderr: 'dcvlens: there is no silence zz\n  See `dcvlens alerts silences`.\n',
    })
    appendFileSync(log(), line(1) + line(2))
    await until('the other is told', () => http.received.length > 0)
    await service.stop()
    expect(told().map(({ alerts }) => alerts.map(({ labels }) => labels['signature']))).toEqual([
      ['broken-2'],
    ])
    const listed = (await cli('list', '--json')).stdout
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one))
    expect(listed).toHaveLength(2)
    expect(listed.find(({ labels }) => labels.signature === 'broken-1')).toMatchObject({
      ...{ state: 'firing', rule: 'new-failure', silenced_by: [id], value: 1 },
    })
    const { fingerprint } = listed[0] as { fingerprint: string }
    expect((await cli('show', fingerprint.slice(0, 8))).stdout).toContain('The bulb is old.')
    expect((await cli('unsilence', id)).code).toBe(0)
    expect((await cli('silences')).stdout).toContain('expired')
  })

  it.each([
    [
      ['silence', 'alertname=~.*', '--for', '2h', '--by', 'a', '--comment', 'b'],
      'this silence would match every alert',
    ],
    [['silence', 'alertname', '--for', '2h', '--by', 'a', '--comment', 'b'], 'alertname is not a matcher'],
    [['silence', 'a=b', '--for', 'ever', '--by', 'a', '--comment', 'b'], '--for ever is not a span of time'],
    [['silence', 'a=b', '--for', '2h', '--by', ' ', '--comment', 'b'], '--by must name who asks for it'],
    [['list', '--state', 'fine'], '--state cannot be "fine"'],
  ])('%j is refused: %s', async (args, reason) => {
    expect(await cli(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(reason) })
  })

  it('or an alert that is not there is told so', async () => {
    expect(await cli('unsilence', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no silence x'),
    })
    expect(await cli('show', 'abc')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no alert abc'),
    })
  })
})

it('a service with a wrong alert rule or an unknown receiver does not begin to work', async () => {
  writeFileSync(
    join(folder, 'rules', 'alerts', 'own.yaml'),
    'rules: [{ id: a, title: A, kind: rate, at_most: 1 }]\n',
  )
  const wrong = await runProgram(['serve', '--port', '0', ...common(), ...rulesAndRoot()])
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('own.yaml:1:40: unknown key rules.0.at_most'),
  })
  writeFileSync(join(folder, 'rules', 'alerts', 'own.yaml'), ALERTS)
  alerting('route: { receiver: nobody }')
  const unknown = await runProgram(['serve', '--port', '0', ...common(), ...rulesAndRoot()])
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nobody is the name of no receiver'),
  })
  expect(existsSync(join(folder, 'data'))).toBe(false)
})
