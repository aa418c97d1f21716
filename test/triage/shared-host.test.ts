import { describe, expect, test } from 'vitest'
import type { FileFacts } from '../../src/triage/diagnosis/story.ts'
import { diagnosed, log, type Said, type ToldLog } from './told-story.ts'

const HOST = 'ip-10-0-0-9'
const ON_HOST = { profile: 'host', cluster: '', host: HOST }
const CLUSTER = { profile: 'edh-26', cluster: 'edh-lab' }
const ANN = { owner: 'ann', session: 'cad', session_uuid: '0c5e7f11-0000-4000-8000-000000000001' }
const BOB = { owner: 'bob', session: 'cfd', session_uuid: '0c5e7f11-0000-4000-8000-000000000002' }

const about = (rule: string, message: string): Said => ({ rule, message })
const short = (logs: readonly ToldLog[]) =>
  diagnosed(logs, 600).map(({ session, status, verdict, findings }) =>
    [session, status, verdict?.rule_id, ...findings.map(({ rule_id }) => rule_id)]
      .filter((part) => part !== undefined)
      .join(' '),
  )

/** Both were set up on the same instance, and are well by that. */
const both: ToldLog[] = [ANN, BOB].map((own) =>
  log('setup-post-reboot', ['milestone-reboot-done', 'milestone-node-ready'], {
    ...{ ...CLUSTER, ...own, host: HOST, minutes: [0, 5] },
  }),
)
/** Each has a log of its own that DCV writes for its session. */
const agentOf = ({ owner, session_uuid }: typeof ANN, ...said: Said[]) =>
  log('xdcv', said, { ...ON_HOST, owner, session_uuid, minutes: said.map((_, i) => 30 + i) })

describe('desktops of two owners on one instance', () => {
  test('do not share what DCV writes of the session of one', () => {
    const logs = [...both, agentOf(ANN, 'xdcv-crashed'), agentOf(BOB)]
    expect(short(logs)).toEqual(['ann/cad failed xdcv-crashed', 'bob/cfd ready'])
  })

  test('do not share what the server says of one of them, by its id or its user', () => {
    const server = log(
      'dcv-server',
      [
        about('xdcv-crashed', `session ${BOB.session_uuid} lost its X server`),
        about('xdcv-crashed', "Xdcv of user 'bob' is gone"),
      ],
      { ...ON_HOST, minutes: [40, 41] },
    )
    const logs = [...both, server, agentOf(ANN, 'milestone-session-constructed'), agentOf(BOB)]
    expect(short(logs)).toEqual(['ann/cad ready', 'bob/cfd failed xdcv-crashed'])
  })

  test('do not share what the kernel tells of what only the log of one tells as well', () => {
    const kernel = log('messages', ['xdcv-crashed'], { ...ON_HOST, minutes: [30.1] })
    const logs = [...both, kernel, agentOf(ANN, 'xdcv-crashed'), agentOf(BOB)]
    expect(short(logs)).toEqual(['ann/cad failed xdcv-crashed', 'bob/cfd ready'])
  })

  test('share a full disk, though the log of one tells of it, too', () => {
    const kernel = log('messages', ['disk-full'], { ...ON_HOST, minutes: [30.1] })
    const logs = [...both, kernel, agentOf(ANN, 'disk-full'), agentOf(BOB)]
    expect(short(logs)).toEqual(['ann/cad failed disk-full', 'bob/cfd failed disk-full'])
  })

  test('share what befalls their host', () => {
    const kernel = log(
      'messages',
      Array.from({ length: 3 }, () => 'memory-oom-killer'),
      {
        ...{ ...ON_HOST, minutes: [40, 45, 50] },
      },
    )
    expect(short([...both, kernel, agentOf(ANN), agentOf(BOB)])).toEqual([
      'ann/cad failed repeat-oom repeat-oom',
      'bob/cfd failed repeat-oom repeat-oom',
    ])
  })

  test('do not share what the portal says of one of them and its host', () => {
    const dead = `DCV Session not running properly on ${HOST} for DCV Session ${BOB.session_uuid}. Changing state to error`
    const watcher = log('state-watcher', [about('watch-session-error', dead)], { ...CLUSTER, minutes: [90] })
    const late = agentOf(ANN, 'milestone-session-constructed')
    expect(short([...both, watcher, late])).toEqual(['ann/cad ready', 'bob/cfd failed watch-session-error'])
  })

  test('are told apart on a host of which no path names a desktop', () => {
    const own = ({ owner }: typeof ANN, session: string, ...said: Said[]) =>
      log('dcv-agent', said, { ...ON_HOST, owner, session, minutes: said.map((_, i) => 10 + i) })
    const server = log(
      'dcv-server',
      ['milestone-dcv-server-started', about('xdcv-crashed', "Session 's-bob': X server is gone")],
      { ...ON_HOST, minutes: [1, 60] },
    )
    expect(
      short([
        server,
        own(ANN, 's-ann', about('milestone-session-constructed', "Session 's-ann' constructed")),
        own(BOB, 's-bob', about('milestone-session-constructed', "Session 's-bob' constructed")),
      ]),
    ).toEqual(['ann/s-ann ready', 'bob/s-bob failed xdcv-crashed'])
  })

  test('with a greeter beside the only user are one desktop', () => {
    const own = (owner: string) =>
      log('dcv-agent', ['milestone-session-constructed'], {
        ...{ ...ON_HOST, owner, session: 'console', minutes: [10] },
      })
    expect(short([own('gdm'), own('ann')])).toHaveLength(1)
  })
})

test('of two desktops that had an address one after the other, the later is meant when both have said their last', () => {
  const host = 'ip-10-0-0-9'
  const of = (owner: string, minutes: readonly number[], ...said: Said[]) =>
    log('compute-node', said, { owner, session: 'LinuxDesktop1', host, minutes })
  const seen = about('milestone-portal-sees-desktop', `https://lb.example/${host}/ answers 200 OK`)
  const logs = [
    of('old', [6], 'openldap-connection-refused'),
    of('young', [306], 'milestone-sssd-restarted'),
    log('web-ui', [seen], { minutes: [320] }),
  ]
  expect(short(logs)).toEqual([
    'old/LinuxDesktop1 failed openldap-connection-refused',
    'young/LinuxDesktop1 ready',
  ])
})

test('what names nobody is of the desktop that was named a moment before, not weeks ago', () => {
  const of = (owner: string) =>
    log('install-dcv', ['milestone-node-ready'], {
      owner,
      session: 'cad',
      host: `ip-10-0-0-${owner.length}`,
      minutes: [5],
    })
  const named = about('milestone-login-asked', "{'user': 'ann', 'session_name': 'cad'}")
  const refused = about('api-auth-denied', 'a token that nobody knows')
  const refusedFor = (minutes: number) =>
    diagnosed([of('ann'), log('web-ui', [named, refused], { minutes: [10, minutes] })], 60_000)
      .filter(({ session }) => session === 'ann/cad')
      .flatMap(({ phases }) => phases.filter(({ phase }) => phase === 'connect').map(({ state }) => state))
  expect(refusedFor(11)).not.toEqual(refusedFor(20_000))
})

describe('desktops that had the address of an instance one after the other', () => {
  const day = 24 * 60
  const setUp = (own: Partial<FileFacts>, at: number) =>
    log('setup-post-reboot', ['milestone-reboot-done', 'milestone-node-ready'], {
      ...{ ...CLUSTER, ...own, host: HOST, minutes: [at, at + 5] },
    })
  const kernel = (...minutes: number[]) =>
    log(
      'messages',
      minutes.map(() => 'memory-exhausted'),
      { ...ON_HOST, minutes },
    )
  const inTurn = [setUp(ANN, 0), setUp(BOB, day)]

  test('have each what the host wrote in their turn', () => {
    const of = (...minutes: number[]) =>
      diagnosed([...inTurn, kernel(...minutes)], day + 600).map(
        ({ session, status }) => `${session} ${status}`,
      )
    expect(of(300)).toEqual(['ann/cad failed', 'bob/cfd ready'])
    expect(of(day + 60)).toEqual(['ann/cad stopped', 'bob/cfd failed'])
    expect(of(300, day + 60)).toEqual(['ann/cad failed', 'bob/cfd failed'])
  })

  test('begin their turn with the boot of the instance', () => {
    expect(short([...inTurn, kernel(day - 5)])).toEqual([
      'ann/cad stopped',
      'bob/cfd failed memory-exhausted',
    ])
  })

  test('are gone when the next one has come: an instance keeps its address as long as it is', () => {
    const elsewhere = { ...CLUSTER, cluster: 'edh-prod', host: HOST }
    expect(short(inTurn)).toEqual(['ann/cad stopped', 'bob/cfd ready'])
    expect(short([setUp(ANN, 0), setUp({ ...BOB, ...elsewhere }, day)])).toEqual([
      'ann/cad ready',
      'bob/cfd ready',
    ])
    const begun = log('setup', ['milestone-setup-begin'], { ...CLUSTER, ...ANN, host: HOST, minutes: [0] })
    expect(short([begun, setUp(BOB, day)])).toEqual(['ann/cad stalled absence-setup-end', 'bob/cfd ready'])
  })
})
