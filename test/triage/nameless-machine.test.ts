import { describe, expect, test } from 'vitest'
import { isOfWindows } from '../../src/triage/diagnosis/attempts/machines.ts'
import { diagnosed, log, type Said, type ToldLog } from './told-story.ts'

const CLUSTER = { profile: 'edh-26', cluster: 'edh-lab' }
const ANN_ID = '0c5e7f11-0000-4000-8000-000000000001'
const NAMELESS = { profile: 'host', cluster: '' }

const made = (session: string, owner: string): Said => ({
  rule: 'milestone-dcv-session-made',
  message: `Session '${session}' (owner: ${owner}, type: virtual) created`,
  captures: { session, owner },
})

/** Desktops that are well by what their bootstraps say. */
const desktops: ToldLog[] = [
  { owner: 'ann', session: 'cad', session_uuid: ANN_ID, host: 'ip-10-0-0-8' },
  { owner: 'bob', session: 'cfd', session_uuid: '0c5e7f11-0000-4000-8000-000000000002', host: 'ip-10-0-0-9' },
].map((own) =>
  log('setup-post-reboot', ['milestone-reboot-done', 'milestone-node-ready'], {
    ...{ ...CLUSTER, ...own, minutes: [0, 5] },
  }),
)

const short = (logs: readonly ToldLog[]) =>
  diagnosed(logs).map(({ session, status, verdict }) => [session, status, verdict?.rule_id].join(' ').trim())

describe('logs of a machine without a name', () => {
  const server = (...said: Said[]) =>
    log('dcv-server', [...said, 'xdcv-crashed'], {
      ...NAMELESS,
      minutes: [...said.map((_, i) => 20 + i), 40],
    })

  test('are of the desktop whose session DCV made there', () => {
    expect(short([...desktops, server(made(ANN_ID, 'ann'))])).toEqual([
      'ann/cad failed xdcv-crashed',
      'bob/cfd ready',
    ])
  })

  test('are of the desktop of the one for whom DCV made a session there', () => {
    expect(short([...desktops, server(made('console', 'LAB\\Bob'))])).toEqual([
      'ann/cad ready',
      'bob/cfd failed xdcv-crashed',
    ])
  })

  test('are not of the only desktop with logs where they name another, which only the portal knows', () => {
    const folder = (owner: string): Said => ({
      rule: 'milestone-log-folder-made',
      message: `+ mkdir -p /apps/soca/soca-lab/logs/desktop/${owner}/sim/ip-10-0-0-7`,
      captures: { user: owner, session: 'sim' },
    })
    const of = (owner: string) =>
      log('cloud-init-output', ['nfs-access-denied', folder(owner)], { ...NAMELESS, minutes: [20, 21] })
    expect(short([...desktops.slice(0, 1), of('zoe')])).toEqual([
      'ann/cad ready',
      expect.stringMatching(/^zoe\/sim failed nfs-access-denied/),
    ])
  })

  test('are of the desktop whose address they log, as Windows does', () => {
    const named: Said = {
      rule: 'host-address-named',
      message: 'web-url-path : /ip-10-0-0-7',
      captures: { host: 'ip-10-0-0-7' },
    }
    const windows = log('win-userdata', [named, 'win-local-user-failed'], { ...NAMELESS, minutes: [20, 21] })
    const asked: Said = {
      rule: 'milestone-launch-requested',
      message: "{'session_name': 'win'}, user zoe",
      captures: { os: 'windows' },
    }
    const checked: Said = {
      rule: 'watch-no-rule',
      message: 'stack soca-lab-win-zoe is at https://lb/ip-10-0-0-7/',
      captures: { host: 'ip-10-0-0-7' },
    }
    const portal = log('web-ui', [asked, checked], {
      profile: 'soca-24',
      cluster: 'soca-lab',
      minutes: [10, 30],
    })
    expect(short([windows])).toEqual(['ip-10-0-0-7 failed win-local-user-failed'])
    expect(short([...desktops, windows, portal])).toContain('zoe/win failed win-local-user-failed')
  })

  test('are of the desktop of the only user whom they name, if DCV made no session there', () => {
    const messages = (...users: string[]) =>
      log(
        'messages',
        users.map((user) => ({ rule: 'user-unknown', message: `su: user ${user}`, captures: { user } })),
        { ...NAMELESS, minutes: users.map((_, i) => 20 + i) },
      )
    expect(short([...desktops, messages('bob', 'bob')])).toContain('bob/cfd failed user-unknown')
    expect(short([...desktops, messages('bob', 'ann')])).toEqual(
      expect.arrayContaining(['ann/cad ready', 'bob/cfd ready']),
    )
  })

  test('are of the desktop whose session they name, if they do not tell that it was made', () => {
    const named = (session: string): Said => ({
      rule: 'session-outputs-timeout',
      message: `Session '${session}': Failed while waiting for outputs`,
      captures: { session },
    })
    expect(short([...desktops, server(named(ANN_ID))])).toContain('ann/cad failed session-outputs-timeout')
    expect(short([...desktops, server(named('console'))])).toEqual(
      expect.arrayContaining(['ann/cad ready', 'bob/cfd ready']),
    )
  })

  test('are of neither where sessions of both were made there', () => {
    const both = server(made('console', 'ann'), made('console', 'bob'))
    expect(short([...desktops, both])).toEqual(expect.arrayContaining(['ann/cad ready', 'bob/cfd ready']))
  })
})

describe('a session that ended after it was made', () => {
  const ended = (...later: ToldLog[]) => [
    log(
      'dcv-server',
      [
        'milestone-session-constructed',
        'session-home-denied',
        'dcv-session-ended',
        {
          rule: 'dcv-unknown-session',
          message: `unknown session '${ANN_ID}'`,
          captures: { session: ANN_ID },
        },
      ],
      { profile: 'host', cluster: '', host: 'ip-10-0-0-8', minutes: [10, 11, 12, 15] },
    ),
    ...later,
  ]
  const seen = (rule: string) =>
    log('web-ui', [{ rule, message: 'ip-10-0-0-8 is there' }], { ...CLUSTER, minutes: [30] })

  test('is not there again because the portal sees the server of its desktop', () => {
    const [ann] = diagnosed([...desktops, ...ended(seen('milestone-portal-sees-desktop'))])
    expect(ann).toMatchObject({ status: 'failed', verdict: { rule_id: 'session-home-denied' } })
    expect(ann?.phases.filter(({ state }) => state === 'failed').map(({ phase }) => phase)).toEqual([
      'session',
      'connect',
    ])
    expect(ann?.consequences.map(({ rule_id }) => rule_id)).toContain('dcv-unknown-session')
  })

  test('is there again when somebody logged in', () => {
    expect(short([...desktops, ...ended(seen('milestone-login-done'))])).toContain('ann/cad ready')
  })
})

test.each(['/C:/ProgramData/NICE/dcv/log', 'c/programdata/nice/dcv/log'])('%s is of Windows', (folder) => {
  const { facts } = log('dcv-server', [], NAMELESS)
  expect(isOfWindows({ ...facts, file: `${folder}/server.log` })).toBe(true)
})
