import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadAccess } from '../../src/cli/access.ts'
import { loadConfig } from '../../src/config.ts'
import { createGate, type Gate } from '../../src/web/gate.ts'
import { runProgram } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'
import { type SampleService, startSampleService } from '../support/sample-service.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-access-'))
const TOKEN = 'f3b1c9d0a7e64f52'
const USERS = join(folder, 'users')
const TOKEN_FILE = join(folder, 'token')
let open: SampleService
let guarded: SampleService
let guessed: SampleService

beforeAll(async () => {
  writeFileSync(
    USERS,
    `# people\nmira:${hashSync('a:b é', 4).replace('$2b$', '$2y$')}\n\nomar:${hashSync('other', 4)}\n`,
  )
  writeFileSync(TOKEN_FILE, `${TOKEN}\n`)
  const auth = `auth: { usersFile: ${USERS}, tokenFile: ${TOKEN_FILE} }\n`
  ;[open, guarded, guessed] = await Promise.all([
    startSampleService('publicHosts: [logs.example.com]\n'),
    startSampleService(auth, ['--host', '0.0.0.0']),
    startSampleService(auth),
  ])
})
afterAll(async () => {
  await open.close()
  await guarded.close()
  await guessed.close()
  rmSync(folder, { recursive: true, force: true })
})

type Answered = { readonly status: number; readonly headers: Record<string, unknown>; readonly body: string }

/** Sends a request whose headers are none that a browser would let a page set. */
function send(url: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('who has to say who he is', () => {
  const PATHS = ['/api/v1/status', '/api/v1/live', '/api/docs', '/metrics', '/', '/assets/x.js', '/nothing']

  it('is told nothing before, wherever he asks', async () => {
    for (const path of PATHS) {
      const { status, headers, body } = await send(guarded.url + path, {})
      expect([path, status]).toEqual([path, 401])
      expect(headers['www-authenticate']).toMatch(/^Basic /)
      expect(headers['content-security-policy']).toBeDefined()
      expect(JSON.parse(body)).toMatchObject({ code: 'E_AUTH', hint: expect.any(String) })
    }
  })

  it.each([
    ['a token', bearer(TOKEN), 200],
    ['a token with another scheme word', { authorization: `bearer  ${TOKEN}` }, 200],
    ['a wrong token', bearer(`${TOKEN}x`), 401],
    ['a part of a token', bearer(TOKEN.slice(1)), 401],
    ['no token', { authorization: 'Bearer' }, 401],
    ['a name and its password', basic('mira', 'a:b é'), 200],
    ['the same once more', basic('mira', 'a:b é'), 200],
    ['another name and its password', basic('omar', 'other'), 200],
    ['the password of another', basic('mira', 'other'), 401],
    ['a name that nobody has', basic('nobody', 'other'), 401],
    ['no password', basic('mira', ''), 401],
    ['a hash in place of a password', basic('omar', '$2b$04$abc'), 401],
    ['a token as the password of anybody', basic('x', TOKEN), 200],
    ['a part of a token as a password', basic('x', TOKEN.slice(1)), 401],
    ['what is no base64', { authorization: 'Basic %%%' }, 401],
    ['another scheme', { authorization: 'Digest username=mira' }, 401],
  ])('with %s', async (_what, headers, status) => {
    expect((await send(`${guarded.url}/api/v1/status`, headers)).status).toBe(status)
  })

  it('is told whether nothing was sent or something wrong', async () => {
    const detailOf = async (headers: Record<string, string>) =>
      (JSON.parse((await send(`${guarded.url}/api/v1/status`, headers)).body) as { detail: string }).detail
    expect(await detailOf({})).toBe('this needs a name and password, or a token')
    expect(await detailOf(bearer('no'))).toBe('this is not a name with its password, nor a token')
  })

  it('is told where it is, from here and from elsewhere', () => {
    const { port } = new URL(guarded.url)
    expect(guarded.program.stderr()).toContain(
      `answers on http://127.0.0.1:${port}/ from here, and on http://${hostname()}:${port}/ from elsewhere (`,
    )
  })

  it('may reach it by any name', async () => {
    const { status } = await send(`${guarded.url}/api/v1/status`, {
      ...bearer(TOKEN),
      host: 'dcvlens.lan:8125',
    })
    expect(status).toBe(200)
  })

  it('decides in his own name, whatever name he gives', async () => {
    const ask = async (path: string, who: Record<string, string>, body?: object) => {
      const headers = { ...who, 'content-type': 'application/json' }
      const method = body === undefined ? 'GET' : 'POST'
      const answered = await send(`${guarded.url}/api/v1/${path}`, headers, method, JSON.stringify(body))
      return JSON.parse(answered.body) as Record<string, unknown>
    }
    const mira = basic('mira', 'a:b é')
    const { items } = (await ask('signatures', mira)) as { items: { id: string }[] }
    const id = items[0]?.id ?? ''
    await ask(`signatures/${id}/state`, mira, { action: 'ack', author: 'omar' })
    await ask(`signatures/${id}/state`, bearer(TOKEN), { action: 'reopen', author: 'omar' })
    const { history } = (await ask(`signatures/${id}`, mira)) as { history: { author: string }[] }
    expect(history.map(({ author }) => author).slice(-2)).toEqual(['mira', 'omar'])
  })

  it('on the same machine need not, with the data directory of the service', async () => {
    const { code, stdout } = await runProgram(['sessions', '--json', '--data', guarded.data])
    expect([code, jsonLines(stdout).length]).toEqual([0, 2])
    const service = join(guarded.data, 'service.json')
    expect(statSync(service).mode & 0o777).toBe(0o600)
    const { token } = JSON.parse(readFileSync(service, 'utf8')) as { token: string }
    expect(token).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('a name of this server', () => {
  it.each([
    ['localhost', 200],
    ['localhost:9000', 200],
    ['LOCALHOST', 200],
    ['127.0.0.1:1', 200],
    ['[::1]:8125', 200],
    ['logs.example.com', 200],
    ['Logs.Example.com:443', 200],
    ['evil.example.com', 403],
    ['localhost.evil.com', 403],
    ['127.0.0.1.evil.com', 403],
    ['evil.com:localhost', 403],
    ['evil.com@localhost', 403],
  ])('is %s? %i', async (host, status) => {
    const answered = await send(`${open.url}/api/v1/status`, { host })
    expect(answered.status).toBe(status)
    if (status === 403) expect(JSON.parse(answered.body)).toMatchObject({ code: 'E_HOST', status: 403 })
  })
})

describe('a write', () => {
  const body = JSON.stringify({ line: 'cannot attach fs-77 on 10.1.2.3' })
  const write = (headers: Record<string, string>) =>
    send(`${open.url}/api/v1/rules/draft`, { 'content-type': 'application/json', ...headers }, 'POST', body)

  it.each<[what: string, headers: Record<string, string>, status: number]>([
    ['a program', {}, 200],
    ['the page itself', { host: 'localhost:8125', origin: 'http://localhost:8125' }, 200],
    ['the page behind TLS', { host: 'logs.example.com', origin: 'https://logs.example.com' }, 200],
    ['another site', { origin: 'http://evil.example.com' }, 403],
    ['another port', { host: 'localhost:8125', origin: 'http://localhost:3000' }, 403],
    ['a page that hides where it is from', { origin: 'null' }, 403],
    ['a browser that says so', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of the same domain', { 'sec-fetch-site': 'same-site' }, 403],
  ])('of %s', async (_what, headers, status) => {
    const answered = await write(headers)
    expect(answered.status).toBe(status)
    if (status === 403) expect(JSON.parse(answered.body)).toMatchObject({ code: 'E_CROSS_SITE' })
  })
})

describe('whoever guesses passwords', () => {
  const users = new Map([['mira', hashSync('right', 4)]])
  const header = (password: string) => basic('mira', password).authorization
  const gateAt = (clock: { nowMs: () => number }) => {
    const warned: unknown[] = []
    const log = { warn: (about: unknown) => void warned.push(about) }
    return { gate: createGate({ tokens: [TOKEN], users }, { clock, log }), warned }
  }
  const guess = async (gate: Gate, count: number) => {
    for (let at = 0; at < count; at++)
      expect(await gate.admits(header(`wrong ${at}`), '10.0.0.9')).toBe(false)
  }

  it('has ten tries a minute, which is told once; others, tokens and proven passwords are not touched', async () => {
    let nowMs = 0
    const { gate, warned } = gateAt({ nowMs: () => nowMs })
    await guess(gate, 10)
    for (const password of ['wrong', 'right'])
      await expect(gate.admits(header(password), '10.0.0.9')).rejects.toMatchObject({
        code: 'E_TOO_MANY_TRIES',
      })
    expect(await gate.admits(`Bearer ${TOKEN}`, '10.0.0.9')).toBe(true)
    expect(await gate.admits(header('right'), '10.0.0.8')).toBe(true)
    expect(await gate.admits(header('right'), '10.0.0.9')).toBe(true)
    expect(warned).toEqual([{ address: '10.0.0.9' }])
    nowMs = 60_000
    await guess(gate, 10)
    expect(warned).toHaveLength(2)
  })

  it('is answered with 429, and when to come again', async () => {
    const answers = []
    for (let at = 0; at < 14; at++)
      answers.push(await send(`${guessed.url}/api/v1/status`, basic('mira', `wrong ${at}`)))
    expect(answers.at(0)?.status).toBe(401)
    expect(answers.at(-1)).toMatchObject({ status: 429, headers: { 'retry-after': '60' } })
    expect((await send(`${guessed.url}/api/v1/status`, bearer(TOKEN))).status).toBe(200)
    expect(guessed.program.stderr()).not.toContain('wrong 1')
  })
})

describe('serve', () => {
  it.each([
    ['192.0.2.77', /this machine has no such address.*\n.*--host/],
    ['no-such-host.invalid', /nobody knows this name.*\n.*--host/],
    ['', /--host is empty/],
  ])('that cannot listen on "%s" says what to change', async (host, told) => {
    const config = join(folder, 'listen.yaml')
    writeFileSync(config, `auth: { tokenFile: ${TOKEN_FILE} }\n`)
    const data = mkdtempSync(join(folder, 'data-'))
    const { code, stderr } = await runProgram([
      ...['serve', '--host', host, '--port', '0', '--config', config],
      ...['--data', data, '--root', folder],
    ])
    expect([code, stderr]).toEqual([host === '' ? 2 : 3, expect.stringMatching(told)])
  })

  it('does not listen for others where nobody has to say who he is', async () => {
    const { code, stderr } = await runProgram(['serve', '--host', '0.0.0.0', '--data', join(folder, 'data')])
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^dcvlens: --host 0\.0\.0\.0 would let everybody .*\n {2}Say in .*auth/),
    ])
  })

  it.each([
    ['auth: {}', /auth.*must have usersFile, tokenFile or tokenEnv/],
    ['auth: { tokenFile: /nowhere }', /auth\.tokenFile \/nowhere cannot be read \(ENOENT\)/],
    ['auth: { tokenEnv: NOT_SET }', /auth\.tokenEnv NOT_SET holds no token of 16 characters or more/],
    ['auth: { tokenEnv: SHORT }', /auth\.tokenEnv SHORT holds no token of 16 characters or more/],
    ['auth: { usersFile: /dev/null }', /\/dev\/null names nobody/],
    [`auth: { usersFile: ${TOKEN_FILE} }`, /token:1 is not a name with a bcrypt hash/],
  ])('refuses %s', (settings, told) => {
    const config = join(folder, 'settings.yaml')
    writeFileSync(config, `${settings}\n`)
    expect(() => loadAccess(loadConfig(config, {}), { SHORT: 'short' })).toThrow(told)
  })
})
