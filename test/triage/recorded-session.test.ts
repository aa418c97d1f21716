import { describe, expect, test } from 'vitest'
import { NEW, short } from './told-desktop.ts'
import { diagnosed, log, type Said, type ToldLog } from './told-story.ts'

const CLUSTER = { profile: NEW.profile, cluster: NEW.cluster }
const CAD = '0c5e7f11-0000-4000-8000-00000000000a'
const CFD = '0c5e7f11-0000-4000-8000-00000000000b'

/** What the portal writes when it launches a desktop; only one of the lines names the user, another the session. */
const launch = (user: string, desktop: string, uuid: string): Said[] => [
  {
    rule: 'milestone-stack-created',
    message: `CloudFormation stack ${NEW.cluster}-${desktop}-${user} successfully created`,
  },
  {
    rule: 'milestone-desktop-recorded',
    message: `Session ${desktop} with UUID ${uuid} started successfully.`,
    captures: { desktop, session: uuid },
  },
]

/** A Windows host, of which S3 tells nothing but the id of its session. */
const host = (instance: string, uuid: string, ...said: Said[]): ToldLog =>
  log(
    'win-bootstrap',
    [
      {
        rule: 'host-desktop-named',
        message: `s3://lab/${NEW.cluster}/config/do_not_delete/bootstrap/dcv_node/${CAD.replace('a', 'e')}/${uuid}/`,
        captures: { cluster: NEW.cluster, uuid },
      },
      'milestone-win-user-data-begin',
      'milestone-win-session-done',
      ...said,
    ],
    { profile: NEW.profile, host: instance, minutes: [5, 6, 9, ...said.map(() => 10)] },
  )

/** The desktops, each with the state of its way through the load balancer. */
const balancers = (logs: readonly ToldLog[]) =>
  diagnosed(logs).map(({ session, phases }) => [
    session,
    phases.find(({ phase }) => phase === 'load-balancer')?.state,
  ])

describe('a Windows host that knows only the id of its session', () => {
  const both = log('web-ui', [...launch('ann', 'cad', CAD), ...launch('bob', 'cad', CFD)], {
    ...CLUSTER,
    minutes: [1, 1.02, 2, 2.02],
  })

  test('is of the desktop that the portal recorded with it, though another has the same name', () => {
    const hosts = [host('i-0a0000001', CAD), host('i-0b0000001', CFD, 'win-domain-join-failed')]
    expect(short([both, ...hosts])).toEqual([
      'ann/cad ready',
      'bob/cad failed identity win-domain-join-failed',
    ])
  })

  test('is of the desktop that was asked for with it, though the line that says so names no user', () => {
    const asked = (user: string, uuid: string): Said[] => [
      {
        rule: 'milestone-launch-requested',
        message: `new DCV session request: {'session_name': 'cad'}, setting up session uuid ${uuid}`,
      },
      ...launch(user, 'cad', uuid).slice(0, 1),
    ]
    const requests = log('web-ui', [...asked('ann', CAD), ...asked('bob', CFD)], {
      ...CLUSTER,
      minutes: [1, 1.1, 2, 2.1],
    })
    const hosts = [host('i-0a0000001', CAD, 'win-domain-join-failed'), host('i-0b0000001', CFD)]
    expect(short([requests, ...hosts])).toEqual([
      'ann/cad failed identity win-domain-join-failed',
      'bob/cad ready',
    ])
  })

  test('is of the user who asked next, though another has just got a desktop of that name', () => {
    const [annsStack = '', annsRecord = ''] = launch('ann', 'cad', CAD)
    const request: Said = {
      rule: 'milestone-launch-requested',
      message: `new DCV session request: {'session_name': 'cad'}, setting up session uuid ${CFD}`,
    }
    const [bobsStack = ''] = launch('bob', 'cad', CFD)
    const requests = log('web-ui', [annsStack, annsRecord, request, bobsStack], {
      ...CLUSTER,
      minutes: [1, 1.02, 1.2, 1.3],
    })
    const hosts = [host('i-0a0000001', CAD), host('i-0b0000001', CFD, 'win-domain-join-failed')]
    expect(short([requests, ...hosts])).toEqual([
      'ann/cad ready',
      'bob/cad failed identity win-domain-join-failed',
    ])
  })

  const watched = (uuid: string, user: string): Said => ({
    rule: 'portal-desktop-named',
    message: `Checking get_ec2_host_info for VDI Session 7 with tag:edh:DCVSessionUUID: ${uuid}, tag:edh:ClusterId ${NEW.cluster}, tag:edh:JobOwner ${user} and tag:edh:DCVSystem windows2022`,
  })

  test('is of the user whom a watcher names with it, where no line of the portal names one', () => {
    const [, record = ''] = launch('', 'cad', CAD)
    const portal = log('web-ui', [record], { ...CLUSTER, minutes: [1] })
    const watcher = log('state-watcher', [watched(CAD, 'ann')], { ...CLUSTER, minutes: [2] })
    const machine = host('i-0a0000001', CAD, 'win-domain-join-failed')
    expect(short([portal, watcher, machine])).toEqual(['ann/cad failed identity win-domain-join-failed'])
    expect(short([portal, machine])).toEqual(['i-0a0000001 failed identity win-domain-join-failed'])
  })

  test('has the address that the watcher found, also in logs that are read before the watcher', () => {
    const found: Said = {
      rule: 'milestone-instance-found',
      message: `New EC2 instance detected for _session.session_uuid='${CAD}', adding 'i-0a0000001', '10.0.0.7'`,
      captures: { session: CAD, instance: 'i-0a0000001', host: 'ip-10-0-0-7' },
    }
    const registered = { rule: 'milestone-alb-rule-created', message: 'Rule of ip-10-0-0-7 was created' }
    const manager = log('alb-manager', [registered], { ...CLUSTER, minutes: [12] })
    const watcher = log('state-watcher', [watched(CAD, 'ann'), found, watched(CFD, 'bob')], {
      ...CLUSTER,
      minutes: [2, 3, 4],
    })
    const records = [...launch('', 'cad', CAD).slice(1), ...launch('', 'cad', CFD).slice(1)]
    const portal = log('web-ui', records, { ...CLUSTER, minutes: [1, 1.1] })
    const hosts = [host('i-0a0000001', CAD), host('i-0b0000001', CFD)]
    expect(balancers([manager, portal, watcher, ...hosts])).toEqual([
      ['ann/cad', 'done'],
      ['bob/cad', 'missing'],
    ])
  })

  test('has the address in whose target group its instance was registered', () => {
    const registering = (instance: string, address: string): Said => ({
      rule: 'milestone-alb-registering',
      message: `Registering instance_id='${instance}' to the target group of ${address}`,
      captures: { instance, host: address },
    })
    const manager = log(
      'alb-manager',
      [
        { rule: 'milestone-alb-rule-created', message: 'Rule of ip-10-0-0-7 was created' },
        registering('i-0a0000001', 'ip-10-0-0-7'),
        registering('i-0b0000001', 'ip-10-0-0-8'),
      ],
      { ...CLUSTER, minutes: [12, 13, 14] },
    )
    const records = [...launch('', 'cad', CAD).slice(1), ...launch('', 'cad', CFD).slice(1)]
    const portal = log('web-ui', records, { ...CLUSTER, minutes: [1, 1.1] })
    const watcher = log('state-watcher', [watched(CAD, 'ann'), watched(CFD, 'bob')], {
      ...CLUSTER,
      minutes: [2, 4],
    })
    const hosts = [host('i-0a0000001', CAD), host('i-0b0000001', CFD)]
    expect(balancers([manager, portal, watcher, ...hosts])).toEqual([
      ['ann/cad', 'done'],
      ['bob/cad', 'missing'],
    ])
  })

  test('is of nobody if the portal recorded another session', () => {
    const other = host('i-0c0000001', CAD.replace('a', 'f'))
    expect(short([both, other]).map((line) => line.split(' ')[0])).toEqual([
      'ann/cad',
      'bob/cad',
      'i-0c0000001',
    ])
  })
})

test('a script that is past a failed join does not make it good; the word of Windows does', () => {
  const said = (...more: Said[]) => [
    log('win-bootstrap', ['milestone-win-identity-begin', 'win-domain-join-failed', ...more], {
      ...{ profile: NEW.profile, host: 'i-0a0000001' },
      minutes: [1, 2, ...more.map((_, at) => 3 + at)],
    }),
  ]
  const passed = ['milestone-win-identity-passed', 'milestone-win-session-done']
  expect(short(said(...passed))).toEqual(['i-0a0000001 failed identity win-domain-join-failed'])
  expect(short(said('milestone-win-identity-done', ...passed))).toEqual(['i-0a0000001 ready'])
})

test('what a script claimed before a restart after which it was to go on does not count until it did', () => {
  const said = (...more: Said[]) => [
    log(
      'win-bootstrap',
      ['milestone-win-session-done', 'milestone-reboot-planned', 'milestone-win-script-ended', ...more],
      { profile: NEW.profile, host: 'i-0a0000001', minutes: [1, 2, 3, ...more.map(() => 9)] },
    ),
  ]
  expect(short(said(), 10)).toEqual(['i-0a0000001 in_progress'])
  expect(short(said())[0]).toMatch(/^i-0a0000001 stalled reboot/)
  expect(short(said('milestone-win-reboot-done'))[0]).toMatch(/^i-0a0000001 stalled session/)
  expect(short(said('milestone-win-reboot-done', 'milestone-win-session-done'))).toEqual([
    'i-0a0000001 ready',
  ])
  const seen = { rule: 'milestone-portal-sees-desktop', message: 'i-0a0000001 answers 200' }
  const watcher = log('state-watcher', [seen], { ...CLUSTER, minutes: [30] })
  expect(short([...said(), watcher])).toEqual(['i-0a0000001 ready'])
})

test('a machine is of the desktop without logs whose session the portal names together with its address', () => {
  const messages = log('messages', ['host-emergency-mode'], {
    profile: 'host',
    cluster: '',
    host: 'ip-10-0-0-7',
    minutes: [4],
  })
  const asked: Said = {
    rule: 'milestone-launch-requested',
    message: `new DCV session request: {'session_name': 'cad'}, setting up session uuid ${CAD} for user ann`,
  }
  const found = (address: string): Said => ({
    rule: 'milestone-instance-found',
    message: `New EC2 instance detected for _session.session_uuid='${CAD}', adding _host_private_dns='${address}'`,
    captures: { session: CAD, host: address },
  })
  const told = (address: string) => [
    messages,
    log('web-ui', [asked], { ...CLUSTER, minutes: [1] }),
    log('state-watcher', [found(address)], { ...CLUSTER, minutes: [3] }),
  ]
  expect(short(told('ip-10-0-0-7'))).toEqual(['ann/cad failed user-data host-emergency-mode'])
  expect(short(told('ip-10-0-0-8'))).toHaveLength(2)
})

test('what S3 keeps of before the mount is of the one attempt on that host', () => {
  const folder = `/apps/dcv_node/ann/cad/${CAD}/${CFD}/ip-10-0-0-1`
  const at = (file: string, said: readonly Said[]): ToldLog => {
    const told = log('user-data', said, {
      ...CLUSTER,
      owner: 'ann',
      session: 'cad',
      host: 'ip-10-0-0-1',
      minutes: [1, 2],
    })
    return { facts: { ...told.facts, file }, events: told.events.map((event) => ({ ...event, file })) }
  }
  const own = at(`${folder}/03.log`, ['milestone-reboot-done', 'milestone-node-ready'])
  const copy = at('/s3/bootstrap_logs_pre_filesystem_mount/dcv_node/ann/cad/ip-10-0-0-1/01.log', [
    'milestone-user-data-begin',
    'milestone-user-data-handover',
  ])
  expect(short([own, copy])).toEqual(['ann/cad ready'])
  const again = at(`${folder.replace(CAD, CFD)}/03.log`, ['milestone-reboot-done', 'milestone-node-ready'])
  expect(short([own, again, copy])).toHaveLength(3)
})

test('logs that DCV names by a session are of the desktop whose own log creates that session', () => {
  const installed = log(
    'install-dcv',
    [
      { rule: 'milestone-session-begin', message: `dcv create-session ${CAD}`, captures: { session: CAD } },
      'milestone-session-created',
    ],
    { owner: 'ann', session: 'cad', host: 'ip-10-0-0-1', end: 9 },
  )
  const other = log('compute-node', ['milestone-setup-begin'], {
    owner: 'bob',
    session: 'cad',
    host: 'ip-10-0-0-2',
    end: 9,
  })
  const screen = log('xdcv', ['xdcv-stale-socket'], {
    ...{ profile: 'host', cluster: '', owner: 'ann', session_uuid: CAD },
    minutes: [30],
  })
  expect(short([installed, other, screen])[0]).toBe('ann/cad failed session xdcv-stale-socket')
})
