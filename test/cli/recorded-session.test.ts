import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnosis-json.ts'
import { runProgram } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const UUIDS = ['524bbf12-aa38-430f-94f3-31d4317aaad9', '60044a31-87e5-4eb5-9713-82cea7b828f5'] as const
const WEB = 'opt/edh/edh-lab/cluster_manager/web_interface/logs/web_interface.log'

const portalLine = (time: string, message: string) =>
  `[2026-05-04 ${time},283] [INFO] [975] [cluster_manager/web_interface/api/v1/dcv/create_virtual_desktop.py] [] [post] [${message}]\n`
const launch = (at: string, name: string, user: string, uuid: string) =>
  portalLine(`${at}:04`, `CloudFormation stack edh-lab-${name}-${user} successfully created`) +
  portalLine(`${at}:05`, `Session ${name} with UUID ${uuid} started successfully.`)

/** The logs of one Windows host, as they lie there. */
const host = (ip: string, instance: string, uuid: string, joined: string): Record<string, string> => {
  const folder = `hosts/${ip}/C/ProgramData/EDH/${instance}`
  const s3 = `s3://lab-bucket/edh-lab/config/do_not_delete/bootstrap/dcv_node/d74ec826-4826-4838-9dec-9d4f6ebeb440/${uuid}/`
  return {
    [`${folder}/01_user_data.ps1.log`]: `2026-05-04 10:07:01 [INFO] Downloading Boostrap Sequence from  ${s3}\n2026-05-04 10:07:07 [INFO] Executing 02_setup.ps\n`,
    [`${folder}/02_setup.ps1.log`]: `2026-05-04 10:07:15 [INFO] Joining Computer to AD domain\n${joined}\n2026-05-04 10:07:25 [INFO] Domain Join completed, setting up requireReboot to true\n2026-05-04 10:08:12 [INFO] DCV Session configured successfully\n2026-05-04 10:08:20 [INFO] Node is ready\n`,
  }
}

it('Windows hosts that know only the ids of their sessions are of the desktops that the portal recorded with them', async () => {
  const tree = tempDir()
  const files = {
    [WEB]: launch('10:02', 'Cad', 'ann', UUIDS[0]) + launch('10:40', 'Cad', 'bob', UUIDS[1]),
    ...host(
      'ip-10-0-0-1',
      'i-00488b5fcf8857081',
      UUIDS[0],
      'WARNING: The changes will take effect after you restart the computer EC2AMAZ-1.',
    ),
    ...host(
      'ip-10-0-0-2',
      'i-0c106dfab5d075c40',
      UUIDS[1],
      "Add-Computer : Computer 'EC2AMAZ-2' failed to join domain 'corp.example.org' from its current workgroup 'WORKGROUP' with following error message: The user name or password is incorrect.",
    ),
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true })
    writeFileSync(join(tree, name), text)
  }
  const data = join(tempDir(), 'data')
  const asked = async (...args: string[]) => {
    const { stdout } = await runProgram(['diagnose', '--json', ...args])
    return (jsonLines(stdout) as unknown as DiagnosisJson[]).map(({ session, status, verdict, host }) => [
      session,
      host,
      status,
      verdict?.rule_id,
    ])
  }
  const ann = ['ann/Cad', 'ip-10-0-0-1', 'ready', undefined]
  const bob = ['bob/Cad', 'ip-10-0-0-2', 'failed', 'win-domain-join-failed']
  expect(await asked(tree)).toEqual([ann, bob])
  await runProgram(['ingest', '--data', data, tree])
  expect(await asked('--data', data, '--all', '--from', '2026-05-01')).toEqual([ann, bob])
  expect(await asked('--data', data, 'bob/Cad')).toEqual([bob])
  expect(await asked('--data', data, 'ann/Cad')).toEqual([ann])
})
