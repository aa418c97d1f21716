import { describe, expect, test } from 'vitest'
import { diagnosed, log, type Said, type ToldLog } from './told-story.ts'

const CLUSTER = { profile: 'soca-2', cluster: 'soca-lab' }
const JENS = 'ip-10-0-2-33'
const INSTANCE = 'i-03bde6c531a8e0a05'

const requested = (user: string, session: string, os: string): Said => ({
  rule: 'milestone-launch-requested',
  message: `Received parameter for new ${os} DCV session: {'session_name': '${session}', 'user': '${user}'}`,
  captures: { session, user, os },
})
const listed = (user: string, os: string): Said => ({
  rule: 'milestone-desktops-listed',
  message: `Checking ${os} desktops for ${user}`,
  captures: { user, os },
})
const runs = (host: string, instance: string): Said => ({
  rule: 'milestone-instance-running',
  message: `Host Info {'private_dns': '${host}', 'instance_id': '${instance}', 'status': 'running'}`,
  captures: { host, instance },
})
const answers = (host: string): Said => ({
  rule: 'milestone-portal-sees-desktop',
  message: `Checking https://viewer/${host}/ for <WindowsDCVSessions 47> and received status 200`,
  captures: { host },
})
const short = (logs: readonly ToldLog[]) =>
  diagnosed(logs).map(({ session, host, status }) => [session, host, status].join(' '))
const portal = (said: readonly Said[], minutes: readonly number[]) =>
  short([log('web-ui', said, { ...CLUSTER, minutes })])

describe('what the portal of SOCA 2 lists of a user', () => {
  test('gives the machine of a desktop that writes no logs', () => {
    const told = [
      requested('jens', 'win', 'Windows'),
      listed('jens', 'windows'),
      runs(JENS, INSTANCE),
      answers(JENS),
    ]
    expect(portal(told, [0, 5, 5.001, 5.002])).toEqual([`jens/win ${JENS} ready`])
  })

  test('is read whatever case the system is written in', () => {
    const told = [requested('jens', 'win', 'Windows'), listed('jens', 'Windows'), runs(JENS, INSTANCE)]
    expect(portal(told, [0, 5, 5.001])).toEqual([`jens/win ${JENS} stalled`])
  })

  test('gives none where two desktops wait for theirs, or the system is another', () => {
    const two = [
      requested('jens', 'win', 'Windows'),
      requested('jens', 'two', 'Windows'),
      listed('jens', 'windows'),
      runs(JENS, INSTANCE),
      answers(JENS),
    ]
    expect(portal(two, [0, 1, 5, 5.001, 5.002])).toEqual(['jens/two  stalled', 'jens/win  stalled'])
    const other = [requested('jens', 'win', 'Windows'), listed('jens', 'linux'), runs(JENS, INSTANCE)]
    expect(portal(other, [0, 5, 5.001])).toEqual(['jens/win  stalled'])
  })

  test('gives it to the desktop that was not refused', () => {
    const refused = (session: string): Said => ({
      rule: 'api-stack-name-invalid',
      message: `Error while trying to provision soca-lab-${session}-jens due to An error occurred (ValidationError)`,
      captures: { session, user: 'jens' },
    })
    const told = [
      requested('jens', 'my_win', 'Windows'),
      refused('my_win'),
      requested('jens', 'win', 'Windows'),
    ]
    expect(
      portal(
        [...told, listed('jens', 'windows'), runs(JENS, INSTANCE), answers(JENS)],
        [0, 0.1, 3, 5, 5.001, 5.002],
      ),
    ).toEqual([`jens/my_win  failed`, `jens/win ${JENS} ready`])
  })

  test('counts for what follows at once, and for machines that no other desktop has', () => {
    const late = [requested('jens', 'win', 'Windows'), listed('jens', 'windows'), runs(JENS, INSTANCE)]
    expect(portal(late, [0, 5, 7])).toEqual(['jens/win  stalled'])
    const ofAnn = log('compute-node', ['milestone-user-data-begin'], {
      ...{ ...CLUSTER, owner: 'ann', session: 'cad', host: JENS, minutes: [0] },
    })
    const taken = log('web-ui', late, { ...CLUSTER, minutes: [0, 5, 5.001] })
    expect(short([ofAnn, taken])).toContain('jens/win  stalled')
  })
})

test('a desktop that never wrote is stalled, however often the portal lists it', () => {
  const lists = Array.from({ length: 40 }, () => [listed('jens', 'linux'), runs(JENS, INSTANCE)]).flat()
  const minutes = lists.map((_, i) => 5 + 2 * Math.floor(i / 2) + (i % 2) / 1000)
  const logs = [
    log('web-ui', [requested('jens', 'cad', 'Linux'), ...lists], { ...CLUSTER, minutes: [0, ...minutes] }),
  ]
  const standsAt = (minute: number) => diagnosed(logs, minute).map(({ host, status }) => `${host} ${status}`)
  expect(standsAt(85)).toEqual([`${JENS} stalled`])
  expect(standsAt(6)).toEqual([`${JENS} in_progress`])
})

describe('logs of a machine that no path gives to a desktop', () => {
  const uuid = '9218256a-9307-4e58-8b6a-b93a035d3a21'
  const ofHost = (instance: string) =>
    log(
      'cloud-init-output',
      [{ rule: 'host-instance-named', message: instance, captures: { instance } }, 'nfs-timeout'],
      {
        ...{ profile: 'host', cluster: '', host: JENS, minutes: [3, 4] },
      },
    )
  const asked: Said = {
    rule: 'milestone-launch-requested',
    message: `Creating CloudFormation stack edh-lab-cad-ann, session_uuid ${uuid}`,
  }
  const seen = (words: string): Said => ({ rule: 'watch-no-answer-yet', message: words })
  const joined = (...said: readonly Said[]) =>
    short([
      ofHost(INSTANCE),
      log('web-ui', [asked, ...said], { profile: 'edh-26', cluster: 'edh-lab', minutes: [0, 6, 7] }),
    ])

  test('are of the desktop that the portal names together with its instance', () => {
    const both = [`ann/cad ${JENS} failed`]
    expect(joined(seen(`Stack edh-lab-cad-ann has ${INSTANCE}`))).toEqual(both)
    const row = '_session.id=81'
    expect(joined(seen(`${row} session_uuid='${uuid}'`), seen(`${row} is on ${INSTANCE}`))).toEqual(both)
  })

  test('are of the last desktop that had the machine, and of none if it came up much later', () => {
    const listedOn = (user: string, minutes: readonly number[], host = JENS) =>
      log('web-ui', [requested(user, 'cad', 'Linux'), listed(user, 'linux'), runs(host, INSTANCE)], {
        ...{ ...CLUSTER, minutes, session: user },
      })
    const machine = log('messages', ['nfs-timeout'], { profile: 'host', host: JENS, minutes: [1003] })
    const [early, late] = [listedOn('zoe', [0, 5, 5.001]), listedOn('ann', [1000, 1005, 1005.001])]
    expect(short([machine, early])).toEqual([`${JENS} ${JENS} failed`, `zoe/cad  stalled`])
    expect(short([machine, early, late])).toEqual([`ann/cad ${JENS} failed`, `zoe/cad  stalled`])
  })

  test('are its own whatever the zone of its clock, and where nothing of them has a time', () => {
    const told = [requested('zoe', 'cad', 'Linux'), listed('zoe', 'linux'), runs(JENS, INSTANCE)]
    const web = log('web-ui', told, { ...CLUSTER, minutes: [200, 205, 205.001] })
    for (const minutes of [
      [80, 83],
      [320, 323],
    ]) {
      const machine = log('messages', ['nfs-timeout', 'nfs-timeout'], {
        profile: 'host',
        host: JENS,
        minutes,
      })
      expect(short([machine, web])).toEqual([`zoe/cad ${JENS} failed`])
    }
    const copied = log('cloud-init-output', ['nfs-timeout'], { profile: 'host', host: JENS, end: 5000 })
    expect(short([copied, web])).toEqual([`zoe/cad ${JENS} failed`])
  })

  test('are of the only desktop that waits for one, though the portal lists no user', () => {
    const machine = (minutes: readonly number[]) =>
      log('messages', ['nfs-timeout'], { profile: 'host', host: JENS, minutes })
    const web = (...users: readonly string[]) =>
      log('web-ui', [...users.map((user) => requested(user, 'cad', 'Linux')), runs(JENS, INSTANCE)], {
        ...{ ...CLUSTER, minutes: [...users.keys(), 8] },
      })
    expect(short([machine([3]), web('zoe')])).toEqual([`zoe/cad ${JENS} failed`])
    expect(short([machine([3]), web('zoe', 'ann')])).toContain(`${JENS} ${JENS} failed`)
    expect(short([machine([-30]), web('zoe')])).toContain(`${JENS} ${JENS} failed`)
  })

  test('are not of a desktop that had come up before another one was asked for', () => {
    const boot: Said = {
      rule: 'milestone-user-data-begin',
      message:
        "Cloud-init v. 19.3-46 running 'modules:final' at Mon, 04 May 2026 15:00:00 +0000. Up 31.40 seconds.",
    }
    const anns = log('compute-node', ['milestone-setup-begin', 'milestone-session-created'], {
      ...{ ...CLUSTER, owner: 'ann', session: 'cad', host: 'ip-10-0-0-9', end: 30 },
    })
    const output = log('cloud-init-output', [boot, 'nfs-timeout'], { profile: 'host', end: 320 })
    const web = (minute: number) =>
      log('web-ui', [requested('zoe', 'sim', 'Linux')], { ...CLUSTER, minutes: [minute] })
    expect(short([anns, output, web(297)]).toSorted()[0]).toMatch(/^ann\/cad ip-10-0-0-9 (?!failed)/)
    expect(short([anns, output, web(297)])).toContainEqual(expect.stringMatching(/^zoe\/sim .*failed$/))
    expect(short([anns, output, web(10)])).toContain('ann/cad ip-10-0-0-9 failed')
  })

  test('are not of a desktop whose first line came long after, when another one had just been asked for', () => {
    const boot: Said = {
      rule: 'milestone-user-data-begin',
      message:
        "Cloud-init v. 19.3-46 running 'modules:final' at Mon, 04 May 2026 10:00:00 +0000. Up 31.40 seconds.",
    }
    const output = log('cloud-init-output', [boot, 'nfs-timeout'], { profile: 'host', end: 20 })
    const web = log('web-ui', [requested('zoe', 'sim', 'Linux')], { ...CLUSTER, minutes: [-2] })
    const anns = (minute: number) =>
      log('setup', ['milestone-setup-begin'], {
        ...{ ...CLUSTER, owner: 'ann', session: 'cad', host: 'ip-10-0-0-9', minutes: [minute] },
      })
    expect(short([anns(300), output, web])).not.toContain('ann/cad ip-10-0-0-9 failed')
    expect(short([anns(6), output, web])).toContain('ann/cad ip-10-0-0-9 failed')
  })

  test('are its own however much they tell', () => {
    const told = [requested('zoe', 'cad', 'Linux'), listed('zoe', 'linux'), runs(JENS, INSTANCE)]
    const web = log('web-ui', told, { ...CLUSTER, minutes: [200, 205, 205.001] })
    const said = Array.from({ length: 150_000 }, () => 'nfs-timeout')
    const much = log('messages', said, {
      profile: 'host',
      host: JENS,
      minutes: said.map((_, i) => 204 + i / 1e4),
    })
    expect(short([much, web])).toEqual([`zoe/cad ${JENS} failed`])
  })

  test('are never those of the controller', () => {
    const controller = 'ip-10-0-0-5'
    const own = log('messages', ['memory-oom-killer'], {
      profile: 'host',
      host: controller,
      minutes: [-500, 1],
    })
    const unreachable = seen(`Unable to reach 10.0.0.5 for stack edh-lab-cad-ann on ${INSTANCE}`)
    const told = log('web-ui', [asked, unreachable, unreachable], {
      ...{ profile: 'edh-26', cluster: 'edh-lab', host: controller, minutes: [0, 5, 6] },
    })
    expect(short([own, told])).toContain('ann/cad  stalled')
  })

  test('stay those of a host where only its address is named beside a desktop', () => {
    const apart = [`ann/cad  stalled`, `${JENS} ${JENS} failed`]
    expect(joined(seen('Stack edh-lab-cad-ann was asked for from 10.0.2.33'))).toEqual(apart)
    expect(joined(seen('Stack edh-lab-cad-ann has i-0aaaaaaaaaaaaaaa0'))).toEqual(apart)
  })
})

describe('what the portal says of a launch', () => {
  const refused = (message: string): Said => ({ rule: 'api-vcpu-limit', message })

  test('is of the desktop that was asked for last, unless it names another user', () => {
    const own = refused('An error occurred (VcpuLimitExceeded) when calling the RunInstances operation')
    const others = refused('Unable to dry run for user pgomez: An error occurred (VcpuLimitExceeded)')
    expect(portal([requested('jens', 'win', 'Windows'), own], [0, 0.1])).toEqual(['jens/win  failed'])
    expect(portal([requested('jens', 'win', 'Windows'), others], [0, 0.1])).toEqual(['jens/win  stalled'])
  })

  test('counts no more once the host of a later launch came up', () => {
    const own = refused('Unable to Launch Desktop cad for user jens because of no capacity')
    const tries = log('web-ui', [requested('jens', 'cad', 'Linux'), own, requested('jens', 'cad', 'Linux')], {
      ...{ ...CLUSTER, minutes: [0, 0.1, 30] },
    })
    const host = log('post-reboot', ['milestone-user-data-begin', 'milestone-session-constructed'], {
      ...{ ...CLUSTER, owner: 'jens', session: 'cad', host: JENS, minutes: [33, 50] },
    })
    expect(short([tries])).toEqual(['jens/cad  failed'])
    expect(short([tries, host])).toEqual([`jens/cad ${JENS} ready`])
  })

  test('counts no more once it was asked for again, though its host writes no times', () => {
    const tries = [requested('jens', 'cad', 'Linux'), refused('Unable to Launch Desktop cad for user jens')]
    const told = (...minutes: readonly number[]) =>
      log('web-ui', [...tries, requested('jens', 'cad', 'Linux')].slice(0, minutes.length), {
        ...{ ...CLUSTER, minutes },
      })
    const host = log('compute-node', ['milestone-user-data-begin'], {
      ...{ ...CLUSTER, owner: 'jens', session: 'cad', host: JENS, end: 595 },
    })
    expect(short([told(560, 560.1, 592), host])).toEqual([`jens/cad ${JENS} in_progress`])
    expect(short([told(560, 560.1), host])).toEqual([`jens/cad ${JENS} failed`])
  })

  test('of a call to AWS does not name the machine that called', () => {
    const caller = 'arn:aws:sts::1:assumed-role/soca-lab-ControllerRole/i-0feedc0ffee012345'
    const of = (user: string): Said => ({
      rule: 'api-dry-run-failed',
      message: `Unable to Launch Desktop one for user ${user} because of Dry run failed: User: ${caller} is not authorized`,
    })
    expect(portal([of('leo'), of('mia')], [0, 60])).toEqual(['leo/one  failed', 'mia/one  failed'])
  })
})

describe('of a script that ran twice', () => {
  const run = (...said: readonly string[]) =>
    short([
      log('install-dcv', ['milestone-session-created'], {
        ...CLUSTER,
        owner: 'ann',
        session: 'cad',
        host: JENS,
        end: 20,
      }),
      log('post-reboot', said, { ...CLUSTER, owner: 'ann', session: 'cad', host: JENS, end: 21 }),
    ])

  test('the last run counts', () => {
    const [failed, done] = ['install-script-failed', 'milestone-dcv-script-done']
    expect(run(failed)).toEqual([`ann/cad ${JENS} failed`])
    expect(run(failed, done)).toEqual([`ann/cad ${JENS} ready`])
    expect(run(done, failed)).toEqual([`ann/cad ${JENS} failed`])
  })
})

test('what a stalled desktop waits for is told by its own logs before those of others', () => {
  const place = { profile: 'edh-26', cluster: 'edh-lab' }
  const stack: Said = {
    rule: 'milestone-stack-created',
    message: 'Stack edh-lab-cad-ann created successfully',
  }
  const [own] = diagnosed([
    log('web-ui', [stack], { ...place, minutes: [0] }),
    log('setup', ['milestone-setup-begin'], {
      ...place,
      owner: 'ann',
      session: 'cad',
      host: JENS,
      minutes: [5],
    }),
  ])
  expect([own?.status, own?.verdict?.phase]).toEqual(['stalled', 'setup'])
})

describe('a desktop that worked', () => {
  const own = (said: readonly Said[], minutes: readonly number[]) =>
    log('setup-post-reboot', said, {
      ...{ profile: 'edh-26', cluster: 'edh-lab', owner: 'ann', session: 'cad', host: JENS, minutes },
    })
  const up = own(['milestone-reboot-done', 'milestone-node-ready'], [0, 5])
  const said = (source: string, rule: string, minute: number) =>
    log(source, [{ rule, message: `${rule} of ${JENS}`, captures: { host: JENS } }], {
      ...{ profile: 'edh-26', cluster: 'edh-lab', minutes: [minute] },
    })

  test('is stopped by its schedule, and runs again when that starts it', () => {
    const stop = said('scheduled-tasks', 'milestone-state-stopped', 60)
    expect(short([up, stop])).toEqual([`ann/cad ${JENS} stopped`])
    expect(short([up, stop, said('state-watcher', 'milestone-instance-started', 90)])).toEqual([
      `ann/cad ${JENS} ready`,
    ])
  })

  test('is stopped, whatever the time at which its logs were copied', () => {
    const undated = log('compute-node', ['milestone-reboot-done', 'milestone-session-constructed'], {
      ...{ ...CLUSTER, owner: 'ann', session: 'cad', host: JENS, end: 500 },
    })
    const stop = log('scheduled-tasks', [{ rule: 'milestone-state-stopped', message: `stop of ${JENS}` }], {
      ...{ ...CLUSTER, minutes: [60] },
    })
    expect(short([undated, stop])).toEqual([`ann/cad ${JENS} stopped`])
  })

  test('is stopped once the load balancer lets go of its host, until that is taken in again', () => {
    const of = (rule: string): Said => ({ rule, message: `${rule} of ${JENS}`, captures: { host: JENS } })
    const alb = (...rules: readonly string[]) =>
      log('alb-manager', rules.map(of), { profile: 'edh-26', cluster: 'edh-lab', end: 90 })
    const [taken, gone] = ['milestone-alb-host-new', 'milestone-alb-host-gone']
    expect(short([up, alb(taken, gone)])).toEqual([`ann/cad ${JENS} stopped`])
    expect(short([up, alb(taken, gone, taken)])).toEqual([`ann/cad ${JENS} ready`])
    const stop = said('scheduled-tasks', 'milestone-state-stopped', 60)
    expect(short([up, stop, alb(taken)])).toEqual([`ann/cad ${JENS} stopped`])
    const broken = own(['milestone-reboot-done', 'session-create-failed'], [0, 5])
    expect(short([broken, alb(taken, gone)])).toEqual([`ann/cad ${JENS} failed`])
  })

  test('is not stopped by what an older log of the load balancer tells', () => {
    const of = (rule: string): Said => ({ rule, message: `${rule} of ${JENS}`, captures: { host: JENS } })
    const alb = (end: number, ...rules: readonly string[]) =>
      log('alb-manager', rules.map(of), { profile: 'edh-26', cluster: `edh-${end}`, end })
    const [taken, gone] = ['milestone-alb-host-new', 'milestone-alb-host-gone']
    // `dcv_alb_manager.log` sorts before `dcv_alb_manager.log.1`.
    const rotated = alb(90, taken, gone)
    const newer = alb(190, taken)
    expect(short([up, newer, rotated])).toEqual([`ann/cad ${JENS} ready`])
    const connected = said('dcv-server', 'milestone-client-connected', 100)
    expect(short([up, rotated, connected])).toEqual([`ann/cad ${JENS} ready`])
    expect(short([up, connected, alb(190, taken, gone)])).toEqual([`ann/cad ${JENS} stopped`])
  })

  test('that never worked is not stopped by its absence from the load balancer', () => {
    const stuck = own(['milestone-reboot-done'], [0])
    const stop = said('state-watcher', 'milestone-state-stopped', 60)
    const again = said('state-watcher', 'milestone-instance-started', 90)
    const gone = said('alb-manager', 'milestone-alb-host-gone', 95)
    expect(short([stuck, stop, again, gone])).toEqual([`ann/cad ${JENS} stalled`])
  })

  test('is stopped, though another has had its address since', () => {
    const gone = said('alb-manager', 'milestone-alb-host-gone', 60)
    const next = log('setup-post-reboot', ['milestone-reboot-done', 'milestone-node-ready'], {
      ...{
        profile: 'edh-26',
        cluster: 'edh-lab',
        owner: 'bob',
        session: 'two',
        host: JENS,
        minutes: [62, 65],
      },
    })
    expect(short([up, next, gone])).toEqual([`ann/cad ${JENS} stopped`, `bob/two ${JENS} ready`])
  })

  test('has failed when the portal finds its session gone, though it goes on seeing its server', () => {
    const gone = said('state-watcher', 'watch-session-error', 60)
    const seen = said('web-ui', 'milestone-portal-sees-desktop', 70)
    expect(short([up, gone, seen])).toEqual([`ann/cad ${JENS} failed`])
    const back = said('dcv-server', 'milestone-session-running', 80)
    expect(short([up, gone, seen, back])).toEqual([`ann/cad ${JENS} ready`])
  })
})

test('a refusal is of the user whose folder is taken away', () => {
  const told: Said[] = [
    { rule: 'api-insufficient-capacity', message: 'Unable to Launch Desktop big because of no capacity' },
    {
      rule: 'portal-stack-refused',
      message:
        'Stack could not be created, deleting /apps/edh/edh-lab/shared/logs/bootstrap/dcv_node/jens/big/1',
    },
  ]
  const place = { profile: 'edh-26', cluster: 'edh-lab' }
  const [one] = diagnosed([log('web-ui', told, { ...place, minutes: [0, 0.1] })])
  expect([one?.session, one?.verdict?.rule_id]).toEqual(['jens/big', 'api-insufficient-capacity'])
})

test('who looks at his desktops while another asks for one has not asked for it', () => {
  const asked = (session: string): Said => ({
    rule: 'milestone-launch-requested',
    message: `Received parameter for new Windows DCV session: {'session_name': '${session}'}`,
    captures: { os: 'Windows' },
  })
  const stack = (name: string): Said => ({
    rule: 'milestone-stack-under-way',
    message: `Host Info check_stack {'Stacks': [{'StackName': 'soca-lab-${name}', 'StackStatus': 'CREATE_IN_PROGRESS'}]}`,
  })
  const short = (said: readonly Said[], seconds: readonly number[]) =>
    diagnosed([log('web-ui', said, { ...CLUSTER, minutes: seconds.map((s) => s / 60) })]).map(
      ({ session }) => session,
    )
  const [one, two] = [asked('win'), asked('two')]
  expect(short([one, listed('ann', 'windows')], [0, 1])).toEqual(['ann/win'])
  expect(short([one, listed('carl', 'windows'), listed('ann', 'windows')], [0, 1, 2])).toEqual([])
  const both = [
    one,
    two,
    listed('ann', 'windows'),
    listed('bob', 'windows'),
    stack('win-ann'),
    stack('two-bob'),
  ]
  expect(short(both, [0, 2, 3, 4, 60, 62])).toEqual(['ann/win', 'bob/two'])
})
