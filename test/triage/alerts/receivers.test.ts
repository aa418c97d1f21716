import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Message } from '../../../src/triage/alerts/message.ts'
import { deliver } from '../../../src/triage/alerts/receivers/deliver.ts'
import { masked } from '../../../src/triage/alerts/receivers/masked.ts'
import { alertingOf, someAlert, someMessage } from '../../support/alerts.ts'
import { type HttpReceiver, type Received, startReceiver } from '../../support/http-receiver.ts'
import { tempDir } from '../../support/temp-dir.ts'

let http: HttpReceiver
const signal = new AbortController().signal
const NOTHING: Received = { path: '', method: '', headers: {}, body: '' }
const labels = { alertname: 'a', severity: 'error', cluster: 'soca-aero' }
const since = Date.UTC(2026, 2, 4, 9, 30)
const firing = someAlert(labels, 'firing', since)
const over = someAlert({ ...labels, severity: 'warning' }, 'resolved', since, since + 60_000)
const message = someMessage([firing], [over])

beforeAll(async () => {
  http = await startReceiver()
})
beforeEach(() => {
  http.answer = 200
  http.received.length = 0
})
afterAll(() => http.close())

function send(receiver: string, what: Message = message, env: Readonly<Record<string, string>> = {}) {
  const all = { URL: `${http.url}/hook`, ...env }
  const [one] = alertingOf(`receivers: [{ name: r, ${receiver} }]\nroute: { receiver: r }\n`, all).receivers
  if (one === undefined) throw new Error('no receiver')
  return deliver(what, one, { env: all, signal })
}

const sent = () => JSON.parse(http.received[0]?.body ?? '{}') as Record<string, unknown>

describe('a webhook', () => {
  it("gets the form of Alertmanager's version 4, with a key that stays the same for each try", async () => {
    expect(await send('type: webhook, url_env: URL')).toEqual({ kind: 'delivered' })
    await send('type: webhook, url_env: URL')
    expect(http.received.map(({ headers }) => headers['idempotency-key'])).toEqual([message.id, message.id])
    const told = {
      labels,
      annotations: firing.notes,
      generatorURL: `https://dcvlens.example.com/alerts/${firing.fingerprint}`,
      fingerprint: firing.fingerprint,
    }
    expect(sent()).toEqual({
      receiver: 'r',
      status: 'firing',
      alerts: [
        { status: 'firing', ...told, startsAt: '2026-03-04T09:30:00.000Z', endsAt: '0001-01-01T00:00:00Z' },
        {
          status: 'resolved',
          labels: over.labels,
          annotations: over.notes,
          startsAt: '2026-03-04T09:30:00.000Z',
          endsAt: '2026-03-04T09:31:00.000Z',
          generatorURL: `https://dcvlens.example.com/alerts/${over.fingerprint}`,
          fingerprint: over.fingerprint,
        },
      ],
      groupLabels: { alertname: 'a' },
      commonLabels: { alertname: 'a', cluster: 'soca-aero' },
      commonAnnotations: expect.objectContaining({ cause: 'The disk is full.' }),
      externalURL: 'https://dcvlens.example.com/',
      version: '4',
      groupKey: '{}:{alertname="a"}',
      truncatedAlerts: 0,
    })
  })

  it('is signed, and counts what it leaves out', async () => {
    const file = join(tempDir(), 'token')
    writeFileSync(file, 'tok-1\n')
    const receiver = `type: webhook, url_env: URL, secret_env: KEY, token_file: ${file}, max_alerts: 1`
    await send(receiver, message, { KEY: 'k1' })
    const [{ headers, body } = NOTHING] = http.received
    expect(headers['x-dcvlens-signature']).toBe(
      `sha256=${createHmac('sha256', 'k1').update(body).digest('hex')}`,
    )
    expect(headers.authorization).toBe('Bearer tok-1')
    expect(sent()).toMatchObject({ truncatedAlerts: 1, alerts: [{ status: 'firing' }] })
  })

  it.each([
    [500, { kind: 'failed', reason: 'it answers 500' }],
    [
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'failed', retryAfterMs: 7000 },
    ],
    [404, { kind: 'failed' }],
    [400, { kind: 'refused', reason: 'it answers 400' }],
    ['nothing', { kind: 'failed', reason: 'no answer within 1s' }],
    [
      { status: 302, headers: { location: '/elsewhere' } },
      { kind: 'refused', reason: 'it answers 302: redirects are not followed' },
    ],
  ] as const)('that answers %j is told apart', async (answer, outcome) => {
    http.answer = answer
    expect(await send('type: webhook, url_env: URL, timeout: 1s')).toMatchObject(outcome)
    expect(http.received.map(({ path }) => path)).toEqual(['/hook'])
  })

  it('that is not there is named by its fault, never by its address', async () => {
    const gone = await startReceiver()
    await gone.close()
    const outcome = await send('type: webhook, url_env: URL', message, { URL: `${gone.url}/s3cret` })
    expect(outcome).toEqual({ kind: 'failed', unsure: false, reason: 'it cannot be reached (ECONNREFUSED)' })
  })
})

describe('the address of a receiver', () => {
  const secret = 'TopSecretPw%40'
  const withPassword = () => http.url.replace('//', `//ops:${secret}@`)

  it.each(['webhook', 'slack', 'alertmanager'])('of type %s may have a user and a password', async (type) => {
    expect(await send(`type: ${type}, url_env: URL`, message, { URL: withPassword() })).toEqual({
      kind: 'delivered',
    })
    const basic = Buffer.from('ops:TopSecretPw@').toString('base64')
    expect(http.received[0]?.headers.authorization).toBe(`Basic ${basic}`)
  })

  it.each([
    ['it cannot be used', 'ops:TopSecretPw@host', '', 'the variable URL holds no address'],
    ['it is of another kind', 'ftp://ops:TopSecretPw@host', '', 'the variable URL holds no address'],
    ['its % is no escape', 'http://ops:TopSecretPw%@h', '', 'with a % that is no escape'],
    [
      'there is a token',
      'http://ops:TopSecretPw@h',
      'token_env: T',
      'the variable URL has a password, and there is a token',
    ],
    ['a token has line breaks', 'http://h', 'token_env: T', 'the variable T has characters'],
  ])('is refused when it is read if %s, and is not shown', (_, URL, more, fault) => {
    const receiver = `{ name: r, type: webhook, url_env: URL, ${more} }`
    const load = () =>
      alertingOf(`receivers: [${receiver}]\nroute: { receiver: r }\n`, { URL, T: 'TopSecretPw\nx' })
    expect(load).toThrow(fault)
    expect(load).not.toThrow('TopSecretPw')
  })

  it('is not shown when it changed for the worse while the service runs', async () => {
    const [one] = alertingOf(
      'receivers: [{ name: r, type: webhook, url_env: URL }]\nroute: { receiver: r }\n',
      {
        URL: http.url,
      },
    ).receivers
    const sending = { signal, env: { URL: 'http://ops:TopSecretPw@h:99999/' } }
    const outcome = one && (await deliver(message, one, sending))
    expect(outcome).toEqual({ kind: 'failed', reason: 'the variable URL holds no address' })
  })
})

it('a secret in the words of a client or a server is masked', () => {
  const env = { URL: 'https://ops:pass-1@host/services/T00/B11', T: 'tok-1' }
  const text = 'GET https://ops:pass-1@host/services/T00/B11 (pass-1, /services/T00/B11) with tok-1 at host'
  const [one] = alertingOf(
    'receivers: [{ name: r, type: slack, url_env: URL }]\nroute: { receiver: r }\n',
    env,
  ).receivers
  expect(one && masked(text, one, env)).toBe('GET «secret» («secret», «secret») with tok-1 at host')
})

describe('Slack', () => {
  it('gets text in which nothing of a log is a mention or a link', async () => {
    await send('type: slack, url_env: URL')
    const { text, attachments } = sent() as {
      text: string
      attachments: [{ color: string; blocks: { text: { text: string } }[] }]
    }
    expect(text).toBe('[FIRING:1] New failure: a error soca-aero')
    expect(attachments[0].color).toBe('#d50200')
    const block = attachments[0].blocks[0]?.text.text ?? ''
    expect(block).toContain(
      `*<https://dcvlens.example.com/alerts/${firing.fingerprint}|New failure: a error soca-aero>*`,
    )
    expect(block).toContain("Example: `No space left on &lt;device&gt; &amp; 'more'`")
    for (const words of [
      'Where: cluster soca-aero',
      'How many: 3',
      'Likely cause: The disk',
      '- Make room.',
    ]) {
      expect(block).toContain(words)
    }
  })
})

describe('PagerDuty', () => {
  const receiver = () => `type: pagerduty, routing_key_env: PD, url: '${http.url}/v2/enqueue'`

  it('opens an incident for a group, and closes the same one', async () => {
    http.answer = 202
    await send(receiver(), message, { PD: 'key-1' })
    await send(receiver(), someMessage([], [over]), { PD: 'key-1' })
    const [opened, closed] = http.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    expect(opened).toMatchObject({
      routing_key: 'key-1',
      event_action: 'trigger',
      client: 'dcvlens',
      payload: {
        summary: expect.stringContaining('[FIRING:1]'),
        source: 'soca-aero',
        severity: 'error',
        class: 'a',
      },
      links: [{ href: `https://dcvlens.example.com/alerts/${firing.fingerprint}` }],
    })
    expect(closed).toEqual({
      routing_key: 'key-1',
      event_action: 'resolve',
      dedup_key: opened?.['dedup_key'],
    })
    expect(String(opened?.['dedup_key']).length).toBeLessThanOrEqual(255)
  })
})

describe('an Alertmanager', () => {
  it('gets each alert with its begin, and an end even while it fires, so that it does not stay for ever', async () => {
    await send(`type: alertmanager, url: '${http.url}/am/'`)
    expect(http.received[0]?.path).toBe('/am/api/v2/alerts')
    expect(sent()).toEqual([
      expect.objectContaining({
        labels,
        startsAt: '2026-03-04T09:30:00.000Z',
        endsAt: '2026-03-04T10:20:00.000Z',
      }),
      expect.objectContaining({ labels: over.labels, endsAt: '2026-03-04T09:31:00.000Z' }),
    ])
  })
})

describe('a topic of SNS', () => {
  const env = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'x', AWS_EC2_METADATA_DISABLED: 'true' }
  const topic = (name: string) =>
    `type: sns, topic_arn: 'arn:aws:sns:eu-west-1:111122223333:${name}', endpoint: '${http.url}'`

  beforeEach(() => {
    const before = { ...process.env }
    Object.assign(process.env, env)
    onTestFinished(() => {
      process.env = before
    })
  })

  it('gets a subject of ASCII and the whole text; a FIFO topic the key of the notice too', async () => {
    const umlaut = someMessage([
      { ...firing, notes: { ...firing.notes, summary: `Größe ${'x'.repeat(200)}` } },
    ])
    await send(topic('t.fifo'), umlaut)
    const form = new URLSearchParams(http.received[0]?.body)
    expect(form.get('Subject')).toMatch(/^\[FIRING:1\] Gr\?\?e x+$/)
    expect(form.get('Subject')?.length).toBe(100)
    expect(form.get('Message')).toContain('What to do: \n  - Look at the disk.')
    expect(form.get('MessageDeduplicationId')).toBe(umlaut.id)
  })

  it('that is away is tried again', async () => {
    http.answer = 503
    expect(await send(topic('t'))).toMatchObject({ kind: 'failed' })
    expect(http.received.length).toBe(1)
  })
})

describe('mail', () => {
  /** A mail server that asks for a password; `refuse` is its answer to the mail. */
  async function mailServer(refuse?: { code: number }) {
    const mails: string[] = []
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _session, done) =>
        username === 'ops' && password === 'pw' ? done(null, { user: 'ops' }) : done(new Error('wrong')),
      onData: (stream, _session, done) => {
        stream.toArray().then((parts) => {
          mails.push(Buffer.concat(parts as Buffer[]).toString())
          done(refuse === undefined ? null : Object.assign(new Error('no'), { responseCode: refuse.code }))
        }, done)
      },
    })
    server.on('error', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const { port } = server.server.address() as AddressInfo
    const to = "from: 'dcvlens <d@example.com>', to: [ops@example.com]"
    return {
      mails,
      receiver: `type: mail, host: 127.0.0.1, port: ${port}, security: none, ${to}, user: ops, password_env: PW`,
    }
  }

  it('says what, where, since when, how many, why and what to do, under an id that stays the same', async () => {
    const { mails, receiver } = await mailServer()
    expect(await send(receiver, message, { PW: 'pw' })).toEqual({ kind: 'delivered' })
    const [mail = ''] = mails
    expect(mail).toContain(`Message-ID: <${message.id}@dcvlens>`)
    expect(mail).toContain('Subject: [FIRING:1] New failure: a error soca-aero')
    for (const words of [
      'Where: cluster soca-aero',
      'Since: 2026-03-04T09:30',
      'Likely cause: The disk is full.',
    ]) {
      expect(mail).toContain(words)
    }
  })

  it('with a wrong password is tried again, and the password is nowhere', async () => {
    const { receiver } = await mailServer()
    const outcome = await send(receiver, message, { PW: 'wr0ng-one' })
    expect(outcome.kind).toBe('failed')
    expect(JSON.stringify(outcome)).not.toContain('wr0ng-one')
  })

  it.each([
    [451, 'failed'],
    [552, 'refused'],
  ])('that the server answers with %i is %s', async (code, kind) => {
    const { receiver } = await mailServer({ code })
    expect((await send(receiver, message, { PW: 'pw' })).kind).toBe(kind)
  })

  it('to a server without TLS is not sent where TLS is asked for', async () => {
    const { mails, receiver } = await mailServer()
    const outcome = await send(receiver.replace('none', 'starttls'), message, { PW: 'pw' })
    expect([outcome.kind, mails]).toEqual(['failed', []])
  })
})
