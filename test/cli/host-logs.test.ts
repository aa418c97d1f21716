import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnose.ts'
import type { SessionJson } from '../../src/triage/sessions.ts'
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

/** How the desktops of these logs stand, as `diagnose` reads them and as they are stored. */
async function standings(logs: Logs): Promise<{ read: string[]; stored: string[] }> {
  const [root, data] = [tempDir(), tempDir()]
  for (const [path, lines] of Object.entries(logs)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${lines.join('\n')}\n`)
  }
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
