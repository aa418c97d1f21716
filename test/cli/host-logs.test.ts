import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnosis-json.ts'
import type { SessionJson } from '../../src/triage/sessions/session-json.ts'
import { runProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const LOGS = 'apps/soca/soca-lab/cluster_node_bootstrap/logs/desktop'
const CREATED = [
  '+ dcv create-session --user ann --owner ann --type virtual --storage-root /data/home/ann cad',
  '+ exit_code=0',
]

async function asked<Item>(command: readonly string[]): Promise<Item[]> {
  const { code, stdout } = await runProgram([...command, '--json'])
  expect(code).toBe(0)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Item)
}

type Logs = Readonly<Record<string, readonly string[]>>

function treeOf(logs: Logs): string {
  const root = tempDir()
  for (const [path, lines] of Object.entries(logs)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${lines.join('\n')}\n`)
  }
  return root
}

/** How the desktops of these logs stand, as `diagnose` reads them and as they are stored. */
async function standings(logs: Logs): Promise<{ read: string[]; stored: string[] }> {
  const [root, data] = [treeOf(logs), tempDir()]
  const read = await asked<DiagnosisJson>(['diagnose', root, '--all', '--root', root])
  expect((await runProgram(['ingest', root, '--root', root, '--data', data])).code).toBe(0)
  const stored = await asked<SessionJson>(['sessions', '--data', data, '--from', '2023-01-01'])
  const told = ({ session, status, host }: Pick<DiagnosisJson, 'session' | 'status' | 'host'>) =>
    `${session} ${host} ${status}`
  return { read: read.map(told), stored: stored.map(told).sort() }
}

it('logs of a host whose name no path tells are of the same desktop, read or stored', async () => {
  const { read, stored } = await standings({
    [`${LOGS}/ann/cad/ip-10-0-0-1/ComputeNodePostReboot.log`]: CREATED,
    [`${LOGS}/bob/cfd/ip-10-0-0-2/ComputeNodePostReboot.log`]: CREATED,
    'var/log/dcv/agent.bob.cfd.log': [
      '2023-05-04 10:05:00,000000 [  4011:4011  ] INFO  agent - Starting dcvagent',
    ],
    'var/log/dcv/server.log': [
      '2023-05-04 10:05:01,000000 [  3011:3011  ] ERROR http-frontend - Could not start web frontend: Error binding to address 0.0.0.0:8443: Address already in use',
    ],
  })
  expect(read).toEqual([
    expect.stringMatching(/^ann\/cad ip-10-0-0-1 (?!failed)/),
    'bob/cfd ip-10-0-0-2 failed',
  ])
  expect(stored).toEqual(read)
})

it('a desktop that never reached the shared file system is told by the logs of the machine it got', async () => {
  const { read, stored } = await standings({
    'apps/soca/soca-lab/cluster_web_ui/logs/api.log': [
      "[2023-05-04 09:50:00,118] [INFO] [create_desktop] [Received parameter for new Linux DCV session: {'instance_type': 'm5.xlarge', 'session_name': 'cad', 'user': 'ann'}]",
      '[2023-05-04 09:55:00,551] [INFO] [list_desktops] [Checking linux desktops for ann]',
      "[2023-05-04 09:55:00,640] [INFO] [list_desktops] [Host Info {'private_dns': 'ip-10-0-0-9', 'private_ip': '10.0.0.9', 'instance_id': 'i-0123456789abcdef0', 'status': 'running'}]",
    ],
    'ip-10-0-0-9/var/log/cloud-init.log': [
      '2023-05-04 09:52:10,001 - util.py[DEBUG]: Cloud-init v. 19.3-46.amzn2 running modules:final',
      '2023-05-04 09:54:11,001 - util.py[WARNING]: mount.nfs4: Connection timed out',
    ],
  })
  expect(read).toEqual(['ann/cad ip-10-0-0-9 failed'])
  expect(stored).toEqual(read)
})

it('a host of which no desktop is known stands in the list by its name, the controller does not', async () => {
  const { read, stored } = await standings({
    'collected/ip-10-0-0-9/var/log/dcv/server.log': [
      '2023-05-04 10:05:01,000000 [  3011:3011  ] ERROR http-frontend - Could not start web frontend: Error binding to address 0.0.0.0:8443: Address already in use',
    ],
    'collected/ip-10-0-0-5/var/log/messages': [
      'May  4 10:05:01 ip-10-0-0-5 kernel: Out of memory: Killed process 512 (python3) total-vm:1kB',
    ],
    'collected/ip-10-0-0-5/apps/soca/soca-lab/cluster_web_ui/logs/api.log': [
      '[2023-05-04 09:55:00,551] [INFO] [list_desktops] [Checking linux desktops for ann]',
    ],
  })
  expect(read).toEqual(['ip-10-0-0-9 ip-10-0-0-9 failed'])
  expect(stored).toEqual(read)
})

const UUID = '2c1b6a90-4f3e-4d5a-8a7b-1f0e9d8c7b6a'

it('the id that a request gives names the desktop in logs that are read before it', async () => {
  const web = 'opt/edh/edh-lab/cluster_manager/web_interface/logs'
  const post = '[cluster_manager/web_interface/api/v1/dcv/create_virtual_desktop.py] [] [post]'
  const check =
    '[cluster_manager/web_interface/scheduled_tasks/virtual_desktops/session_error_watcher.py] [] [validate_dcv_session]'
  const { read, stored } = await standings({
    [`${web}/web_interface.log`]: [
      `[2023-05-04 09:00:12,219] [INFO] [955] ${post} [Creating CloudFormation stack edh-lab-cad-ann, session_uuid ${UUID}]`,
      `[2023-05-04 09:00:14,219] [INFO] [990] ${post} [Stack edh-lab-cad-ann created successfully]`,
    ],
    [`${web}/scheduled_tasks/virtual_desktops/session_error_watcher.log`]: [
      `[2023-05-04 12:30:03,004] [INFO] [266] ${check} [DCV Session not running properly on i-0c4f5a6b7d8e9f012 for DCV Session ${UUID}. Changing state to error]`,
    ],
  })
  expect(read).toEqual(['ann/cad i-0c4f5a6b7d8e9f012 failed'])
  expect(stored).toEqual(read)
})

it('a desktop is found by the name that its user typed, with what the portal takes out of it', async () => {
  const { read, stored } = await standings({
    'apps/soca/soca-lab/cluster_web_ui/logs/api.log': [
      "[2023-05-04 09:50:00,118] [INFO] [create_desktop] [Received parameter for new Linux DCV session: {'instance_type': 'm5.xlarge', 'session_name': 'my-cad 2', 'user': 'ann'}]",
    ],
  })
  expect(read).toEqual(['ann/mycad2  stalled'])
  expect(stored).toEqual(read)
})

it('a machine is of the desktop that was listed with it in the hour after its request', async () => {
  const listed = (time: string, user: string, instance: string) => [
    `[2023-05-04 ${time},551] [INFO] [list_desktops] [Checking linux desktops for ${user}]`,
    `[2023-05-04 ${time},640] [INFO] [list_desktops] [Host Info {'private_dns': 'ip-10-0-0-9', 'private_ip': '10.0.0.9', 'instance_id': '${instance}', 'status': 'running'}]`,
  ]
  const asked = (time: string, user: string, name: string) =>
    `[2023-05-04 ${time},118] [INFO] [create_desktop] [Received parameter for new Linux DCV session: {'instance_type': 'm5.xlarge', 'session_name': '${name}', 'user': '${user}'}]`
  const { read, stored } = await standings({
    'apps/soca/soca-lab/cluster_web_ui/logs/api.log': [
      asked('09:00:00', 'zoe', 'cad'),
      ...listed('09:05:00', 'zoe', 'i-0123456789abcdef0'),
      asked('10:25:00', 'ann', 'mod'),
      ...listed('11:15:00', 'ann', 'i-0123456789abcdef1'),
    ],
    'collected/ip-10-0-0-9/var/log/cloud-init.log': [
      '2023-05-04 10:28:10,001 - util.py[DEBUG]: Cloud-init v. 19.3-46.amzn2 running modules:final',
      '2023-05-04 10:30:11,001 - util.py[WARNING]: mount.nfs4: Connection timed out',
    ],
  })
  expect(read).toEqual(['ann/mod ip-10-0-0-9 failed', 'zoe/cad  stalled'])
  expect(stored).toEqual(read)
})

it('more desktops than the engine has words for at once are listed beside nameless logs', async () => {
  const names = Array.from({ length: 256 }, (_, i) => `user${i}`)
  const logs = names.map((owner, i) => [
    `${LOGS}/${owner}/cad/ip-10-0-1-${i}/ComputeNodePostReboot.log`,
    CREATED,
  ])
  const { read, stored } = await standings({
    ...Object.fromEntries(logs),
    'var/log/cloud-init-output.log': ['mount.nfs4: Connection timed out'],
  })
  expect(stored).toHaveLength(256)
  expect(stored).toEqual(read.filter((one) => one.includes('/')).sort())
})

it('a desktop is known by the words of its machine, which has a mailbox, and stands once under one name', async () => {
  const web = 'opt/edh/edh-lab/cluster_manager/web_interface/logs/web_interface.log'
  const post = '[cluster_manager/web_interface/api/v1/dcv/create_virtual_desktop.py] [] [post]'
  const { read, stored } = await standings({
    'collected/ip-10-0-0-8/var/log/cloud-init-output.log': [
      '+ mkdir -p /apps/soca/soca-lab/cluster_node_bootstrap/logs/desktop/maya/Cad1/ip-10-0-0-8',
      'mount.nfs4: Connection timed out',
    ],
    'collected/ip-10-0-0-8/var/spool/mail/root': ['From root@ip-10-0-0-8', 'Subject: Cron'],
    [web]: [
      `[2023-05-04 09:00:12,219] [INFO] [955] ${post} [Creating CloudFormation stack edh-lab-Desk1-johndoe, session_uuid ${UUID}]`,
    ],
    [`apps/edh/edh-lab/shared/logs/bootstrap/dcv_node/john.doe/Desk1/${UUID}/9218256a-9307-4e58-8b6a-b93a035d3a21/ip-10-0-0-7/03_setup_post_reboot.log`]:
      ['[2023-05-04 09:10:15,040] [INFO] Bootstrap Sequence Completed: Node Ready'],
  })
  expect(read).toEqual(['john.doe/Desk1 ip-10-0-0-7 ready', 'maya/Cad1 ip-10-0-0-8 failed'])
  expect(stored).toEqual(read)
})

it('who asked for a desktop of SOCA 2 is told by the list of his desktops and by his stack', async () => {
  const asked = (time: string, name: string) =>
    `[2023-05-04 ${time},118] [INFO] [create_windows_desktop] [Received parameter for new Windows DCV session: {'instance_type': 'm5.xlarge', 'session_name': '${name}', 'subnet_id': None}]`
  const stack = (time: string, name: string) =>
    `[2023-05-04 ${time},401] [INFO] [list_desktops] [Host Info check_stack {'Stacks': [{'StackName': 'soca-lab-${name}', 'StackStatus': 'CREATE_IN_PROGRESS'}]}]`
  const { read, stored } = await standings({
    'apps/soca/soca-lab/cluster_web_ui/logs/api.log': [
      asked('09:50:00', 'WindowsDesktop1'),
      '[2023-05-04 09:50:01,551] [INFO] [list_desktops] [Checking windows desktops for ann]',
      stack('09:51:00', 'WindowsDesktop1-ann'),
      asked('10:50:00', 'WindowsDesktop1'),
      stack('10:52:00', 'WindowsDesktop1-bob'),
      "[2023-05-04 10:52:01,640] [INFO] [list_desktops] [Host Info {'private_dns': 'ip-10-0-0-9', 'private_ip': '10.0.0.9', 'instance_id': 'i-0123456789abcdef0', 'status': 'running'}]",
      '[2023-05-04 10:55:12,001] [INFO] [list_desktops] [Checking https://lab-viewer/ip-10-0-0-9/ for <WindowsDCVSessions 31> and received status 200 ]',
    ],
  })
  expect(read).toEqual(['ann/WindowsDesktop1  stalled', 'bob/WindowsDesktop1 ip-10-0-0-9 ready'])
  expect(stored).toEqual(read)
})

it('a later attempt that only the words of its machine tell counts, beside nameless logs, too', async () => {
  const named = (uuid: string) =>
    `+ aws s3 cp s3://edh-lab-1/edh-lab/config/do_not_delete/bootstrap/dcv_node/maya/Cad1/${uuid}/${UUID}/ /root/`
  const attempt = 'apps/edh/edh-lab/shared/logs/bootstrap/dcv_node/maya/Cad1'
  const { read, stored } = await standings({
    [`${attempt}/${UUID}/9218256a-9307-4e58-8b6a-b93a035d3a21/ip-10-0-0-7/03_setup_post_reboot.log`]: [
      '[2023-05-04 09:10:15,040] [INFO] Bootstrap Sequence Completed: Node Ready',
    ],
    'collected/ip-10-0-0-8/var/log/cloud-init-output.log': [
      named('9218256a-9307-4e58-8b6a-b93a035d3a22'),
      'mount.nfs4: Connection timed out',
    ],
    'collected/ip-10-0-0-9/var/log/cloud-init-output.log': ['mount.nfs4: Connection timed out'],
    'var/log/messages': ['May  4 10:05:01 kernel: Out of memory: Killed process 512 (python3) total-vm:1kB'],
  })
  expect(read.filter((one) => !one.startsWith(' '))).toEqual([
    'ip-10-0-0-9 ip-10-0-0-9 failed',
    'maya/Cad1 ip-10-0-0-7 ready',
    'maya/Cad1 ip-10-0-0-8 failed',
  ])
  expect(stored).toEqual(['ip-10-0-0-9 ip-10-0-0-9 failed', 'maya/Cad1 ip-10-0-0-8 failed'])
})

it('what a host wrote before its mount is found among the lines of its desktop, too', async () => {
  const folder =
    'apps/edh/edh-lab/shared/logs/bootstrap/dcv_node/gus/cad/8920176c-7112-4095-adf3-16fe5f533797/2f07073d-0910-4a28-af5b-908983cce8fb/ip-10-0-0-5'
  const early = 'root/edh_bootstrap_i-012bff65826bf4cdb/logs'
  const root = treeOf({
    [`${folder}/02_setup.log`]: [
      '[2026-05-04 07:11:01,004] [INFO] Setup Start Date: Mon May 4 07:11:01 UTC 2026',
    ],
    [`${early}/01_user_data.sh.log`]: [
      '[2026-05-04 07:07:01,004] [INFO] UserData started. Logs: /var/log/cloud-init*',
    ],
    [`${early}/filesystems_mount.log`]: [
      '[2026-05-04 07:09:04,618] [FATAL] Unable to find Mount Target for fs-0d9e8f7a',
    ],
  })
  const data = tempDir()
  expect((await runProgram(['ingest', root, '--root', root, '--data', data])).code).toBe(0)
  const found = await asked<{ message: string }>([
    ...['search', 'Mount Target', '--session', 'gus/cad', '--data', data, '--from', '2026-01-01'],
  ])
  expect(found.map(({ message }) => message)).toEqual(['Unable to find Mount Target for fs-0d9e8f7a'])
})

it('a system log that several hosts write is of each as far as it names it, read or stored', async () => {
  const said = (host: string, second: number, text: string) =>
    `May  4 10:05:${String(second).padStart(2, '0')} ${host} ${text}`
  const { read, stored } = await standings({
    [`${LOGS}/ann/cad/ip-10-0-0-1/ComputeNodePostReboot.log`]: CREATED,
    [`${LOGS}/bob/cfd/ip-10-0-0-2/ComputeNodePostReboot.log`]: CREATED,
    'var/log/messages': [
      said('ip-10-0-0-1', 1, 'systemd[1]: Started Session 3 of User ann.'),
      said('ip-10-0-0-2', 2, 'systemd[1]: Started Session 4 of User bob.'),
      said('ip-10-0-0-1', 3, 'systemd[1]: Started Session 5 of User ann.'),
      said('ip-10-0-0-2', 4, 'kernel: Out of memory: Killed process 4321 (Xdcv) total-vm:8000kB'),
      said('ip-10-0-0-1', 5, 'systemd[1]: Started Session 6 of User ann.'),
    ],
  })
  expect(read).toEqual([
    expect.stringMatching(/^ann\/cad ip-10-0-0-1 (?!failed)/),
    'bob/cfd ip-10-0-0-2 failed',
  ])
  expect(stored).toEqual(read)
})
