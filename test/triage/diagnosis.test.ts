import { describe, expect, test } from 'vitest'
import { ANN, BOB, desktop, HOST, NEW, REBOOTED, SETUP, short } from './told-desktop.ts'
import { diagnosed, log, type Said } from './told-story.ts'

const CLEO = { owner: 'cleo', session: 'sim', host: 'ip-10-0-0-3' }

describe('a desktop', () => {
  test('whose session was created is ready', () => {
    const [one] = diagnosed(desktop(ANN))
    expect(one).toMatchObject({
      session: 'ann/cad',
      attempt: 1,
      host: 'ip-10-0-0-1',
      status: 'ready',
      os: 'linux',
      evidence: [],
    })
    expect(one?.verdict).toBeUndefined()
  })

  test('is not ready because a script says so after a failure', () => {
    const said: Said[] = ['milestone-reboot-done', 'session-socadcv-failed', 'milestone-node-ready']
    expect(short([log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: [1, 5, 6] })])).toEqual([
      'ann/cad failed session session-socadcv-failed',
    ])
  })

  test('whose retries failed until one worked is ready', () => {
    const setup: Said[] = [
      'milestone-setup-begin',
      'milestone-identity-begin',
      'realm-permission-denied',
      'realm-join-retry',
      'milestone-identity-done',
      'milestone-reboot-begin',
    ]
    expect(short(desktop(ANN, { setup }))).toEqual(['ann/cad ready'])
  })

  test('whose log stops long after a line that only looks like a failure is stalled, not failed', () => {
    const said: Said[] = ['milestone-setup-begin', 'general-file-missing', 'milestone-identity-begin']
    expect(short([log('setup', said, { ...ANN, ...NEW, minutes: [1, 2, 3] })])).toEqual([
      expect.stringMatching(/^ann\/cad stalled identity/),
    ])
    const last = log('setup', said.slice(0, 2), { ...ANN, ...NEW, minutes: [1, 2] })
    expect(short([last])).toEqual(['ann/cad failed setup general-file-missing'])
  })

  test('that wrote errors on its way and works all the same is ready', () => {
    const rebooted: Said[] = ['milestone-reboot-done', 'unknown: metrics could not be set up', ...REBOOTED]
    expect(short(desktop(ANN, { rebooted }))).toEqual(['ann/cad ready'])
  })

  test('that broke later is not ready any more', () => {
    const host = log('xdcv', ['xdcv-crashed'], {
      profile: 'host',
      cluster: '',
      host: ANN.host,
      minutes: [300],
    })
    expect(short([...desktop(ANN), host])).toEqual(['ann/cad failed session xdcv-crashed'])
  })

  test('that a full disk broke after it was up failed where it stood, not in its setup', () => {
    const host = log('messages', ['disk-full'], { ...HOST, host: ANN.host, minutes: [300] })
    expect(short([...desktop(ANN), host])).toEqual(['ann/cad failed session disk-full'])
    const early = log('messages', ['disk-full'], { ...HOST, host: ANN.host, minutes: [1] })
    expect(short([log('compute-node', SETUP, { ...ANN, end: 20 }), early])).toEqual([
      'ann/cad failed setup disk-full',
    ])
  })

  test('to which a client came is ready, whatever failed before', () => {
    const said: Said[] = ['gnome-component-failed', 'milestone-client-connected']
    const server = log('dcv-server', said, { ...HOST, host: ANN.host, minutes: [50, 60] })
    expect(short([...desktop(ANN), server])).toEqual(['ann/cad ready'])
  })

  test('whose session was begun and has no end is not ready because its server is seen', () => {
    const said = (...more: Said[]) =>
      log('setup-post-reboot', ['milestone-reboot-done', 'milestone-session-announced', ...more], {
        ...{ ...ANN, ...NEW, minutes: [1, 5, 6] },
      })
    const seen = log(
      'state-watcher',
      [{ rule: 'milestone-portal-sees-desktop', message: `Headers response for ${NEW.session_uuid}` }],
      { profile: NEW.profile, cluster: NEW.cluster, minutes: [9] },
    )
    expect(short([said(), seen])[0]).toMatch(/^ann\/cad stalled/)
    expect(short([said('milestone-node-ready'), seen])).toEqual(['ann/cad ready'])
  })

  test('that still writes is in progress, and one that stopped in the middle is stalled', () => {
    const begun = [log('compute-node', SETUP.slice(0, 2), { ...ANN, end: 20 })]
    expect(short(begun, 25)).toEqual(['ann/cad in_progress'])
    expect(short(begun, 200)[0]).toMatch(/^ann\/cad stalled identity absence-identity-end$/)
  })

  test('that meets what makes it wait is stalled by that, and failed if something else broke it', () => {
    const silent = log('messages', ['nfs-server-silent'], { ...HOST, host: ANN.host, minutes: [6] })
    const setup = (...said: Said[]) => [
      log('compute-node', [...SETUP.slice(0, 2), ...said], { ...ANN, end: 5 }),
    ]
    expect(short([...setup(), silent], 200)).toEqual(['ann/cad stalled mount nfs-server-silent'])
    expect(short([...setup(), silent], 8)).toEqual(['ann/cad in_progress'])
    expect(short([...setup('realm-join-gave-up'), silent], 200)[0]).toMatch(/^ann\/cad failed /)
  })

  test('that hangs in a second mount is stalled there, though the first one was done', () => {
    const said = (...mounts: Said[]) =>
      short([
        log('filesystems-mount', ['milestone-mount-begin', 'milestone-mount-done', ...mounts], {
          ...{ ...ANN, ...NEW, minutes: [1, 2, 6] },
        }),
        log('setup', ['milestone-setup-begin'], { ...ANN, ...NEW, minutes: [3] }),
      ])
    expect(said('milestone-mount-begin')).toEqual(['ann/cad stalled mount absence-mount-end'])
    expect(said()[0]).toMatch(/^ann\/cad stalled setup /)
  })

  test('that stopped in the middle is stalled, though something before a step that was done looked like a failure', () => {
    const setup = (...said: Said[]) => short([log('compute-node', said, { ...ANN, end: 20 })], 600)
    const guess: Said = 'general-command-missing'
    const [begin, identity, done] = SETUP
    expect(setup(begin ?? '', guess, identity ?? '', done ?? '')[0]).toMatch(/^ann\/cad stalled /)
    expect(setup(begin ?? '', guess)).toEqual(['ann/cad failed setup general-command-missing'])
  })

  test('that waits and says so again and again is stalled by that', () => {
    const wait = Array.from({ length: 4 }, (): Said => 'package-lock-wait')
    const waiting = (...said: Said[]) =>
      short([log('compute-node', ['milestone-setup-begin', ...said], { ...ANN, end: 20 })], 200)
    expect(waiting(...wait)).toEqual(['ann/cad stalled setup package-lock-wait'])
    expect(waiting('package-lock-wait')).toEqual(['ann/cad stalled setup absence-setup-end'])
    expect(waiting(...wait, 'milestone-identity-begin')).toEqual([
      'ann/cad stalled identity absence-identity-end',
    ])
  })

  test('is not told by a try that failed before one that worked, but by the last try of what never did', () => {
    const tries = (...said: Said[]) => [
      log(
        'install-packages',
        ['milestone-packages-begin', 'dnf-metadata-failed', 'packages-retry', ...said],
        {
          ...{ ...ANN, ...NEW, end: 10 },
        },
      ),
    ]
    expect(short(tries('milestone-packages-done'), 200)[0]).toMatch(/^ann\/cad stalled setup/)
    const gaveUp = 'ann/cad failed setup dnf-metadata-failed'
    expect(short(tries('dnf-metadata-failed', 'packages-gave-up'), 200)).toEqual([gaveUp])
    const next: Said[] = ['milestone-packages-begin', 'packages-retry', 'milestone-packages-done']
    expect(short(tries('dnf-metadata-failed', ...next), 200)).toEqual([gaveUp])
  })

  test('of which nothing is known but files is unknown', () => {
    expect(short([log('compute-node', [], { ...ANN, end: 3 })])).toEqual(['ann/cad unknown'])
  })

  test('whose host was switched off after it ran is stopped, until it is up again', () => {
    const host = (...said: Said[]) =>
      log('messages', said, { ...HOST, host: ANN.host, minutes: said.map((_, index) => 300 + index) })
    expect(short([...desktop(ANN), host('milestone-host-powered-off')])).toEqual(['ann/cad stopped'])
    const again = host('milestone-host-powered-off', 'milestone-dcv-server-started')
    expect(short([...desktop(ANN), again])).toEqual(['ann/cad ready'])
    const broken = log('messages', ['milestone-host-powered-off', 'host-emergency-mode'], {
      ...{ ...HOST, host: ANN.host, minutes: [300, 360] },
    })
    expect(short([...desktop(ANN), broken])).toEqual(['ann/cad failed reboot host-emergency-mode'])
  })

  test('whose host does not boot the first time fails in its user data', () => {
    const asked = log('web-ui', ['milestone-launch-requested'], { ...ANN, minutes: [0] })
    const broken = (...said: Said[]) => log('messages', said, { ...ANN, minutes: said.map(() => 2) })
    expect(short([asked, broken('host-emergency-mode')])).toEqual([
      'ann/cad failed user-data host-emergency-mode',
    ])
    expect(short([asked, broken('host-device-missing', 'host-emergency-mode')])).toEqual([
      'ann/cad failed user-data host-device-missing',
    ])
    const launched = log(
      'web-ui',
      [
        { rule: 'milestone-launch-requested', message: "{'session_name': 'cad', 'session_owner': 'ann'}" },
        {
          rule: 'milestone-desktop-recorded',
          message: `Session cad with UUID ${NEW.session_uuid} started successfully`,
        },
      ],
      { ...NEW, session_uuid: '', minutes: [0, 1] },
    )
    const left = log('messages', ['host-cloud-init-cycle'], { ...ANN, ...NEW, minutes: [2] })
    expect(short([launched, left])).toEqual(['ann/cad failed user-data host-cloud-init-cycle'])
  })

  test('that was stopped after it ran is stopped', () => {
    const token = { message: 'for i-0c4f5a6b7d8e9f012 on ip-10-0-0-1', captures: {} }
    const watcher = log(
      'state-watcher',
      [
        { rule: 'milestone-state-running', ...token },
        { rule: 'milestone-state-stopped', ...token },
      ],
      { cluster: 'soca-lab', minutes: [60, 120] },
    )
    expect(short([...desktop(ANN), watcher])).toEqual(['ann/cad stopped'])
    const gone = { rule: 'milestone-desktop-deleted', message: 'stack soca-lab-cad-ann deleted' }
    const deleted = log('web-ui', [gone], { minutes: [121] })
    expect(short([...desktop(ANN), deleted])).toEqual(['ann/cad stopped'])
    const down = log('messages', ['session-dcvserver-failed'], { ...ANN, minutes: [119] })
    expect(short([...desktop(ANN), down, watcher])).toEqual(['ann/cad stopped'])
    expect(short([...desktop(ANN), down])).toEqual(['ann/cad failed session session-dcvserver-failed'])
  })

  test('that was deleted before its user asked for another of its name is stopped, the other is not', () => {
    const again = log('compute-node', SETUP, {
      ...ANN,
      host: 'ip-10-0-0-7',
      minutes: [1500, 1501, 1502, 1503],
    })
    const up = log('install-dcv', ['milestone-session-begin', 'milestone-session-created'], {
      ...{ ...ANN, host: 'ip-10-0-0-7', minutes: [1520, 1521] },
    })
    const gone = { rule: 'milestone-desktop-deleted', message: 'stack soca-lab-cad-ann deleted' }
    const deleted = log('web-ui', [gone], { cluster: 'soca-lab', minutes: [700] })
    const [first, second] = short([...desktop(ANN), again, up, deleted])
    expect([first, second]).toEqual(['ann/cad stopped', expect.not.stringContaining('stopped')])
  })

  test('that the watcher found stopped, alone or in a list, is stopped; the others are not', () => {
    const said = (rule: string, message: string): Said => ({ rule, message })
    const up = (row: number, host: string) =>
      said('milestone-state-running', `_session.id=${row} on ${host} to running in the database`)
    const told = (...stops: Said[]) =>
      log('state-watcher', [up(211, ANN.host), up(212, BOB.host), up(213, CLEO.host), ...stops], {
        ...{ cluster: 'soca-lab', minutes: [60, 60, 60, ...stops.map((_, at) => 120 + at / 6000)] },
      })
    const all = [ANN, BOB, CLEO].flatMap((who) => desktop(who))
    const list = '[<VirtualDesktopSessions id=211>, <VirtualDesktopSessions id=212>]'
    const listed = said('milestone-state-stopped', `Found Sessions to update state to stopped: ${list}`)
    expect(short([...all, told(listed)])).toEqual(['ann/cad stopped', 'bob/cfd stopped', 'cleo/sim ready'])
    const one = said('milestone-state-stopped', 'state of <VirtualDesktopSessions id=212> to stopped')
    expect(short([...all, told(one)])).toEqual(['ann/cad ready', 'bob/cfd stopped', 'cleo/sim ready'])
    // What names nobody after a list is not about the last one that was named before it.
    const gone = said('milestone-desktop-deleted', 'the stack was deleted')
    const unknown = said(
      'watch-no-instance-yet',
      'list <VirtualDesktopSessions 7>, <VirtualDesktopSessions 8>',
    )
    expect(short([...all, told(one, unknown, gone)])).toEqual([
      ...['ann/cad ready', 'bob/cfd stopped', 'cleo/sim ready'],
    ])
    expect(
      short([...all, told(listed, gone, said('milestone-instance-started', '<VirtualDesktopSessions 211>'))]),
    ).toEqual([...['ann/cad ready', 'bob/cfd stopped', 'cleo/sim ready']])
  })

  test('that was stopped and could not be started again failed, until it was', () => {
    const told = (...rules: string[]) =>
      log(
        'scheduled-tasks',
        ['milestone-state-stopped', ...rules].map((rule) => ({
          rule,
          message: 'i-0c4f5a6b7d8e9f012 of ip-10-0-0-1',
        })),
        { cluster: 'soca-lab', minutes: [120, ...rules.map((_, at) => 180 + 30 * at)] },
      )
    expect(short([...desktop(ANN), told('sched-start-failed')])).toEqual([
      'ann/cad failed launch sched-start-failed',
    ])
    expect(short([...desktop(ANN), told('sched-start-failed', 'milestone-instance-started')])).toEqual([
      'ann/cad ready',
    ])
  })
})

describe('attempts', () => {
  test('of one name are counted by time, each with its own verdict', () => {
    const first = desktop(
      { ...ANN, host: 'ip-10-0-0-9' },
      { installed: ['milestone-session-begin', 'session-dcvserver-not-running'] },
    )
    const later = desktop(ANN).map(({ facts, events }) => ({
      facts: { ...facts, first_ts: '2026-05-05T10:00:00.000Z', last_ts: '2026-05-05T11:00:00.000Z' },
      events: events.map((event) => ({ ...event, ts: '2026-05-05T11:00:00.000Z' })),
    }))
    expect(
      diagnosed([...later, ...first], 3000).map(({ attempt, host, status }) => [attempt, host, status]),
    ).toEqual([
      [1, 'ip-10-0-0-9', 'failed'],
      [2, 'ip-10-0-0-1', 'ready'],
    ])
  })

  test('whose logs were not read are not judged by them', () => {
    const [one] = diagnosed(desktop(ANN))
    expect(one?.not_checked.map(({ source }) => source)).toEqual([
      'web-ui',
      'cloud-init, cloud-init-output',
      'cloud-init-output',
      'alb-manager',
      'web-ui',
    ])
    expect(one?.phases.find(({ phase }) => phase === 'connect')?.state).toBe('not_checked')
  })
})

describe('a desktop that was up and that nobody gets into', () => {
  const answered = (...answers: (readonly [rule: string, minute: number])[]) =>
    log(
      'web-ui',
      answers.map(([rule]) => ({ rule, message: 'Checking https://lab/ip-10-0-0-1/ for it' })),
      { cluster: 'soca-lab', minutes: answers.map(([, minute]) => minute) },
    )
  const polls = (rule: string, ...minutes: number[]) =>
    answered(...minutes.map((minute) => [rule, minute] as const))
  const server = (asked: string, ...before: Said[]) => {
    const message = `Invalid connection request from client '10.7.1.9:40112': unknown session '${asked}'`
    const said: Said[] = [...before, { rule: 'dcv-unknown-session', message, captures: { session: asked } }]
    const minutes = said.map((_, index) => 300 + index)
    return log('dcv-server', said, { profile: 'host', cluster: '', host: ANN.host, minutes })
  }
  const created = log(
    'install-dcv',
    [{ rule: 'milestone-session-begin', message: 'create-session own-id' }],
    {
      ...ANN,
      end: 39,
    },
  )

  test('is broken if the portal finds no way to it for long', () => {
    const [one] = diagnosed([...desktop(ANN), polls('api-check-no-target', 50, 80, 115)])
    expect(one).toMatchObject({
      status: 'failed',
      verdict: { phase: 'load-balancer', rule_id: 'api-check-no-target', severity: 'error' },
    })
    expect(one?.evidence).not.toEqual([])
  })

  test('is broken then, though the time of its logs is that of their copy', () => {
    const dated = (end: number) => [
      log('post-reboot', REBOOTED, { ...ANN, end }),
      log('install-dcv', ['milestone-session-begin', 'milestone-session-created'], { ...ANN, end }),
    ]
    const refused = polls('api-check-no-target', 50, 80, 115)
    expect(short([...dated(2000), refused])).toEqual(['ann/cad failed load-balancer api-check-no-target'])
    expect(short([...dated(150), refused])).toEqual(['ann/cad ready'])
  })

  test('is ready if the portal found it later, or asks while it only comes back', () => {
    const later = answered(
      ['api-check-no-target', 50],
      ['api-check-no-target', 115],
      ['milestone-portal-sees-desktop', 120],
    )
    expect(short([...desktop(ANN), later])).toEqual(['ann/cad ready'])
    expect(short([...desktop(ANN), polls('api-check-target-down', 300, 308)])).toEqual(['ann/cad ready'])
  })

  test('is broken if it gives its own user no rights, not if it gives another one none', () => {
    const refused = (user: string) => {
      const message = `User '${user}' is not authorized in any channel`
      const said: Said[] = [{ rule: 'dcv-permission-missing', message, captures: { user } }]
      return short([...desktop(ANN), log('dcv-server', said, { ...HOST, host: ANN.host, minutes: [300] })])
    }
    expect(refused('LAB\\ann')).toEqual(['ann/cad failed connect dcv-permission-missing'])
    expect(refused('bob')).toEqual(['ann/cad ready'])
  })

  test('is broken on Windows if it did not join its domain, unless somebody got in since', () => {
    const windows = { ...ANN, ...NEW }
    const told = (rule: string, source: string) => [
      log('win-bootstrap', ['milestone-win-identity-begin', 'win-domain-join-failed'], {
        ...{ ...windows, minutes: [1, 2] },
      }),
      log(source, [rule], { ...windows, minutes: [30] }),
    ]
    expect(short(told('milestone-dcv-session-made', 'dcv-server'))).toEqual([
      'ann/cad failed identity win-domain-join-failed',
    ])
    expect(short(told('milestone-session-constructed', 'dcv-server'))).toEqual([
      'ann/cad failed identity win-domain-join-failed',
    ])
    expect(short(told('milestone-client-connected', 'dcv-server'))).toEqual(['ann/cad ready'])
  })

  test('is broken while the listener of the load balancer is gone, with all others of its cluster that nobody has reached yet', () => {
    const runs = (...rules: string[]) =>
      log('alb-manager', rules, { cluster: 'soca-lab', minutes: rules.map((_, index) => 100 + index) })
    const both = [...desktop(ANN), ...desktop(BOB)]
    expect(short([...both, runs('milestone-alb-run-done', 'alb-listener-not-found')])).toEqual([
      'ann/cad failed load-balancer alb-listener-not-found',
      'bob/cfd failed load-balancer alb-listener-not-found',
    ])
    expect(
      short([
        ...both,
        polls('milestone-portal-sees-desktop', 50),
        runs('milestone-alb-run-done', 'alb-listener-not-found'),
      ]),
    ).toEqual(['ann/cad ready', 'bob/cfd failed load-balancer alb-listener-not-found'])
    expect(short([...both, runs('alb-listener-not-found', 'milestone-alb-run-done')])).toEqual([
      'ann/cad ready',
      'bob/cfd ready',
    ])
    expect(short([...both, runs('milestone-alb-run-done', 'alb-throttled')])[0]).toBe('ann/cad ready')
  })

  test('is broken if its session is gone, for the reason that its server gives', () => {
    expect(short([...desktop(ANN), created, server('own-id')])).toEqual([
      'ann/cad failed connect dcv-unknown-session',
    ])
    expect(short([...desktop(ANN), created, server('own-id', 'session-program-ended')])).toEqual([
      'ann/cad failed session session-program-ended',
    ])
    // That the portal reaches its server says nothing of the session; that the server has it again does.
    const seen = polls('milestone-portal-sees-desktop', 400)
    expect(short([...desktop(ANN), created, server('own-id'), seen])).toEqual([
      'ann/cad failed connect dcv-unknown-session',
    ])
    const back = log('dcv-server', ['milestone-dcv-session-made'], {
      ...{ profile: 'host', cluster: '', host: ANN.host, minutes: [310] },
    })
    expect(short([...desktop(ANN), created, server('own-id'), back])).toEqual(['ann/cad ready'])
    // That of an agent may have causes itself, and the refusal need not name it.
    expect(short([...desktop(ANN), created, server('own-id', 'dcv-agent-exited')])).toEqual([
      'ann/cad failed session dcv-agent-exited',
    ])
  })

  test('is ready if a session was asked for that it never had', () => {
    expect(short([...desktop(ANN), created, server('of-yesterday')])).toEqual(['ann/cad ready'])
  })
})
