import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openEmbedded, type Store } from '../../src/store/client.ts'
import type { Library, Page } from '../../src/triage/answers.ts'
import { withTimes } from '../../src/triage/parameters.ts'
import { NO_PORTAL, type PortalSession } from '../../src/triage/portal/portal-session.ts'
import { DiagnosisCache } from '../../src/triage/sessions/diagnosis-cache.ts'
import type { SessionJson } from '../../src/triage/sessions/session-json.ts'
import { askSessions, SESSIONS } from '../../src/triage/sessions/sessions.ts'
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

type Ask = Readonly<Record<string, unknown>>

const PORTAL_ROW: PortalSession = {
  ...{
    cluster: 'soca-lab',
    profile: 'soca-2',
    owner: '',
    name: '',
    state: '',
    isActive: true,
    os: 'linux',
    uuid: '',
  },
  ...{ sessionId: '', host: '', ip: '', instance: '', instanceType: '', createdAt: '', deactivatedAt: '' },
  schedule: {},
}

/** Stores these logs, and asks for desktops as of NOW_MS. */
async function storeOf(logs: Readonly<Record<string, readonly string[]>>) {
  const [root, data] = [tempDir(), tempDir()]
  for (const [path, lines] of Object.entries(logs)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), `${lines.join('\n')}\n`)
  }
  expect(await runProgram(['ingest', root, '--root', root, '--data', data])).toMatchObject({ code: 0 })
  const store = await openEmbedded(join(data, 'store'))
  onTestFinished(() => store.close())
  const diagnosisCache = new DiagnosisCache()
  const ask = (params: Ask, other: Partial<Library> = {}) =>
    askSessions(SESSIONS.parse(params), {
      ...{ ...libraryOf(serviceOn(store)), nowMs: NOW_MS, diagnosisCache },
      ...other,
    })
  return { store, ask }
}

/** All that is listed, page by page of one desktop. */
async function pagesOf(ask: (params: Ask) => Promise<Page<SessionJson>>): Promise<SessionJson[]> {
  const paged: SessionJson[] = []
  let cursor: string | undefined
  do {
    const { items, next } = await ask({ from: '2023-05-01T00:00:00Z', limit: 1, cursor })
    paged.push(...items)
    cursor = next
  } while (cursor !== undefined)
  return paged
}

it('desktops that were asked for and never wrote are listed among the others, page by page', async () => {
  const { ask } = await storeOf({
    [`${LOGS}/ann/cad/ip-10-0-0-1/ComputeNode.sh.log`]: [
      '[2023-05-04 10:00:00,000] [INFO] + source /root/config.cfg',
    ],
    [API]: [
      asked('09:50:00', 'Linux', 'ann', 'cad'),
      asked('10:30:00', 'Linux', 'bob', 'big'),
      refused('10:30:02', 'bob', 'big'),
      asked('11:55:00', 'Windows', 'cleo', 'win'),
    ],
  })
  const told = ({ session, status, os, phase }: SessionJson) => `${session} ${status} ${os} ${phase}`

  const all = await ask({ from: '2023-05-01T00:00:00Z' })
  const expected = ['cleo/win in_progress windows launch', 'bob/big failed linux launch']
  expect(all.items.map(told).filter((one) => !one.startsWith('ann/'))).toEqual(expected)
  expect(all.items).toHaveLength(3)

  expect(await pagesOf(ask)).toEqual(all.items)
  expect((await ask({ owner: 'bob', status: 'failed' })).items.map(({ session }) => session)).toEqual([
    'bob/big',
  ])
  expect((await ask({ to: '2023-05-04T11:00:00Z' })).items.map(told)).toEqual(['bob/big failed linux launch'])
})

it('a desktop without a verdict is in the last phase that it reached, whatever was written last', async () => {
  const { ask } = await storeOf({
    [`${LOGS}/ann/cad/ip-10-0-0-1/ComputeNodeInstallDCV.log`]: [
      'Launching session ... : dcv create-session --user ann cad',
      '0',
    ],
    [`${LOGS}/ann/cad/ip-10-0-0-1/ComputeNode.sh.log`]: ['+ sudo reboot'],
  })
  const { items } = await ask({ from: '2023-05-01T00:00:00Z' })
  expect(items).toMatchObject([{ session: 'ann/cad', status: 'ready', phase: 'session' }])
})

it('a desktop that was asked for without a user is listed under him whose desktops the portal listed then', async () => {
  const request = (time: string, name: string) =>
    `[2023-05-04 ${time},118] [INFO] [create_desktop] [Received parameter for new Windows DCV session: {'instance_type': 'm5.xlarge', 'session_name': '${name}'}]`
  const listed = (time: string, user: string) =>
    `[2023-05-04 ${time},551] [INFO] [list_desktops] [Checking windows desktops for ${user}]`
  const { ask } = await storeOf({
    [API]: [
      ...[request('10:30:00', 'cad'), listed('10:30:02', 'maya')],
      ...[listed('11:00:00', 'theo'), request('11:30:00', 'sim'), listed('11:30:20', 'theo')],
    ],
  })
  const { items } = await ask({ from: '2023-05-01T00:00:00Z' })
  expect(items.map(({ session, first_seen }) => [session, first_seen])).toEqual([
    ['maya/cad', '2023-05-04T10:30:00.118000Z'],
  ])
})

it('a desktop whose launch was refused before its user was named is listed without him', async () => {
  const request = (time: string, name: string, uuid: string) =>
    `[2023-05-04 ${time},118] [INFO] [287] [cluster_manager/web_interface/api/v1/dcv/create_virtual_desktop.py] [] [post] [Received parameter for new DCV session request: {'instance_type': 'm5.xlarge', 'session_name': '${name}'}, setting up session uuid ${uuid}]`
  const failed = (time: string, text: string) =>
    `[2023-05-04 ${time},900] [ERROR] [67] [cluster_manager/utils/error.py] [] [return_error] [Error ID: GENERIC_ERROR | Error Message:  Unable to launch capacity: An error occurred (${text}) when calling the RunInstances operation: no | Status Code: 500 | Error RequestId 5a0c9b1e-2d3f-4a5b-8c7d-9e0f1a2b3c4d | Error Trace: ]`
  const { ask } = await storeOf({
    'opt/edh/edh-lab/cluster_manager/web_interface/logs/web_interface.log': [
      request('10:30:00', 'cad', '2c1b6a90-4f3e-4d5a-8a7b-1f0e9d8c7b6a'),
      failed('10:30:04', 'OptInRequired'),
      request('10:40:00', 'sim', '3d2c7ba1-4f3e-4d5a-8a7b-1f0e9d8c7b6a'),
      '[2023-05-04 10:40:03,900] [INFO] [975] [cluster_manager/web_interface/api/v1/dcv/create_virtual_desktop.py] [] [post] [CloudFormation stack edh-lab-sim-maya successfully created]',
      request('11:30:00', 'mesh', '4e3d8cb2-4f3e-4d5a-8a7b-1f0e9d8c7b6a'),
      request('11:40:00', 'one', '5f4e9dc3-4f3e-4d5a-8a7b-1f0e9d8c7b6a'),
      request('11:40:01', 'two', '6a5f0ed4-4f3e-4d5a-8a7b-1f0e9d8c7b6a'),
      failed('11:40:04', 'OptInRequired'),
      failed('11:40:05', 'OptInRequired'),
    ],
  })
  const { items } = await ask({ from: '2023-05-01T00:00:00Z' })
  expect(items.map(({ session, status }) => [session, status])).toEqual([
    ['?/one', 'failed'],
    ['?/two', 'failed'],
    ['maya/sim', 'stalled'],
    ['?/cad', 'failed'],
  ])
  const refusals = await ask({ owner: '?' })
  expect(new Set(refusals.items.map(({ last_rule_id }) => last_rule_id))).toEqual(
    new Set(['api-launch-refused']),
  )
})

it('a desktop that the portal lists, too, stands in one place', async () => {
  const { ask } = await storeOf({
    [API]: [
      asked('10:30:00', 'Linux', 'bob', 'big'),
      refused('10:40:02', 'bob', 'big'),
      asked('10:35:00', 'Linux', 'cleo', 'mid'),
    ],
  })
  const row = {
    ...PORTAL_ROW,
    owner: 'bob',
    name: 'big',
    state: 'pending',
    createdAt: '2023-05-04T10:30:01Z',
  }
  const portal = async () => ({ ...NO_PORTAL, sessions: [row] })
  const all = await ask({ from: '2023-05-01T00:00:00Z' }, { portal })
  expect(all.items.map(({ session }) => session)).toEqual(['bob/big', 'cleo/mid'])
  expect(await pagesOf((params) => ask(params, { portal }))).toEqual(all.items)
})

it('a desktop that never wrote is diagnosed anew only when something was said of it', async () => {
  const { store, ask } = await storeOf({
    [API]: [asked('10:30:00', 'Linux', 'bob', 'big'), asked('10:31:00', 'Linux', 'ann', 'cad')],
  })
  const stories: unknown[] = []
  const counted: Store = {
    ...store,
    query: (sql, params) => {
      if (sql.includes('source NOT IN') && sql.includes('captures')) stories.push(params)
      return store.query(sql, params)
    },
  }
  const diagnosisCache = new DiagnosisCache()
  for (const owner of ['bob', 'ann', 'bob', 'ann', 'bob'])
    await ask({ from: '2023-05-01T00:00:00Z', owner }, { store: counted, diagnosisCache })
  expect(stories).toHaveLength(2)
})

it('a desktop that the portal has deleted is listed, though something else was typed for its name', async () => {
  const { ask } = await storeOf({ [API]: [asked('10:30:00', 'Linux', 'bob', 'b.ig')] })
  const portal = async () => ({
    ...NO_PORTAL,
    sessions: [{ ...PORTAL_ROW, owner: 'bob', name: 'big', isActive: false }],
  })
  const { items } = await ask({ from: '2023-05-01T00:00:00Z', inactive: 'true' }, { portal })
  expect(items.map(({ session }) => session)).toEqual(['bob/big'])
})

it('requests are counted by the time they are asked for in, whatever its zone', async () => {
  const { ask } = await storeOf({ [API]: [asked('10:30:00', 'Linux', 'bob', 'big')] })
  const until = async (to: string) =>
    (await ask(withTimes({ from: '2023-05-01', to }, NOW_MS))).items.map(({ session }) => session)
  expect(await until('2023-05-04T12:00:00+02:00')).toEqual([])
  expect(await until('2023-05-04T13:00:00+02:00')).toEqual(['bob/big'])
  expect(await until('2023-05-04T11:00:00')).toEqual(['bob/big'])
})

it('hosts without a desktop are listed page by page, also where their last lines are of one moment', async () => {
  const hosts = ['ip-10-0-0-1', 'ip-10-0-0-2', 'ip-10-0-0-3']
  const { ask } = await storeOf(
    Object.fromEntries(
      hosts.map((host) => [
        `collected/${host}/var/log/dcv/server.log`,
        ['2023-05-04 10:05:01,000000 [  3011:3011  ] INFO  main - Starting DCV server'],
      ]),
    ),
  )
  const all = await ask({ from: '2023-05-01T00:00:00Z' })
  expect(all.items.map(({ session }) => session)).toEqual(hosts)
  expect(await pagesOf(ask)).toEqual(all.items)
})
