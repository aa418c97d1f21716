import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOBODY, runProgram, startProgram } from '../support/program.ts'
import {
  ALB_LOG,
  FAILED,
  INSTALL_LOG,
  jsonLines,
  NODE_LOG,
  READY,
  SAMPLE_FILES,
  SECRET,
  SERVER_LOG,
  TWO_RULES,
  WINDOWS_LOG,
  writeLog,
  writeSampleCluster,
} from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'
import { tilingFaults } from '../support/tiling.ts'

const EVENT_KEYS = [
  ...['event_id', 'ts', 'ts_quality', 'profile', 'cluster', 'owner', 'session', 'session_uuid', 'host'],
  ...['source', 'file', 'file_id', 'generation', 'offset', 'length', 'continued', 'level', 'component'],
  ...['message', 'kind', 'rule_id', 'rule_version', 'severity', 'phase', 'layer', 'template_id', 'captures'],
]

const sample = mkdtempSync(join(tmpdir(), 'dcvlens-scan-'))
writeSampleCluster(sample)
afterAll(() => rmSync(sample, { recursive: true, force: true }))

type Json = Record<string, unknown>

async function events(...args: string[]): Promise<Json[]> {
  const { code, stdout, stderr } = await runProgram(['scan', '--json', ...args])
  expect([code, stderr]).toEqual([0, ''])
  return jsonLines(stdout)
}

describe('scan --json', () => {
  let found: Json[] = []
  let records: Json[] = []
  beforeAll(async () => {
    found = await events('--root', sample, sample)
    records = await events('--all', '--root', sample, sample)
  })

  it('gives each event the keys of the contract, and none that is unknown', () => {
    const keys = [...found, ...records].flatMap(Object.keys)
    expect(keys.filter((key) => !EVENT_KEYS.includes(key))).toEqual([])
    const values = [...found, ...records].flatMap(Object.values)
    expect(values.filter((value) => value === '' || value === null)).toEqual([])
    for (const { ts } of records) expect(ts).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(found.find(({ file }) => file === INSTALL_LOG)).toEqual({
      event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      ...{ ts: '2026-02-10T09:00:00.000000Z', ts_quality: 'mtime', profile: 'soca-2', cluster: 'soca-blue' },
      ...{ owner: 'mira', session: 'CadDesktop1', host: 'ip-10-8-0-21', source: 'install-dcv' },
      ...{ file: INSTALL_LOG, file_id: expect.any(String), generation: 0, offset: 22, length: 28 },
      ...{ message: 'error: Failed dependencies:', kind: 'signature', rule_id: 'package-dependency-failed' },
      ...{ rule_version: expect.any(Number), severity: 'error', phase: 'setup', layer: 'environment' },
    })
    expect(found.find(({ file }) => file === SERVER_LOG)).toMatchObject({
      ...{ ts: '2026-02-10T08:16:40.161016Z', ts_quality: 'parsed', level: 'warn' },
      ...{ component: 'frontend-handler', rule_id: 'dcv-unknown-session' },
      captures: { session: '7be2f1c4-5d0a-4d6e-9c55-0b7f6c1c0a11' },
    })
  })

  it('gives each event the severity of its own line, whatever came before it', async () => {
    const said = [
      'widgetd[7]: error: frobnicate the blorp',
      'dcvserver[8]: error: blorp blorp blorp',
      'widgetd[7]: widget 4 refused: permission denied',
      'dcvserver[8]: blorp refused: permission denied',
    ]
    const severities = async (lines: readonly string[]) => {
      const root = tempDir()
      const heads = lines.map((line) => `Apr 21 14:03:50 ip-10-0-1-7 ${line}\n`)
      writeLog(join(root, 'var/log/messages'), heads.join(''))
      return (await events('--root', root, root)).map(({ rule_id, severity }) =>
        [rule_id, severity].join(' '),
      )
    }
    const found = await severities(said)
    expect(found).toEqual([
      ' info',
      ' error',
      'general-permission-denied info',
      'general-permission-denied error',
    ])
    expect(await severities(said.toReversed())).toEqual(found.toReversed())
  })

  it('gives only events, and with --all every record: those of a file tile its bytes', () => {
    expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['signature', 'milestone']))
    expect(records.filter(({ kind }) => kind !== 'line')).toEqual(found)
    for (const [path, content] of Object.entries(SAMPLE_FILES)) {
      const own = records.filter(({ file }) => file === path)
      const spans = own.map(({ offset, length }) => ({ offset: Number(offset), length: Number(length) }))
      expect([path, tilingFaults(spans, content.length)]).toEqual([path, []])
    }
  })

  it('reads what is written badly', () => {
    const messages = (path: string) =>
      records.filter(({ file }) => file === path).map(({ message }) => message)
    expect(messages(NODE_LOG)).toEqual([
      '++ hostname -s',
      "+ DS_DOMAIN_ADMIN_PASSWORD='«redacted:password»'",
      'café with \ufffd\ufffd in it',
      '100% of nice-dcv.tgz',
      '+ sudo reboot',
    ])
    expect(messages(WINDOWS_LOG)).toEqual(['Begin', 'Übergabe failed'])
    const traceback = messages(ALB_LOG)[1]
    expect(traceback).toMatch(
      /^Traceback .*\n {2}File .*\n.*\nbotocore\.errorfactory\.TooManyRulesException: /,
    )
  })

  it('cuts the message of an over-long record, but not its length', async () => {
    const folder = tempDir()
    const config = join(folder, 'settings.yaml')
    writeFileSync(config, 'maxRecordBytes: 2048\n')
    const log = writeLog(join(folder, 'long.log'), `${'x'.repeat(100_000)}\nshort\n`)
    const [long, short] = await events('--all', '--config', config, log)
    expect(long).toMatchObject({ length: 100_001, message: expect.stringMatching(/^x{2048}[^x]+$/) })
    expect([short?.['offset'], short?.['message']]).toEqual([100_001, 'short'])
  })
})

describe('the paths of a scan', () => {
  it('may be a file, whatever its name and layout', async () => {
    const file = writeLog(join(tempDir(), 'notes'), 'all is well\nerror: disk is broken\n')
    expect(await events(file)).toEqual([
      expect.objectContaining({ file, source: 'generic', kind: 'unknown', severity: 'error', offset: 12 }),
    ])
  })

  it('find their layout by the end of the path without --root, and below --root however it is written', async () => {
    const place = ({ file, source, owner, offset }: Record<string, unknown>) => [file, source, owner, offset]
    const absolute = (await events('--root', sample, sample)).map(place)
    expect((await events(sample)).map(place)).toEqual(absolute)
    const { code, stdout } = await runProgram(['scan', '--json', '--root', '.', '.'], { cwd: sample })
    expect([code, jsonLines(stdout).map(place)]).toEqual([0, absolute])
  })

  it('pass over what does not look like a log, and say so', async () => {
    const folder = tempDir()
    writeLog(join(folder, 'own.log'), 'error: no space\n')
    writeLog(join(folder, 'picture.png'), 'error: not a log\n')
    const { stdout } = await runProgram(['scan', folder])
    expect(stdout).toContain('1 file passed over: not known as logs')
    expect(stdout).toContain('in 1 record of 1 file ')
    expect(stdout).not.toContain('picture')
  })
})

describe('what a scan cannot read', () => {
  it('is named, be it a file or a whole folder, and the rest is read', async () => {
    const folder = tempDir()
    chmodSync(folder, 0o755)
    writeLog(join(folder, 'open.log'), 'error: no space\n')
    const file = writeLog(join(folder, 'closed.log'), 'error: no space\n')
    const inside = writeLog(join(folder, 'soca-blue/cluster_manager/logs/queue.log'), 'error: no space\n')
    const closed = join(inside, '../..')
    chmodSync(file, 0)
    chmodSync(closed, 0)
    const { code, stdout, stderr } = await runProgram(['scan', folder], NOBODY)
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('1 finding and 0 milestones in 1 record of 1 file '),
    ])
    const named = [closed, file].map((path) => `not read: ${path}: unreadable (EACCES)\n`)
    expect(stderr).toBe(named.join(''))
  })

  it('is not called a place without logs', async () => {
    const folder = tempDir()
    chmodSync(folder, 0o755)
    const closed = join(writeLog(join(folder, 'soca-blue/queue.log'), 'error: no space\n'), '..')
    chmodSync(closed, 0)
    const { code, stdout, stderr } = await runProgram(['scan', folder], NOBODY)
    expect([code, stderr]).toEqual([0, `not read: ${closed}: unreadable (EACCES)\n`])
    expect(stdout).not.toContain('No logs')
  })
})

describe('the report of a scan', () => {
  it('shows each desktop once, its worst finding first, and counts what repeats', async () => {
    const { code, stdout, stderr } = await runProgram(['scan', '--root', sample, sample])
    expect([code, stderr]).toEqual([0, ''])
    const heads = stdout.split('\n').filter((line) => /^\S/.test(line))
    expect(heads.slice(0, -1)).toEqual([`${FAILED}  ip-10-8-0-21`, 'not of one desktop'])
    expect(heads.at(-1)).toMatch(/^6 findings and \d milestones in \d+ records of 6 files/)
    const shared = stdout.slice(stdout.indexOf('not of one desktop'))
    const severities = [...shared.matchAll(/^ {2}(critical|error|warning|info) /gm)].map(([, name]) => name)
    expect(severities).toEqual(['critical', 'critical', 'error', 'error'])
    expect(stdout).toContain('A client asked for a session that does not exist  ×2  dcv-unknown-session')
    expect(stdout).toContain(`${INSTALL_LOG}, byte 22`)
    expect(stdout).toContain('botocore.errorfactory.TooManyRulesException')
    expect(stdout).not.toContain(READY)
  })

  it('shows notes apart from findings, and only if they are asked for', async () => {
    const rules = tempDir()
    writeLog(join(rules, 'signatures', 'two.yaml'), TWO_RULES)
    const args = ['scan', '--rules', rules, '--root', sample, sample]
    const { stdout } = await runProgram(args)
    expect(stdout).not.toContain(READY)
    expect(stdout).toMatch(/\n6 findings and .*\n2 notes: shown with --notes\n/)
    const [findings = '', notes = ''] = (await runProgram([...args, '--notes'])).stdout.split('Notes, which')
    expect(findings).not.toContain('  info ')
    expect(notes).toMatch(
      /^ are not failures\n\nomar\/Viz7 {2}ip-10-8-3-44\n {2}info +The firewall is not installed/,
    )
    expect(notes).toMatch(/\n6 findings and /)
  })

  it('never shows a secret or a control character, whatever is printed', async () => {
    for (const options of [['--all'], ['--json', '--all']]) {
      const { stdout } = await runProgram(['scan', ...options, sample])
      expect(stdout).not.toContain(SECRET)
      expect(stdout.replaceAll(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u)
    }
  })
})

describe('the exit code of a scan', () => {
  it.each([
    ['critical', 1, 'a licence that is denied', SERVER_LOG],
    ['error', 1, 'packages that do not fit', INSTALL_LOG],
    ['warning', 0, 'milestones', NODE_LOG],
  ])('with --fail-on %s is %i for %s', async (severity, exit, _, file) => {
    const root = tempDir()
    writeLog(join(root, file), SAMPLE_FILES[file] ?? '')
    const { code } = await runProgram(['scan', '--fail-on', severity, '--root', root, root])
    expect(code).toBe(exit)
  })

  it('is 0 when nobody reads on', async () => {
    const log = writeLog(join(tempDir(), 'many.log'), 'error: it failed again\n'.repeat(100_000))
    const program = startProgram(['scan', '--json', log])
    await once(program.output, 'data')
    program.output.destroy()
    expect([await program.ended, program.stderr()]).toEqual([{ code: 0, signal: null }, ''])
  })
})

it('scan shows the name of a file in one line, whatever bytes it has', async () => {
  const root = tempDir()
  const name = 'agent.\u001b[31mred\u001b]0;pwn\u0007\n  critical  forged\u202e.s.log'
  writeLog(
    join(root, 'var/log/dcv', name),
    '2026-02-06 09:02:11,161016 [  1:1  ] WARN  x - Failed to start: boom\n',
  )
  const { stdout } = await runProgram(['scan', '--root', root, root])
  expect(stdout).toMatch(/agent\.red {3}critical {2}forged\.s\.log, byte 0\n/)
  expect(stdout).not.toMatch(/[\u0007\u001b\u202e]/)
})
