import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { SessionJson } from '../../src/triage/sessions/session-json.ts'
import { writePortal } from '../support/portal-database.ts'
import { runProgram, startProgram, until } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const PORTAL = 'apps/soca/soca-lab/cluster_web_ui/db.sqlite'
const LOGS = 'apps/soca/soca-lab/cluster_node_bootstrap/logs/desktop'

it('sessions answers what only the portal knows: active, deleted, by id, kept off on a day', async () => {
  const [root, data] = [tempDir(), tempDir()]
  const log = join(root, LOGS, 'ann/cad/ip-10-0-0-1/ComputeNode.sh.log')
  mkdirSync(dirname(log), { recursive: true })
  writeFileSync(log, '+ source /root/config.cfg\n')
  const row = {
    session_state: 'stopped',
    is_active: 1,
    created_on: new Date().toISOString().replace('T', ' '),
  }
  const off = { schedule_monday_start: 0, schedule_monday_stop: 0 }
  await writePortal(join(root, PORTAL), {
    linux_dcv_sessions: [
      {
        ...row,
        user: 'ann',
        session_name: 'cad',
        ...off,
        session_host_private_dns: 'ip-10-0-0-1.ec2.internal',
      },
      { ...row, user: 'ann', session_name: 'new', session_state: 'pending', tag_uuid: 'uuid-of-new' },
      { ...row, user: 'bob', session_name: 'cfd' },
      { ...row, user: 'ann', session_name: 'old', is_active: 0 },
    ],
  })
  const program = startProgram(['serve', '--root', root, '--data', data, '--port', '0'])
  const url = await program.url()
  const listed = async (query: string) => {
    const answer = await fetch(`${url}/api/v1/sessions?${query}`)
    return ((await answer.json()) as { items: SessionJson[] }).items
  }
  const ask = async (query: string) =>
    (await listed(query))
      .map(({ session, status, portal_state = '-' }) => `${session} ${status} ${portal_state}`)
      .sort()
  // The portal knows it before its log is stored.
  await until('the log is stored', async () => {
    const answer = await fetch(`${url}/api/v1/lines?limit=1`)
    return ((await answer.json()) as { items: unknown[] }).items.length > 0
  })
  expect(await ask('')).toEqual([
    'ann/cad stopped stopped',
    'ann/new in_progress pending',
    'bob/cfd stopped stopped',
  ])
  expect(await ask('owner=ann&active=true')).toEqual([
    'ann/cad stopped stopped',
    'ann/new in_progress pending',
  ])
  expect(await ask('inactive=true')).toEqual(['ann/old stopped inactive'])
  expect(await ask('uuid=uuid-of-new')).toEqual(['ann/new in_progress pending'])
  expect(await ask('off=monday')).toEqual(['ann/cad stopped stopped'])
  expect(await ask('off=friday')).toEqual([])
  const wrong = await fetch(`${url}/api/v1/sessions?off=someday`)
  expect([wrong.status, await wrong.text()]).toEqual([
    400,
    expect.stringContaining('off must be one of monday'),
  ])
  const asked = await runProgram(['sessions', '--owner', 'ann', '--off', 'monday', '--data', data])
  const stdout = expect.stringMatching(/^STATUS .* PORTAL .*\nstopped +ann\/cad .* stopped /)
  expect(asked).toEqual({ code: 0, signal: null, stdout, stderr: '' })
})

it('a Windows desktop whose logs name only its address is judged by them', async () => {
  const [root, data] = [tempDir(), tempDir()]
  const log = join(root, 'C/ProgramData/Amazon/EC2-Windows/Launch/Log/UserdataExecution.log')
  mkdirSync(dirname(log), { recursive: true })
  const lines = [
    'Message: The output from user scripts: \r\nweb-url-path : /ip-10-0-0-7',
    "Message: The errors from user scripts: Add-Computer : Computer 'EC2AMAZ-1AB2CD3' failed to join domain 'corp.example.org' from its current workgroup 'WORKGROUP' with following error message: The user name or password is incorrect.",
  ]
  writeFileSync(log, lines.map((line) => `2026/05/04 10:00:11Z: ${line}\r\n`).join(''))
  const row = { user: 'eve', session_name: 'win', session_state: 'running', is_active: 1 }
  await writePortal(join(root, PORTAL), {
    windows_dcv_sessions: [
      {
        ...{ ...row, session_host_private_dns: 'ip-10-0-0-7.ec2.internal' },
        created_on: '2026-05-04 09:50:00.000000',
      },
    ],
  })
  const at = ['--root', root, '--data', data]
  expect((await runProgram(['ingest', ...at])).code).toBe(0)
  const { stdout } = await runProgram(['sessions', '--json', ...at])
  expect(jsonLines(stdout)).toMatchObject([
    { session: 'eve/win', status: 'failed', phase: 'identity', last_rule_id: 'win-domain-join-failed' },
  ])
})

it('a Windows machine under a name of its own is one desktop in every answer, by the instance in its paths', async () => {
  const [root, data] = [tempDir(), tempDir()]
  const instance = 'i-0c4f5a6b7d8e9f012'
  const now = Date.now()
  const at = (minutes: number) =>
    new Date(now - minutes * 60_000).toISOString().replace('T', ' ').slice(0, 19)
  const write = (path: string, text: string | Buffer) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const said = [
    'Installing DCVServer from https://x/a.msi',
    'DCV installed successfully',
    'Configuring DCV Session',
  ]
  const log = said.map((text, index) => `${at(20 - index)} [INFO] ${text}\r\n`).join('')
  write(
    `hosts/win1/ProgramData/EDH/${instance}/03_setup_post_reboot.ps1.log`,
    Buffer.from(`\ufeff${log}`, 'utf16le'),
  )
  const alb = (text: string) =>
    `[${at(15)},011] [INFO] [346] [cluster_manager/orchestrator/dcv_alb_manager.py] [] [<module>] [${text}]\n`
  write(
    'opt/edh/edh-lab/cluster_manager/orchestrator/logs/dcv_alb_manager.log',
    alb('ip-10-0-3-1 not in load balancer. Adding new entry ... '),
  )
  await writePortal(join(root, 'opt/edh/edh-lab/cluster_manager/web_interface/db.sqlite'), {
    virtual_desktop_sessions: [
      {
        ...{ session_owner: 'wanda', session_name: 'W', session_state: 'running', is_active: 1 },
        ...{ created_on: at(30), os_family: 'windows', instance_id: instance },
        ...{ instance_private_dns: 'ip-10-0-3-1.ec2.internal', instance_private_ip: '10.0.3.1' },
      },
    ],
  })
  const where = ['--root', root, '--data', data]
  expect((await runProgram(['ingest', ...where, root])).code).toBe(0)
  const { stdout } = await runProgram(['sessions', '--json', ...where])
  expect(jsonLines(stdout)).toMatchObject([{ session: 'wanda/W', host: 'win1' }])
  for (const name of ['wanda/W', 'ip-10-0-3-1', '10.0.3.1', instance]) {
    const [one, ...others] = jsonLines((await runProgram(['diagnose', name, '--json', ...where])).stdout)
    expect([name, one, others]).toMatchObject([
      name,
      { session: 'wanda/W', host: 'win1', traits: { address: 'ip-10-0-3-1' } },
      [],
    ])
  }
  const checks = await runProgram(['diagnose', 'wanda/W', '--checklist', ...where])
  expect(checks.stdout).toContain('--names edh-ip-10-0-3-1 ')
  const timeline = jsonLines((await runProgram(['timeline', 'wanda/W', '--json', ...where])).stdout)
  expect(new Set(timeline.map(({ source }) => source))).toEqual(new Set(['win-bootstrap', 'alb-manager']))
})
