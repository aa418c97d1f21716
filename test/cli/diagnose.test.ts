import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnosis-json.ts'
import type { Report } from '../../src/triage/diagnosis/shown/report.ts'
import { writePortal } from '../support/portal-database.ts'
import { NOBODY, runProgram, startProgram } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const FOLDER = 'apps/soca/soca-lab/cluster_node_bootstrap/logs/desktop'
const INSTALL = 'Installing DCV\nDisabling X11 DPMS\nLaunching session ... : dcv create-session --owner'
const FILES: Readonly<Record<string, string>> = {
  [`${FOLDER}/ann/cad/ip-10-0-0-1/ComputeNode.sh.log`]: '+ source /root/config.cfg\n+ sudo reboot\n',
  [`${FOLDER}/ann/cad/ip-10-0-0-1/ComputeNodeInstallDCV.log`]: `${INSTALL} ann x --storage-root /data/home/ann/storage-root 1\nCould not create session: The dcvserver service is not running\n1\n`,
  [`${FOLDER}/bob/cfd/ip-10-0-0-2/ComputeNode.sh.log`]: '+ source /root/config.cfg\n+ sudo reboot\n',
  [`${FOLDER}/bob/cfd/ip-10-0-0-2/ComputeNodeInstallDCV.log`]: `${INSTALL} bob x --storage-root /data/home/bob/storage-root 2\n0\n`,
}

const LINES_AROUND = [
  '        Installing DCV',
  '        Disabling X11 DPMS',
  '        Launching session ... : dcv create-session --owner ann x --storage-root /data/home/ann/storage-root 1',
  '      > Could not create session: The dcvserver service is not running',
  '        1',
].join('\n')

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-diagnose-'))
const tree = join(folder, "it's a tree")

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true })
    writeFileSync(join(tree, name), text)
  }
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const briefly = (stdout: string) =>
  (jsonLines(stdout) as unknown as DiagnosisJson[]).map(({ session, status, verdict }) => [
    session,
    status,
    verdict?.rule_id,
  ])

describe('diagnose', () => {
  it('tells apart logs that have the same path on several hosts', async () => {
    const root = tempDir()
    const server = (host: string, line: string) => {
      const log = join(root, 'hosts', host, 'var/log/dcv/server.log')
      mkdirSync(dirname(log), { recursive: true })
      writeFileSync(log, `2026-05-04 10:05:00,000000 [  3011:3011  ] ${line}\n`)
    }
    server('ip-10-0-0-1', "INFO  session-manager - Session 'cad' (owner: ann, type: virtual) created")
    server(
      'ip-10-0-0-2',
      'ERROR http-frontend - Error binding to address 0.0.0.0:8443: Address already in use',
    )
    server('ip-10-0-0-3', 'INFO  main - DCV server version 2025.0 (r20103) started')
    const { stdout } = await runProgram(['diagnose', '--json', root])
    const found = jsonLines(stdout) as unknown as DiagnosisJson[]
    expect(found.map(({ host }) => host)).toEqual(['ip-10-0-0-1', 'ip-10-0-0-2', 'ip-10-0-0-3'])
    expect(found.filter(({ verdict }) => verdict?.rule_id === 'session-port-in-use')).toEqual([found[1]])
    expect(found[1]?.evidence[0]).toMatchObject({ file: '/var/log/dcv/server.log', line: 1 })
  })

  it('numbers the lines of a log that names its host where the path does not', async () => {
    const root = tempDir()
    mkdirSync(join(root, 'var/log'), { recursive: true })
    const line =
      'May  4 10:02:40 ip-10-0-0-4 kernel: Out of memory: Killed process 4242 (Xdcv) total-vm:1kB, anon-rss:1kB\n'
    writeFileSync(join(root, 'var/log/messages'), line)
    const { stdout } = await runProgram(['diagnose', '--json', root])
    const [found] = jsonLines(stdout) as unknown as DiagnosisJson[]
    expect(found?.evidence[0]).toMatchObject({ host: 'ip-10-0-0-4', line: 1 })
  })

  it('does not pass over failures because no desktop is known', async () => {
    const root = tempDir()
    const log = join(root, 'apps/soca/soca-lab/cluster_manager/dcv_alb_manager.py.log')
    mkdirSync(dirname(log), { recursive: true })
    writeFileSync(
      log,
      'botocore.errorfactory.TooManyRulesException: An error occurred (TooManyRules) when calling the CreateRule operation: The maximum number of rules has been reached\n',
    )
    const { code, stdout } = await runProgram(['diagnose', '--root', root, root])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^no desktop was found here\n\nFailures that name no known desktop\n {2}critical {2}/,
    )
    expect(stdout).toMatch(/\(alb-too-many-rules\) {2}soca-lab\n.* dcv_alb_manager\.py\.log:1 {2}botocore\./)
    const { stdout: found, stderr } = await runProgram(['diagnose', '--json', '--root', root, root])
    expect([found, stderr]).toEqual([
      '',
      '1 kind of failures that name no known desktop; `--json` leaves them out\n',
    ])
    const data = join(tempDir(), 'data')
    await runProgram(['ingest', '--root', root, '--data', data])
    expect((await runProgram(['diagnose', '--all', '--root', root, '--data', data])).stdout).toBe(stdout)
  })

  it('knows a desktop whose logs are all empty, and does not judge it', async () => {
    const root = tempDir()
    const host = join(root, FOLDER, 'eve/cae/ip-10-0-0-9')
    cpSync(tree, root, { recursive: true })
    mkdirSync(host, { recursive: true })
    for (const name of ['ComputeNode.sh.log', 'ComputeNodePostReboot.log'])
      writeFileSync(join(host, name), '')
    writeFileSync(join(root, FOLDER, 'bob/cfd/ip-10-0-0-2/ComputeNodePostReboot.log'), '')
    const found = jsonLines((await runProgram(['diagnose', '--json', root])).stdout)
    expect(found.map(({ session, host, status }) => [session, host, status])).toEqual([
      ['ann/cad', 'ip-10-0-0-1', 'failed'],
      ['bob/cfd', 'ip-10-0-0-2', 'ready'],
      ['eve/cae', 'ip-10-0-0-9', 'unknown'],
    ])
  })

  it('says of a folder which desktop failed, why, and what to do', async () => {
    const { code, stdout } = await runProgram(['diagnose', '--root', tree, tree])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^ann\/cad {2}attempt 1 {2}ip-10-0-0-1 {2}soca-lab {2}soca-2 {2}failed\n/)
    expect(stdout).toContain('session-dcvserver-not-running, phase session, certain')
    const byte = INSTALL.length + ' ann x --storage-root /data/home/ann/storage-root 1\n'.length
    const file = `/${FOLDER}/ann/cad/ip-10-0-0-1/ComputeNodeInstallDCV.log`
    expect(stdout).toContain(`${file}:4, byte ${byte}: sed -n '2,8p' '${file}'\n`)
    const [one] = jsonLines((await runProgram(['diagnose', '--root', tree, tree, '--json'])).stdout)
    expect(one?.['evidence']).toMatchObject([{ file, line: 4, offset: byte }])
    expect(stdout).toContain(`${LINES_AROUND}\n`)
    expect(stdout).toMatch(/and what follows from it: .*error code/)
    expect(stdout).toMatch(/\nbob\/cfd {2}attempt 1 {2}ip-10-0-0-2 {2}soca-lab {2}soca-2 {2}ready\n/)
  })

  it('shows the lines around the cause from a store, a bundle and in a report as from paths', async () => {
    const dir = tempDir()
    const data = join(dir, 'data')
    execFileSync('tar', ['-czf', join(dir, 'ann.tgz'), '-C', tree, '.'])
    await runProgram(['ingest', '--root', tree, '--data', data])
    for (const named of [[join(dir, 'ann.tgz')], ['ann/cad', '--data', data]])
      expect((await runProgram(['diagnose', ...named])).stdout).toContain(`${LINES_AROUND}\n`)
    const [one] = jsonLines((await runProgram(['diagnose', 'ann/cad', '--data', data, '--json'])).stdout)
    const around = one?.['around'] as { message: string }[]
    expect(around.map(({ message }) => message.split(' ', 1)[0])).toEqual([
      'Installing',
      'Disabling',
      'Launching',
      'Could',
      '1',
    ])
    await runProgram(['report', 'ann/cad', '--data', data, '--out', join(dir, 'report')])
    const report = readFileSync(join(dir, 'report', 'report.md'), 'utf8')
    expect(report).toContain(LINES_AROUND.replaceAll('      ', ''))
  })

  it('shows as many lines around a cause as there are, however its log is cut into chunks', async () => {
    const root = tempDir()
    const log = join(root, FOLDER, 'eve/cae/ip-10-0-0-9/ComputeNodeInstallDCV.log')
    mkdirSync(dirname(log), { recursive: true })
    const filler = Array.from({ length: 40_000 }, (_, at) => `Unpacking part ${at} of the desktop\n`).join('')
    const cause = `${INSTALL} eve x --storage-root /data 1\nCould not create session: The dcvserver service is not running\n`
    writeFileSync(log, `${filler}${cause}1\n${filler}`)
    const [one] = jsonLines((await runProgram(['diagnose', root, '--json'])).stdout)
    const around = one?.['around'] as { message: string }[]
    expect(around.map(({ message }) => message.slice(0, 16))).toEqual([
      'Installing DCV',
      'Disabling X11 DP',
      'Launching sessio',
      'Could not create',
      '1',
      'Unpacking part 0',
      'Unpacking part 1',
    ])
  })

  it('shows the lines around a cause in a log whose lines name the host', async () => {
    const root = tempDir()
    mkdirSync(join(root, 'var/log'), { recursive: true })
    const texts = ['systemd[1]: Started cron.', 'dcvserver[9]: Failed to start the server: out of memory']
    const lines = texts.map((text) => `May  4 10:00:00 ip-10-0-0-7 ${text}\n`).join('')
    writeFileSync(join(root, 'var/log/messages'), lines)
    const { stdout } = await runProgram(['diagnose', '--root', root, root])
    expect(stdout).toContain('        Started cron.\n      > Failed to start the server: out of memory\n')
  })

  it('counts the lines of the files that it has read, wherever they lie', async () => {
    const { stdout } = await runProgram(['diagnose', join(tree, FOLDER, 'ann')])
    expect(stdout).toContain('/ComputeNodeInstallDCV.log:4, byte ')
    expect(stdout).toContain("sed -n '2,8p' '")
  })

  it('knows what the portal says, also of desktops without a log', async () => {
    const root = tempDir()
    cpSync(tree, root, { recursive: true })
    const row = {
      user: 'bob',
      session_state: 'running',
      is_active: 1,
      created_on: '2026-01-01 10:00:00.000000',
    }
    await writePortal(join(root, 'apps/soca/soca-lab/cluster_web_ui/db.sqlite'), {
      linux_dcv_sessions: [
        { ...row, session_name: 'cfd', session_host_private_dns: 'ip-10-0-0-2.ec2.internal' },
        { ...row, session_name: 'gone', session_state: 'pending', session_token: 'NOBODY-MAY-SEE' },
      ],
    })
    const { stdout } = await runProgram(['diagnose', '--root', root, root])
    expect(stdout).toMatch(/\nbob\/cfd .* ready\n {2}The portal says running\.\n/)
    expect(stdout).toMatch(/\nbob\/gone {2}attempt 1 .* failed\n {2}A desktop got no instance/)
    expect(stdout).not.toContain('NOBODY-MAY-SEE')
    const asked = ['diagnose', '--json', join(root, 'apps/soca/soca-lab/cluster_web_ui/db.sqlite')]
    expect(jsonLines((await runProgram(asked)).stdout).map(({ session }) => session)).toEqual([
      'bob/gone',
      'bob/cfd',
    ])
  })

  it('gives one object a desktop, and fails on a verdict that is grave enough', async () => {
    const args = ['diagnose', '--json', '--root', tree, tree]
    const all = await runProgram([...args, '--fail-on', 'critical'])
    expect([all.code, briefly(all.stdout)]).toEqual([
      1,
      [
        ['ann/cad', 'failed', 'session-dcvserver-not-running'],
        ['bob/cfd', 'ready', undefined],
      ],
    ])
    const ready = await runProgram([...args, '--status', 'ready', '--fail-on', 'info'])
    expect([ready.code, briefly(ready.stdout)]).toEqual([0, [['bob/cfd', 'ready', undefined]]])
  })

  it.runIf(NOBODY.uid !== undefined)('knows from the store, too, that a log could not be read', async () => {
    const root = join(tempDir(), 'root')
    const log = join(root, FOLDER, 'ann/cad/ip-10-0-0-1/ComputeNode.sh.log')
    const after = join(dirname(log), 'ComputeNodePostReboot.log')
    mkdirSync(dirname(log), { recursive: true })
    for (const path of [log, after]) writeFileSync(path, '+ source /root/config.cfg\n')
    utimesSync(log, 0, Date.now() / 1000 - 7200)
    chmodSync(after, 0o600)
    chmodSync(dirname(root), 0o777)
    const args = ['--root', root, '--data', join(dirname(root), 'data')]
    expect((await runProgram(['ingest', ...args], NOBODY)).code).toBe(0)
    const [one] = jsonLines((await runProgram(['diagnose', '--all', '--json', ...args])).stdout)
    expect(one).toMatchObject({ session: 'ann/cad', status: 'unknown', evidence_incomplete: true })
    const source = after.slice(root.length)
    expect(one?.['not_checked']).toContainEqual({
      source,
      reason: 'it could not be read: cannot be read (EACCES)',
    })
  })

  it('says the same from the store, at rest and through the running service', {
    timeout: 60_000,
  }, async () => {
    const data = join(tempDir(), 'data')
    await runProgram(['ingest', '--root', tree, '--data', data])
    const one = await runProgram(['diagnose', 'ann/cad', '--json', '--data', data])
    expect(briefly(one.stdout)).toEqual([['ann/cad', 'failed', 'session-dcvserver-not-running']])
    const program = startProgram(['serve', '--root', tree, '--data', data, '--port', '0'])
    await program.url()
    const all = await runProgram(['diagnose', '--all', '--json', '--data', data])
    expect(briefly(all.stdout)).toEqual([
      ['ann/cad', 'failed', 'session-dcvserver-not-running'],
      ['bob/cfd', 'ready', undefined],
    ])
    const nobody = await runProgram(['diagnose', 'eve/none', '--data', data])
    expect([nobody.code, nobody.stderr]).toEqual([
      2,
      expect.stringContaining('eve/none: neither a path that is there nor a desktop'),
    ])
  })

  it('is written down with its timeline, once, for those who are asked for help', async () => {
    const data = join(tempDir(), 'data')
    await runProgram(['ingest', '--root', tree, '--data', data])
    const out = join(tempDir(), 'report')
    const args = ['report', 'ann/cad', '--data', data, '--out', out]
    expect(await runProgram(args)).toMatchObject({
      code: 0,
      stdout: `${out}: report.md, report.html, report.json\n`,
    })
    const written = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report
    expect(written.diagnoses.map(({ status }) => status)).toEqual(['failed'])
    expect(written.timeline.map(({ rule_id }) => rule_id)).toContain('session-dcvserver-not-running')
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain('The dcvserver service is not running')
    const again = await runProgram(args)
    expect([again.code, again.stderr.split('\n', 1)[0]]).toEqual([2, `dcvlens: ${out} is there already`])
  })

  it('says what is wrong with the question', async () => {
    const wrong = [[], ['--status', 'fine', '.'], ['ann/']]
    const answers = await Promise.all(
      wrong.map((args) => runProgram(['diagnose', ...args, '--data', join(tempDir(), 'none')])),
    )
    expect(answers.map(({ code, stderr }) => [code, stderr.split('\n', 1)[0]])).toEqual([
      [2, 'dcvlens: nothing to diagnose'],
      [2, 'dcvlens: --status cannot be "fine"'],
      [2, 'dcvlens: SESSION must be owner/name or a host'],
    ])
  })
})
