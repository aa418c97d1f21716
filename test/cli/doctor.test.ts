import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrations } from '../../src/store/migrate.ts'
import { type Front, startFront } from '../support/clickhouse-front.ts'
import {
  committedFiles,
  NOBODY,
  type RunOptions,
  runProgram,
  startProgram,
  until,
} from '../support/program.ts'
import {
  jsonLines,
  SAMPLE_FILES,
  SERVER_LOG,
  writeLog,
  writeSampleCluster,
} from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

/** Each test runs the program several times. */
const TIMEOUT_MS = 240_000
const folder = mkdtempSync(join(tmpdir(), 'dcvlens-doctor-test-'))
chmodSync(folder, 0o755)
const root = join(folder, 'root')
const FREE_PORT = 'http://127.0.0.1:9'

beforeAll(() => writeSampleCluster(root))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Check = {
  readonly check: string
  readonly status: string
  readonly detail: string
  readonly remedy?: string
}

async function doctor(
  args: readonly string[],
  options: RunOptions = {},
): Promise<{
  readonly code: number | null
  readonly checks: Check[]
  get(check: string): Check | undefined
}> {
  const { code, stdout, stderr } = await runProgram(['doctor', '--json', ...args], options)
  expect(stderr).toBe('')
  const checks = jsonLines(stdout) as unknown as Check[]
  for (const { status, remedy } of checks) {
    expect(remedy === undefined).toBe(status === 'ok' || status === 'not_checked')
  }
  return { code, checks, get: (check) => checks.find((one) => one.check === check) }
}

describe('doctor on a machine that is well', { timeout: TIMEOUT_MS }, () => {
  it('finds nothing wrong and leaves no trace: a data directory that is not there is not made', async () => {
    const data = join(folder, 'none', 'data')
    const { code, checks, get } = await doctor(['--root', root, '--data', data])
    expect([code, checks.filter(({ status }) => status === 'fail' || status === 'warn')]).toEqual([0, []])
    expect(get('node')?.detail).toContain(process.versions.node)
    expect(get('data directory')?.detail).toBe(`${data} is not there yet and can be made`)
    expect(get('locations')?.detail).toMatch(/^6 files below \d of \d+ default locations/)
    expect(get('location')?.detail).toBe(`${root}/ProgramData/Amazon/EC2-Windows/Launch/Log: 1 file`)
    expect(get('store')?.detail).toMatch(/^ClickHouse \d+\..* embedded; nothing is stored in /)
    expect(checks.filter(({ status }) => status === 'not_checked').map(({ check }) => check)).toEqual([
      'disk clock',
      'portal database',
      'schema',
      'loss ledger',
      'service',
    ])
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  it('says that a data directory cannot be made where there is no disk', async () => {
    const { code, get } = await doctor(['--root', tempDir(), '--data', '/proc/foo'])
    expect([code, get('data directory')]).toMatchObject([
      1,
      { detail: '/proc is not on a disk', remedy: 'Name a folder on a disk with --data DIR.' },
    ])
    expect(get('free space')?.detail).toBe('/proc/foo cannot be made')
  })

  it('tells what is stored after an ingest, and changes no file of the data directory', async () => {
    const data = tempDir()
    const args = ['--root', root, '--data', data]
    expect((await runProgram(['ingest', ...args])).code).toBe(0)
    const before = readdirSync(data).sort()
    const { code, get } = await doctor(args)
    expect(code).toBe(0)
    expect(get('schema')).toMatchObject({
      status: 'ok',
      detail: `version ${migrations().at(-1)?.version}, up to date; lines are kept for 30 days`,
    })
    expect(get('store size')?.detail).toMatch(
      /(?=.*lines \d+ rows, [\d.]+ [KM]?B)(?=.*events \d+ rows, [\d.]+ [KM]?B)/,
    )
    expect(get('loss ledger')).toMatchObject({
      ...{ status: 'ok', detail: 'in the last 24 h: invalid-bytes ×1 (1 file)' },
    })
    expect(get('disk clock')?.status).toBe('ok')
    expect(readdirSync(data).sort()).toEqual(before)
    const { stdout } = await runProgram(['ledger', '--utc', ...args])
    expect(stdout).toMatch(
      /ComputeNode\.sh\.log\n {2}\d rows with \d+ bytes stored\n {2}[\d :-]+ {2}invalid-bytes {2}at byte \d+: bytes that are no UTF-8/,
    )
  })

  it('shows it as text, with the remedy below what is wrong', async () => {
    const { code, stdout } = await runProgram([
      'doctor',
      '--root',
      root,
      '--data',
      tempDir(),
      '--store',
      FREE_PORT,
    ])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^ok +node +\d/)
    expect(stdout).toMatch(
      /^FAILED +store +http:\/\/127\.0\.0\.1:9\/ does not answer: .+\n +Check that ClickHouse runs there/m,
    )
    expect(stdout).toMatch(/^not checked +schema +the store does not answer$/m)
    expect(stdout).toMatch(/\n\n1 failed, \d warnings?, \d not checked\n$/)
  })
})

describe('doctor on a machine that is not well', { timeout: TIMEOUT_MS }, () => {
  it('names folders and files that this user cannot read, and what is no file', async () => {
    const tree = join(folder, 'closed')
    writeSampleCluster(tree)
    chmodSync(join(tree, SERVER_LOG), 0o000)
    const agent = join(tree, '/var/log/dcv/agent.log')
    symlinkSync('/etc/passwd', agent)
    execFileSync('mkfifo', [join(tree, '/var/log/dcv/agent.console.log')])
    const closed = join(tree, '/var/log/sssd')
    mkdirSync(closed, { mode: 0o000 })
    const args = ['--root', tree, '--data', join(folder, 'nobody')]
    const { code, checks } = await doctor(args, NOBODY)
    const failed = checks.filter(({ status }) => status === 'fail').map(({ detail }) => detail)
    expect(code).toBe(1)
    for (const path of [join(tree, SERVER_LOG), closed]) {
      const told = new RegExp(`not readable by \\S+: ${path} \\(EACCES\\)$`)
      expect(failed).toContainEqual(expect.stringMatching(told))
    }
    chmodSync(join(tree, SERVER_LOG), 0o644)
    const { checks: again } = await doctor(args, NOBODY)
    expect(again.find(({ status, check }) => status === 'warn' && check === 'location')?.detail).toMatch(
      /1 file; not read: .*agent\.(log \(a symbolic link\), .*agent\.console\.log \(a FIFO\)|console\.log \(a FIFO\), .*agent\.log \(a symbolic link\))$/,
    )
  })

  it('names a file from the future and a machine without logs', async () => {
    const tree = tempDir()
    const empty = await doctor(['--root', tree, '--data', join(tree, 'data')])
    expect([empty.code, empty.get('locations')]).toEqual([
      1,
      expect.objectContaining({ status: 'fail', detail: expect.stringContaining('none of') }),
    ])
    const log = writeLog(join(tree, SERVER_LOG), 'a line\n')
    const later = new Date(Date.now() + 3_600_000)
    utimesSync(log, later, later)
    const { code, get } = await doctor(['--root', tree, '--data', join(tree, 'data')])
    expect([code, get('file times')]).toEqual([
      0,
      expect.objectContaining({ status: 'warn', detail: `1 file written in the future: ${log}` }),
    ])
  })

  it('names faults of the settings and of the rules, and what is not checked therefore', async () => {
    const config = join(folder, 'bad.yaml')
    writeFileSync(config, 'scanMs: soon\n')
    const settings = await doctor(['--config', config])
    expect([settings.code, settings.get('configuration')?.detail]).toEqual([
      1,
      expect.stringMatching(/bad\.yaml:1:9: scanMs/),
    ])
    const rules = join(folder, 'rules')
    mkdirSync(join(rules, 'signatures'), { recursive: true })
    writeFileSync(join(rules, 'signatures', 'own.yaml'), 'id: own-rule\n')
    const faulty = await doctor(['--root', root, '--data', join(folder, 'none'), '--rules', rules])
    expect(faulty.code).toBe(1)
    expect(faulty.get('rules')).toMatchObject({ status: 'fail', detail: expect.stringContaining('own.yaml') })
    expect(faulty.get('locations')?.status).toBe('not_checked')
  })

  it('names a data directory that cannot be written, and batches that wait', async () => {
    const file = writeLog(join(folder, 'a-file'), 'x\n')
    const refused = await doctor(['--root', root, '--data', join(file, 'data')])
    expect([refused.code, refused.get('data directory')]).toEqual([
      1,
      expect.objectContaining({
        status: 'fail',
        detail: `cannot use the data directory ${join(file, 'data')} (ENOTDIR)`,
      }),
    ])
    const data = tempDir()
    mkdirSync(join(data, 'journal'))
    for (const name of ['json', 'lines.native']) {
      writeFileSync(join(data, 'journal', `20260301T101500000Z-abcdef-000000.${name}`), '{}')
    }
    const { get } = await doctor(['--root', root, '--data', data])
    expect(get('journal')).toMatchObject({
      ...{
        status: 'warn',
        detail: '1 batch waits for the store (2 bytes), the oldest from 2026-03-01 10:15:00 UTC',
      },
    })
  })

  it.runIf(NOBODY.uid !== undefined)('names a data directory of another user', async () => {
    const data = join(folder, 'of-root')
    mkdirSync(data, { mode: 0o755 })
    const { code, get } = await doctor(['--root', root, '--data', data], NOBODY)
    expect([code, get('data directory')?.detail]).toEqual([1, `${data} cannot be written (EACCES)`])
    expect(get('disk clock')?.status).toBe('not_checked')
  })
})

describe('a server', { timeout: TIMEOUT_MS }, () => {
  let front: Front
  beforeAll(async () => {
    front = await startFront({ dataDir: join(folder, 'server'), user: 'watcher', password: 'pw' })
  })
  afterAll(() => front.stop())
  const url = (password: string) => front.url.replace('//', `//watcher:${password}@`)
  const ask = (password: string) =>
    doctor(['--root', root, '--data', join(folder, 'none'), '--store', url(password)])

  it('that is well is asked for its version, clock, rights and schema, and gets no tables', async () => {
    const { code, get } = await ask('pw')
    expect(code).toBe(0)
    expect(get('store')?.detail).toMatch(/^ClickHouse \d+.* on http:\/\/watcher@127\.0\.0\.1:\d+\/$/)
    expect(get('store clock')?.status).toBe('ok')
    expect(get('rights')?.status).toBe('ok')
    expect(get('schema')?.detail).toContain('no tables yet')
    expect((await ask('pw')).get('schema')?.detail).toContain('no tables yet')
  })

  it('that refuses the password is named without it', async () => {
    const { code, get } = await ask('wrong-pw')
    expect([code, get('store')?.status]).toEqual([1, 'fail'])
    expect(get('store')?.detail).not.toContain('wrong-pw')
  })
})

describe('a running service', { timeout: TIMEOUT_MS }, () => {
  it('is asked what it stores and what it cannot read', async () => {
    const tree = tempDir()
    const data = join(tree, 'data')
    const log = writeLog(join(tree, SERVER_LOG), SAMPLE_FILES[SERVER_LOG] ?? '')
    execFileSync('mkfifo', [join(tree, '/var/log/dcv/agent.log')])
    const config = join(folder, 'fast.yaml')
    writeFileSync(config, 'batchMs: 100\nscanMs: 200\nflushMs: 100\nlogLevel: warn\n')
    const service = startProgram(['serve', '--root', tree, '--data', data, '--config', config, '--port', '0'])
    const url = await service.url()
    const size = SAMPLE_FILES[SERVER_LOG]?.length ?? 0
    await until('it is stored', () => committedFiles(data).some(({ reader }) => reader.offset === size))
    const { code, get } = await doctor(['--root', tree, '--data', data])
    expect(code).toBe(0)
    expect(get('held by')?.detail).toBe(`the service on ${url}, process ${service.pid}`)
    expect(get('store')?.detail).toMatch(/^ClickHouse \d.*, open in the service$/)
    expect(get('schema')?.status).toBe('ok')
    expect(get('service')?.detail).toMatch(
      /: 4 lines in \d+ batches since it was started, the last batch at \d{4}-/,
    )
    expect(get('store size')?.detail).toMatch(/lines \d+ rows?, [\d.]+ [KM]?B/)
    expect(get('lag')).toMatchObject({ status: 'ok', detail: 'every file is read to its end' })
    expect(get('rules about several events')?.status).toBe('ok')
    expect(get('not read')).toMatchObject({
      ...{ status: 'warn', detail: expect.stringContaining('agent.log (not-a-file, a FIFO)') },
    })
    rmSync(join(tree, '/var/log/dcv/agent.log'))
    appendFileSync(log, 'more\n')
    expect((await doctor(['--root', tree, '--data', data])).get('not read')?.status).toBe('ok')
  })
})
