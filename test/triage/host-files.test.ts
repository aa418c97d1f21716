import { describe, expect, test } from 'vitest'
import { ANN, BOB, desktop, HOST, short } from './told-desktop.ts'
import { diagnosed, log, type Said } from './told-story.ts'

describe('what a file of the host says', () => {
  test('of a key of AWS is no failure of the launch', () => {
    const setup: Said[] = ['milestone-setup-begin', 'milestone-identity-begin', 'aws-kms-refused']
    expect(short([log('compute-node', setup, { ...ANN, end: 20 })])).toEqual([
      'ann/cad failed identity aws-kms-refused',
    ])
  })

  test('of a user program that was killed does not break the desktop, of its screen does', () => {
    const messages = (rule: string) =>
      log('messages', [rule], { profile: 'host', cluster: '', host: ANN.host, minutes: [300] })
    expect(short([...desktop(ANN), messages('memory-program-killed')])).toEqual(['ann/cad ready'])
    expect(short([...desktop(ANN), messages('memory-exhausted')])).toEqual([
      'ann/cad failed session memory-exhausted',
    ])
  })

  test('is of that host, though a file of another host has the same path', () => {
    const on = (host: string, ...said: Said[]) => {
      const told = log('messages', said, { ...HOST, host, minutes: said.map((_, index) => 300 + index) })
      const file = '/var/log/messages'
      return { facts: { ...told.facts, file }, events: told.events.map((event) => ({ ...event, file })) }
    }
    const logs = [on(ANN.host, 'memory-exhausted'), on(BOB.host, 'host-module-missing')]
    expect(short([...desktop(ANN), ...desktop(BOB), ...logs])).toEqual([
      'ann/cad failed session memory-exhausted',
      'bob/cfd ready',
    ])
  })

  test('is of the same attempt if it was copied into the folder of the desktop, though only its name has the id', () => {
    const session_uuid = '0c5e7f11-0000-4000-8000-00000000000a'
    const told = log('xdcv', ['conda-dbus-refused'], { ...ANN, session_uuid, minutes: [60] })
    const folder = `/apps/soca/soca-lab/cluster_node_bootstrap/logs/desktop/ann/cad/${ANN.host}`
    const file = `${folder}/var/log/dcv/dcv-xsession.ann.${session_uuid}.log`
    const copied = {
      facts: { ...told.facts, file },
      events: told.events.map((event) => ({ ...event, file })),
    }
    expect(short([...desktop(ANN), copied])).toEqual(['ann/cad failed session conda-dbus-refused'])
  })

  test('was not launched when another user asked for one of the same name', () => {
    const asked = {
      rule: 'milestone-launch-requested',
      message: "Received parameter for new Linux DCV session: {'session_name': 'cad'}",
    }
    const portal = log('web-ui', [asked, asked], { minutes: [-150, 1] })
    const [one] = diagnosed([...desktop(ANN), portal])
    expect(one?.phases[0]).toMatchObject({ phase: 'launch', start: '2026-05-04T10:01:00.000Z' })
  })

  test('of a server of files that hangs is why the portal finds the session broken, but not if it came back', () => {
    const host = (...said: Said[]) =>
      log('messages', said, {
        profile: 'host',
        cluster: '',
        host: ANN.host,
        minutes: said.map((_, index) => 300 + index),
      })
    const watcher = log(
      'state-watcher',
      [{ rule: 'watch-session-error', message: 'DCV Session not running properly, ip-10-0-0-1' }],
      { cluster: 'soca-lab', minutes: [320] },
    )
    expect(short([...desktop(ANN), host('nfs-server-silent'), watcher])).toEqual([
      'ann/cad failed session nfs-server-silent',
    ])
    expect(short([...desktop(ANN), host('nfs-server-silent', 'nfs-server-back'), watcher])).toEqual([
      'ann/cad failed session watch-session-error',
    ])
  })
})

test('what the system log tells of the setup is of its step, not of one that also looks into that log', () => {
  const messages = log('messages', ['host-cloud-init-cycle'], { ...HOST, host: ANN.host, minutes: [1] })
  expect(short([messages])).toEqual([`${ANN.host} failed user-data host-cloud-init-cycle`])
})

test('a Windows desktop up to 25.1 is ready with the last line of its script', () => {
  const said: Said[] = [
    'milestone-win-setup-begin',
    'milestone-win-identity-done',
    'milestone-win-session-begin',
    'milestone-win-script-ended',
  ]
  const soca = log('win-userdata-soca', said, { host: 'ip-10-0-0-9', minutes: [1, 2, 3, 4] })
  expect(short([soca])).toEqual(['ip-10-0-0-9 ready'])
})

test('a Windows desktop whose script does not end is stalled where it hangs, though its session is set up', () => {
  const said: Said[] = [
    'milestone-win-setup-begin',
    'milestone-win-session-begin',
    'milestone-win-auto-logon',
    'milestone-win-tagging',
  ]
  const script = (...more: Said[]) =>
    log('win-userdata-soca', [...said, ...more], { host: 'ip-10-0-0-9', minutes: [1, 2, 3, 4, 5] })
  expect(short([script()])).toEqual(['ip-10-0-0-9 stalled setup absence-win-tagging-end'])
  expect(short([script('milestone-win-script-ended')])).toEqual(['ip-10-0-0-9 ready'])
})

test('a full disk that only the installer of DCV tells of belongs to its step', () => {
  const installer = log('win-dcv-msi', ['win-disk-full', 'win-msi-failed'], { host: 'ip-10-0-0-9' })
  const script = log('win-bootstrap', ['milestone-win-setup-done', 'milestone-win-dcv-begin'], {
    ...{ host: 'ip-10-0-0-9', minutes: [1, 2] },
  })
  expect(short([script, installer])).toEqual(['ip-10-0-0-9 failed dcv-install win-disk-full'])
})

test('a Windows desktop that does not come back after its restart is told by that, not by a driver without an end', () => {
  const said: Said[] = ['milestone-win-user-data-begin', 'milestone-gpu-begin', 'milestone-win-setup-done']
  const logs = (...more: Said[]) => [
    log('win-bootstrap', [...said, ...more], { host: 'ip-10-0-0-9', minutes: [1, 2, 3, 4, 9] }),
  ]
  expect(short(logs('milestone-win-reboot-begin'))).toEqual([
    'ip-10-0-0-9 stalled reboot absence-win-after-restart',
  ])
  expect(short(logs('milestone-win-reboot-begin', 'milestone-win-session-done'))).toEqual([
    'ip-10-0-0-9 ready',
  ])
})

test('why its stack failed is told right after its name, and is the cause', () => {
  const place = { profile: 'edh-26', cluster: 'edh-lab' }
  const told = (minutes: readonly number[]) =>
    log(
      'state-watcher',
      [
        {
          rule: 'watch-stack-failed',
          message: 'CloudFormation Stack edh-lab-cad-ann status: ROLLBACK_COMPLETE',
        },
        { rule: 'aws-kms-refused', message: 'Stack reason: Client.InvalidKMSKey.InvalidState' },
      ],
      { ...place, minutes },
    )
  const asked: Said = {
    rule: 'milestone-launch-requested',
    message: 'Creating CloudFormation stack edh-lab-cad-ann',
  }
  const web = log('web-ui', [asked], { ...place, minutes: [0] })
  expect(short([web, told([1, 1.001])])).toEqual(['ann/cad failed launch aws-kms-refused'])
  expect(short([web, told([1, 2])])).toEqual(['ann/cad failed launch watch-stack-failed'])
})

test('a desktop that has its instance and writes nothing misses what comes next', () => {
  const created: Said = {
    rule: 'milestone-stack-created',
    message:
      'Stack edh-lab-cad-ann created successfully for session_uuid=0c5e7f11-0000-4000-8000-000000000001',
  }
  const found: Said = {
    rule: 'milestone-instance-found',
    message:
      'Found EC2 instance i-0c4f5a6b7d8e9f012 (ip-10-0-0-1) for _session.id=3 stack_name=edh-lab-cad-ann',
    captures: { found: 'i-0c4f5a6b7d8e9f012', address: 'ip-10-0-0-1' },
  }
  const place = { profile: 'edh-26', cluster: 'edh-lab' }
  const web = log('web-ui', [created], { ...place, minutes: [1] })
  const watcher = log('state-watcher', [found], { ...place, minutes: [2] })
  expect(short([web])).toEqual(['ann/cad stalled launch absence-desktop-running'])
  expect(short([web, watcher])).toEqual(['ann/cad stalled user-data absence-desktop-running'])
  // Where the logs of another desktop were read, its own would have been, too.
  const other = log('setup', ['milestone-setup-begin', 'milestone-setup-done'], {
    ...{ ...place, owner: 'bob', session: 'cfd', host: 'ip-10-0-0-9', minutes: [3, 6] },
  })
  expect(short([web, watcher, other])).toContain('ann/cad stalled user-data absence-log-folder')
  const host = log('cloud-init-output', ['nfs-timeout'], { ...HOST, host: 'ip-10-0-0-1', minutes: [4] })
  expect(short([web, watcher, host])).toEqual(['ann/cad failed mount nfs-timeout'])
})

test('a desktop is known by the name in the words of its bootstrap, where no path tells it', () => {
  const uuid = '0c5e7f11-0000-4000-8000-000000000009'
  const captures = { cluster: 'edh-lab', owner: 'ann', desktop: 'Office', uuid }
  const said: Said[] = [
    { rule: 'host-desktop-named', message: `s3://lab/dcv_node/ann/Office/${uuid}/`, captures },
    'win-domain-join-failed',
  ]
  const [one] = diagnosed([log('win-bootstrap', said, { ...HOST, minutes: [1, 2] })])
  expect(one).toMatchObject({
    session: 'ann/Office',
    cluster: 'edh-lab',
    session_uuid: uuid,
    status: 'failed',
  })
})

test('the logs of a single Windows host are of the single desktop of that system that was asked for', () => {
  const asked = (os: string, name: string) =>
    log(
      'web-ui',
      [
        {
          rule: 'milestone-launch-requested',
          message: `{'session_name': '${name}', 'user': 'ann'}`,
          captures: { os },
        },
      ],
      { minutes: [1] },
    )
  const host = log('win-userdata', ['milestone-win-user-data-begin', 'win-script-syntax'], {
    ...{ profile: 'host', cluster: '', minutes: [5, 6] },
  })
  expect(short([asked('Windows', 'cad'), host])).toEqual(['ann/cad failed user-data win-script-syntax'])
  expect(short([asked('Linux', 'cad'), host])).toHaveLength(2)
  expect(short([asked('Windows', 'cad'), asked('Windows', 'cfd'), host])).toHaveLength(3)
})

test('a desktop that the portal could not launch is known by the name in its last words', () => {
  const web = log(
    'web-ui',
    [
      { rule: 'milestone-launch-requested', message: 'session_name=cad instance_type=p5 owner=ann' },
      { rule: 'api-insufficient-capacity', message: 'Unable to Launch Desktop cad because of no capacity' },
    ],
    { cluster: 'edh-lab', profile: 'edh-26', minutes: [1, 2] },
  )
  expect(short([web])).toEqual(['ann/cad failed launch api-insufficient-capacity'])
})

test('a launch whose request is not understood is of nobody who is known, by the name in its refusal', () => {
  const refused = (text: string) => {
    const said = [{ rule: 'api-insufficient-capacity', message: `Unable to Launch Desktop ${text}` }]
    return short([log('web-ui', said, { cluster: 'edh-lab', profile: 'edh-26', minutes: [2] })])
  }
  expect(refused('cad due to An error occurred')).toEqual(['?/cad failed launch api-insufficient-capacity'])
  expect(refused('because of no capacity')).toEqual([])
})

test('a refusal without a name is of the desktop that was asked for right before it', () => {
  const asked = { rule: 'milestone-launch-requested', message: 'virtual desktop: session_name=cad user=ann' }
  const refused = { rule: 'api-vcpu-limit', message: 'Dry run failed' }
  const at = (minute: number) => log('web-ui', [asked, refused], { minutes: [1, minute] })
  expect(short([at(1.5)])).toEqual(['ann/cad failed launch api-vcpu-limit'])
  expect(short([at(9)])[0]).not.toContain('api-vcpu-limit')
})

test('a refused launch is of the desktop whose stack was planned, though the log begins after the request', () => {
  const said: Said[] = [
    {
      rule: 'milestone-stack-planned',
      message: 'Requesting ODCR for p4d.24xlarge, capacity_reservation_name=soca-lab-cad-bob',
    },
    { rule: 'api-insufficient-capacity', message: 'Unable to find available capacity in all subnets' },
  ]
  const portal = log('web-ui', said, { cluster: 'soca-lab', minutes: [300, 300.1] })
  expect(short([portal])).toEqual(['bob/cad failed launch api-insufficient-capacity'])
})

test('a refused launch is of the user whose stack was planned, though another has a desktop of that name', () => {
  const said: Said[] = [
    { rule: 'milestone-launch-requested', message: "new DCV session request: {'session_name': 'cad'}" },
    {
      rule: 'milestone-stack-planned',
      message: "VDI will be provisioned by _stack_name='soca-lab-cad-bob'",
    },
    { rule: 'ec2-subnet-full', message: 'There are not enough free addresses in subnet' },
  ]
  // Two threads write: the second line is a moment older than the first.
  const portal = log('web-ui', said, { cluster: 'soca-lab', minutes: [300, 299.99, 300.1] })
  expect(short([...desktop(ANN), portal])).toEqual(['ann/cad ready', 'bob/cad failed launch ec2-subnet-full'])
})

test('what a host wrote before and beside its bootstrap is of one desktop, unless the two name different ones', () => {
  const captures = (desktop: string) => ({ owner: 'ann', desktop })
  const named = (name: string): Said => ({
    rule: 'host-desktop-named',
    message: `s3://lab/dcv_node/ann/${name}/`,
    captures: captures(name),
  })
  const at = (file: string, said: readonly Said[], source: string) => {
    const told = log(source, said, { ...HOST, minutes: said.map((_, index) => index) })
    return { facts: { ...told.facts, file }, events: told.events.map((event) => ({ ...event, file })) }
  }
  const early = at(
    '/root/soca_bootstrap_i-0a0000001/logs/install_required_packages.sh.log',
    [named('fem'), 'packages-gave-up'],
    'install-packages',
  )
  const output = (name: string) =>
    at('/var/log/cloud-init-output.log', [named(name), 'cloudinit-module-failed'], 'cloud-init-output')
  expect(short([...desktop(BOB), early, output('fem')])).toEqual([
    'ann/fem failed setup packages-gave-up',
    'bob/cfd ready',
  ])
  expect(short([...desktop(BOB), early, output('cad')])).toHaveLength(3)
})
