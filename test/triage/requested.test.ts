import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbedded } from '../../src/store/client.ts'
import { askSessions, SESSIONS, type SessionJson } from '../../src/triage/sessions.ts'
import { Standings } from '../../src/triage/standings.ts'
import { libraryOf } from '../../src/web/service.ts'
import { serviceOn } from '../support/api.ts'
import { runProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const API = 'apps/soca/soca-lab/cluster_web_ui/logs/api.log'
const LOGS = 'apps/soca/soca-lab/cluster_node_bootstrap/logs/desktop'
const NOW_MS = Date.parse('2023-05-04T12:00:00Z')

const asked = (time: string, os: string, user: string, name: string) =>
  `[2023-05-04 ${time},118] [INFO] [create_desktop] [Received parameter for new ${os} DCV session: {'instance_type': 'm5.xlarge', 'session_name': '${name}', 'user': '${user}'}]`
const refused = (time: string, user: string, name: string) =>
  `[2023-05-04 ${time},900] [ERROR] [create_desktop] [Unable to Launch Desktop ${name} for user ${user} because of An error occurred (InsufficientInstanceCapacity) when calling the RunInstances operation (reached max retries: 4): We currently do not have sufficient g4dn.xlarge capacity]`

it('desktops that were asked for and never wrote are listed among the others, page by page', async () => {
  const [root, data] = [tempDir(), tempDir()]
  const write = (path: string, lines: readonly string[]) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${lines.join('\n')}\n`)
  }
  write(`${LOGS}/ann/cad/ip-10-0-0-1/ComputeNode.sh.log`, [
    '[2023-05-04 10:00:00,000] [INFO] + source /root/config.cfg',
  ])
  write(API, [
    asked('09:50:00', 'Linux', 'ann', 'cad'),
    asked('10:30:00', 'Linux', 'bob', 'big'),
    refused('10:30:02', 'bob', 'big'),
    asked('11:55:00', 'Windows', 'cleo', 'win'),
  ])
  expect(await runProgram(['ingest', root, '--root', root, '--data', data])).toMatchObject({ code: 0 })
  const store = await openEmbedded(join(data, 'store'))
  onTestFinished(() => store.close())
  const standings = new Standings()
  const ask = (params: Readonly<Record<string, unknown>>) =>
    askSessions(SESSIONS.parse(params), { ...libraryOf(serviceOn(store)), nowMs: NOW_MS, standings })
  const told = ({ session, status, os, phase }: SessionJson) => `${session} ${status} ${os} ${phase}`

  const all = await ask({ from: '2023-05-01T00:00:00Z' })
  const expected = ['cleo/win in_progress windows launch', 'bob/big failed linux launch']
  expect(all.items.map(told).filter((one) => !one.startsWith('ann/'))).toEqual(expected)
  expect(all.items).toHaveLength(3)

  const paged: SessionJson[] = []
  for (let cursor: string | undefined, i = 0; i === 0 || cursor !== undefined; i++) {
    const { items, next } = await ask({ from: '2023-05-01T00:00:00Z', limit: 1, cursor })
    paged.push(...items)
    cursor = next
  }
  expect(paged).toEqual(all.items)
  expect((await ask({ owner: 'bob', status: 'failed' })).items.map(({ session }) => session)).toEqual([
    'bob/big',
  ])
  expect((await ask({ to: '2023-05-04T11:00:00Z' })).items.map(({ session }) => session)).not.toContain(
    'cleo/win',
  )
})
