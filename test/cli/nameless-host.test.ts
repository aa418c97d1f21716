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

it('logs of a host whose name no path tells are of the same desktop, read or stored', async () => {
  const [root, data] = [tempDir(), tempDir()]
  const write = (path: string, lines: readonly string[]) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${lines.join('\n')}\n`)
  }
  write(`${LOGS}/ann/cad/ip-10-0-0-1/ComputeNodePostReboot.log`, CREATED)
  write(`${LOGS}/bob/cfd/ip-10-0-0-2/ComputeNodePostReboot.log`, CREATED)
  write('var/log/dcv/agent.bob.cfd.log', [
    '2023-05-04 10:05:00,000000 [  4011:4011  ] INFO  agent - Starting dcvagent',
  ])
  write('var/log/dcv/server.log', [
    '2023-05-04 10:05:01,000000 [  3011:3011  ] ERROR http-frontend - Could not start web frontend: Error binding to address 0.0.0.0:8443: Address already in use',
  ])
  const read = await asked<DiagnosisJson>(['diagnose', root, '--all', '--root', root])
  const standing = read.map(({ session, status }) => `${session} ${status}`)
  expect(standing).toEqual([expect.stringMatching(/^ann\/cad (?!failed)/), 'bob/cfd failed'])

  expect((await runProgram(['ingest', root, '--root', root, '--data', data])).code).toBe(0)
  const stored = await asked<SessionJson>(['sessions', '--data', data])
  expect(stored.map(({ session, status }) => `${session} ${status}`).sort()).toEqual(standing)
})
