import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import type { Ran } from '../support/built.ts'
import { startFront } from '../support/clickhouse-front.ts'
import { NOBODY, type RunOptions, runProgram } from '../support/program.ts'
import { writeLog } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-bad-'))
chmodSync(folder, 0o755)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = (name: string) => join(folder, name)
const log = writeLog(at('own.log'), 'error: no space\n')
const data = ['--data', at('data')]
const FREE_PORT = 'http://127.0.0.1:9'

function file(name: string, text: string): string {
  writeFileSync(at(name), text)
  return at(name)
}

function rules(name: string, text: string): string {
  mkdirSync(at(`${name}/signatures`), { recursive: true })
  file(`${name}/signatures/own.yaml`, text)
  return at(name)
}

/** What went wrong in one line and what to do in the next; never a stack, never half an answer. */
function expectTold({ code, stdout, stderr }: Ran, exit: number, told: RegExp): void {
  expect(stderr).toMatch(told)
  expect(stderr).toMatch(/^(?:dcvlens|error): .+\n(?:.+\n){1,2}$/)
  expect(stderr).not.toMatch(/^ +at |fault of dcvlens|undefined|\[object/m)
  expect([code, stdout]).toEqual([exit, ''])
}

const LIMIT = /--limit must be a whole number from 1 to 100000/
const TIME = /--from (?:must be a time like|\S+ is not a time\n {2}Use 30m, 2h, 7d or) 2026-01-31T08:00:00Z/
const STORE = /--store must be like http:\/\/user:password@host:8123\n/
const RULE = 'id: own-rule\nversion: 1\nstatus: stable\ntitle: Own\nseverity: loud\n'

it.concurrent.each<[string, string[], RegExp]>([
  [
    'a range beside a time to look around',
    ['timeline', 'a/b', '--around', '2026-01-31T08:00:00Z', '--from', '2h', ...data],
    /--around excludes --from and --to\n/,
  ],
  ['a path that is not there', ['scan', at('gone')], /gone does not exist\n/],
  ['one of two paths that is not there', ['ingest', ...data, folder, at('gone')], /gone does not exist\n/],
  ['a path below a file', ['scan', join(log, 'x')], /own\.log\/x does not exist\n/],
  ['a root that is not there (scan)', ['scan', '--root', at('gone'), folder], /--root .*gone does not exist/],
  ['a root that is not there (ingest)', ['ingest', '--root', at('gone'), ...data], /--root .*gone does not/],
  [
    'a root that is a file (serve)',
    ['serve', '--root', log, ...data, '--port', '0'],
    /--root .* is not a folder/,
  ],
  ['settings that are not there', ['scan', '--config', at('gone'), log], /gone cannot be read \(ENOENT\)/],
  [
    'a key of the settings',
    ['scan', '--config', file('a.yaml', 'scanMs: 500\ndatta: x\n'), log],
    /a\.yaml:2:1: unknown key datta; known here: data, store, [^\n]*, logFormat\n/,
  ],
  [
    'a value of the settings',
    ['scan', '--config', file('b.yaml', 'scanMs: soon\n'), log],
    /b\.yaml:1:9: scanMs: must be/,
  ],
  ['settings that are no YAML', ['scan', '--config', file('c.yaml', 'data: [x\n'), log], /c\.yaml:2:1: /],
  [
    'a rule',
    [
      'scan',
      '--rules',
      rules(
        'r1',
        `${RULE}match: { literal: own words }\nsamples: { match: [{ line: own words }], no_match: [other words] }\n`,
      ),
      log,
    ],
    /own\.yaml:5:11: severity: must be one of/,
  ],
  ['rules that are not there', ['rules', 'list', '--rules', at('gone')], /gone does not exist\n/],
  [
    'a folder without rules',
    ['scan', '--rules', at('.'), log],
    /no folder layouts, formats, signatures, alerts in/,
  ],
  ['a command', ['scn', log], /unknown command 'scn'\n\(Did you mean scan\?\)/],
  ['an option', ['scan', '--jsn', log], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
  ['an argument that is missing', ['timeline'], /missing required argument 'SESSION'/],
  ['a severity', ['scan', '--fail-on', 'bad', log], /--fail-on cannot be "bad"\n {2}Use one of info,/],
  ['a phase', ['rules', 'list', '--phase', 'lunch'], /--phase cannot be "lunch"\n {2}Did you mean launch\?/],
  ['a time', ['sessions', '--from', 'yesterday', ...data], TIME],
  ['a day that is none', ['sessions', '--from', '2026-02-30', ...data], TIME],
  ['a limit of nothing', ['search', 'x', '--limit', '0', ...data], LIMIT],
  ['a limit that is no number', ['sessions', '--limit', 'many', ...data], LIMIT],
  ['a text of nothing', ['search', '', ...data], /TEXT must not be empty\n/],
  ['half a session', ['timeline', 'mira/', ...data], /SESSION must be owner\/name or a host\n/],
  [
    'half a session in an option',
    ['trends', '--session', '/cad', ...data],
    /--session must be owner\/name or a host\n/,
  ],
  ['a bucket', ['trends', '--bucket', '2h', ...data], /--bucket must be 1m, 5m, 15m, 1h or 1d\n/],
  ['a store', ['sessions', '--store', 'nonsense', ...data], STORE],
  ['a store of another kind', ['ingest', '--store', 'ftp://host', ...data], STORE],
  ['a port', ['serve', '--port', '99999', ...data], /--port 99999 is not a port\n {2}Use a number from 0 to/],
  [
    'an address for everybody',
    ['serve', '--host', '0.0.0.0', ...data],
    /--host 0\.0\.0\.0 would let everybody/,
  ],
])('%s: what is wrong is told before anything is done (2)', async (_, args, told) => {
  expectTold(await runProgram(args), 2, told)
})

it('a FIFO is not waited for (2)', async () => {
  execFileSync('mkfifo', [at('fifo')])
  expectTold(await runProgram(['scan', at('fifo')]), 2, /fifo is not a regular file or a folder\n/)
})

it('a folder that may not be read is told (2)', async () => {
  mkdirSync(at('closed'), { mode: 0 })
  expectTold(await runProgram(['scan', at('closed')], NOBODY), 2, /closed cannot be read \(EACCES\)\n/)
})

it('an empty tree is called one (0)', async () => {
  mkdirSync(at('empty'))
  const { code, stdout, stderr } = await runProgram(['scan', at('empty')])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(
    /^0 findings and .* of 0 files .*\nNo logs here\. A file that is named itself is read\.\n$/,
  )
})

it.concurrent.each<[string, string[], RegExp, RunOptions]>([
  [
    'a data directory that is a file',
    ['sessions', '--data', log],
    /cannot use the data directory .*own\.log/,
    {},
  ],
  [
    'a data directory that may not be made',
    ['ingest', log, '--data', at('x')],
    /cannot use .* \(EACCES\)/,
    NOBODY,
  ],
  [
    'a server that is away (ask)',
    ['sessions', '--store', FREE_PORT, ...data],
    /store does not answer: .*:9\n/,
    {},
  ],
  [
    'a server that is away (migrate)',
    ['migrate', '--store', FREE_PORT, ...data],
    /store does not answer: .*:9\n/,
    {},
  ],
])('%s is told (3)', async (_, args, told, options) => {
  expectTold(await runProgram(args, options), 3, told)
})

it('a server that refuses is told, and the password is not (3)', async () => {
  const front = await startFront({ dataDir: tempDir(), user: 'ada', password: 'right' })
  onTestFinished(() => front.stop())
  const url = front.url.replace('//', '//ada:Gr4vel.Path@')
  const ran = await runProgram(['search', 'x', '--store', url, ...data])
  expectTold(ran, 3, /^dcvlens: the store refuses: .*\n {2}Check that .* user/)
  expect(ran.stderr).not.toContain('Gr4vel')
  await front.control.refuse(503)
  expectTold(await runProgram(['search', 'x', '--store', url, ...data]), 3, /^dcvlens: the store /)
})

it('a service that has just gone is told (3)', async () => {
  const place = tempDir()
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  const { lockDataDir, dataDir } = await import('../../src/data-dir.ts')
  const lock = lockDataDir(dataDir(place))
  onTestFinished(() => lock.release())
  const url = `http://127.0.0.1:${port}`
  writeFileSync(join(place, 'service.json'), JSON.stringify({ url, pid: process.pid }))
  const told = new RegExp(`^dcvlens: the running service does not answer on ${url}\n`)
  expectTold(await runProgram(['sessions', '--data', place]), 3, told)
})
