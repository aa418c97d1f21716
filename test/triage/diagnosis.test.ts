import { describe, expect, test } from 'vitest'
import type { Step } from '../../src/triage/diagnosis/phase-model.ts'
import { aroundCause } from '../../src/triage/diagnosis/verdict.ts'
import { diagnosed, log, type Said, type ToldLog } from './told-story.ts'

const ANN = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-1' }
const BOB = { owner: 'bob', session: 'cfd', host: 'ip-10-0-0-2' }
const HOST = { profile: 'host', cluster: '' }
const NEW = { profile: 'edh-26', cluster: 'edh-lab', session_uuid: '0c5e7f11-0000-4000-8000-000000000001' }

const STEP: Step = {
  ...{ phase: 'setup', sources: ['messages'], usual: 60_000, silent: 60_000, optional: false, beside: false },
  ...{ begin: [], done: [], claims: [], none: [], refused: [] },
}

const SETUP: Said[] = [
  'milestone-setup-begin',
  'milestone-identity-begin',
  'milestone-identity-done',
  'milestone-reboot-begin',
]
const REBOOTED: Said[] = ['milestone-reboot-done', 'milestone-dcv-script-done', 'milestone-post-reboot-ended']
const INSTALLED: Said[] = [
  'milestone-dcv-install-begin',
  'milestone-dcv-install-done',
  'milestone-session-begin',
  'milestone-session-created',
]

/** The three logs of a desktop of SOCA 2, all well but for what is given. */
function desktop(
  who: typeof ANN,
  other: { setup?: Said[]; rebooted?: Said[]; installed?: Said[] } = {},
): ToldLog[] {
  return [
    log('compute-node', other.setup ?? SETUP, { ...who, end: 20 }),
    log('post-reboot', other.rebooted ?? REBOOTED, { ...who, end: 42 }),
    log('install-dcv', other.installed ?? INSTALLED, { ...who, end: 40 }),
  ]
}

/** Status, phase and rule of each attempt. */
const short = (logs: readonly ToldLog[], asOf?: number) =>
  diagnosed(logs, asOf).map(({ session, status, verdict }) =>
    [session, status, verdict?.phase, verdict?.rule_id].filter((part) => part !== undefined).join(' '),
  )

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
})

describe('the root cause', () => {
  test('is the first critical failure in the order of the phases; the others follow from it', () => {
    const setup: Said[] = ['milestone-setup-begin', 'disk-full', 'disk-full', 'milestone-reboot-begin']
    const installed: Said[] = [
      'milestone-dcv-install-begin',
      'install-archive-missing',
      'milestone-session-begin',
      'session-create-exit-code',
    ]
    const [one] = diagnosed(desktop(ANN, { setup, installed }))
    expect(one?.verdict).toMatchObject({
      phase: 'setup',
      rule_id: 'disk-full',
      confidence: 'certain',
      severity: 'critical',
    })
    expect(one?.evidence.map(({ rule_id }) => rule_id)).toEqual(['disk-full', 'disk-full'])
    expect(one?.consequences).toEqual([
      expect.objectContaining({ rule_id: 'install-archive-missing', count: 1 }),
      expect.objectContaining({ rule_id: 'session-create-exit-code', count: 1 }),
    ])
    expect([one?.again, one?.before]).toEqual([1, []])
  })

  test('has no consequence that was written before it', () => {
    const said = ['package-not-found', 'disk-full', 'disk-full', 'home-not-created']
    const told = log('messages', said).events.map((event, at) => ({ event, at, step: STEP }))
    const [earlier, root, ...later] = told
    if (earlier === undefined || root === undefined) throw new Error('no events')
    expect(aroundCause({ root, consequences: [earlier, ...later] }, new Map())).toMatchObject({
      again: 1,
      consequences: [{ rule_id: 'home-not-created', count: 1 }],
      before: [{ rule_id: 'package-not-found', count: 1 }],
    })
  })

  test('leaves a step that was not needed, and one that nobody wrote of, as what they are', () => {
    const setup: Said[] = ['milestone-setup-begin', 'milestone-reboot-skipped']
    const logs = [
      log('web-ui', ['milestone-login-asked'], { profile: 'edh-26', cluster: 'edh-lab', minutes: [90] }),
      log('setup-post-reboot', ['milestone-gpu-none', 'milestone-node-ready'], {
        ...{ ...ANN, profile: 'edh-26', cluster: 'edh-lab', minutes: [30, 40] },
      }),
      log('setup', setup, { ...ANN, profile: 'edh-26', cluster: 'edh-lab', minutes: [0, 20] }),
    ]
    const [one] = diagnosed(logs)
    const stateOf = (phase: string) => one?.phases.find((step) => step.phase === phase)?.state
    expect(['launch', 'reboot', 'gpu'].map(stateOf)).toEqual(['done', 'skipped', 'skipped'])
  })

  test('is what the rule of the failure names as its cause, also in a log without times', () => {
    const server = log('dcv-server', ['session-outputs-timeout'], {
      profile: 'host',
      cluster: '',
      host: 'h',
      minutes: [10],
    })
    const x = log('xdcv', ['xdcv-stale-socket'], { profile: 'host', cluster: '', host: 'h', end: 30 })
    expect(short([server, x])).toEqual(['h failed session xdcv-stale-socket'])
  })

  test('of a consequence is the failure right before it, if nothing was reached between the two', () => {
    const failed = (...between: Said[]) =>
      short(
        desktop(ANN, {
          installed: [
            'milestone-session-begin',
            'session-home-denied',
            ...between,
            'session-create-exit-code',
          ],
        }),
      )
    expect(failed()).toEqual(['ann/cad failed session session-home-denied'])
    expect(failed('milestone-session-announced')).toEqual(['ann/cad failed session session-create-exit-code'])
  })

  test('of what only reports that something failed is the failure right above it, whatever its step', () => {
    const said: Said[] = ['milestone-user-data-begin', 'mount-endpoint-gave-up', 'cloudinit-script-failed']
    expect(short([log('cloud-init-output', said, { ...ANN, end: 9 })])).toEqual([
      'ann/cad failed mount mount-endpoint-gave-up',
    ])
  })

  test('of what only reports that something failed may stand in another log at that time', () => {
    const said: Said[] = ['milestone-session-begin', 'session-socadcv-failed']
    const setup = log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: [20, 21] })
    const secure = (minute: number) =>
      log('secure', ['pam-account-denied'], { ...HOST, host: ANN.host, minutes: [minute] })
    expect(short([setup, secure(21.1)])[0]).toMatch(/ pam-account-denied$/)
    expect(short([setup, secure(12)])[0]).toMatch(/ session-socadcv-failed$/)
  })

  test('of what was given up is what failed between the tries', () => {
    const tries: Said[] = ['python-exception', 'secret-retry', 'python-exception', 'secret-retry']
    const setup = [...SETUP.slice(0, 2), ...tries, 'secret-gave-up']
    expect(short([log('compute-node', setup, ANN)])).toEqual(['ann/cad failed identity python-exception'])
  })

  test('of a session that ended is what its script said last, where no rule knows more', () => {
    const x = (minute: number) =>
      log('dcv-xsession', ['general-file-missing'], { ...HOST, host: 'h', owner: 'ann', minutes: [minute] })
    const server = log('dcv-server', ['dcv-session-ended'], { ...HOST, host: 'h', minutes: [10] })
    expect(short([x(9.9), server])).toEqual(['h failed session general-file-missing'])
    expect(short([x(5), server])).toEqual(['h failed session dcv-session-ended'])
  })

  test('that only the kernel tells belongs to the step of what came of it', () => {
    const installed: Said[] = [
      'milestone-dcv-install-begin',
      'host-script-program-killed',
      'dcv-package-conflict',
      'session-dcvserver-missing',
    ]
    const kernel = log('messages', ['memory-program-killed'], { ...ANN, minutes: [41] })
    const [, , script] = desktop(ANN, { installed })
    const reboot = log('setup-post-reboot', ['milestone-reboot-done'], { ...ANN, minutes: [40] })
    expect(short([reboot, kernel, ...(script === undefined ? [] : [script])])).toEqual([
      'ann/cad failed dcv-install memory-program-killed',
    ])
  })

  test('of the user data of Windows may stand behind its consequence', () => {
    const run = log('win-userdata', ['win-msi-failed', 'win-tls-failed'], {
      ...{ ...HOST, host: 'ip-10-0-0-9', minutes: [3, 3.1] },
    })
    expect(short([run])[0]).toMatch(/ win-tls-failed$/)
  })

  test('may be told by another log a moment later than the consequence, but not by the next boot', () => {
    const failed = (minute: number) =>
      short([
        ...desktop(ANN, { installed: ['milestone-session-begin'] }),
        log('messages', ['session-dcvserver-failed'], { ...ANN, minutes: [44] }),
        log('dcv-server', ['session-port-in-use'], { ...ANN, minutes: [minute] }),
      ])
    expect(failed(46)).toEqual(['ann/cad failed session session-port-in-use'])
    expect(failed(90)).toEqual(['ann/cad failed session session-dcvserver-failed'])
  })

  test('of a session that was not created is what DCV says of itself, where no rule names it', () => {
    const installed: Said[] = ['milestone-session-begin', 'session-socadcv-failed']
    const server = log('dcv-server', ['dcv-frontend-fault'], { ...ANN, minutes: [39] })
    expect(short([...desktop(ANN, { installed }), server])).toEqual([
      'ann/cad failed connect dcv-frontend-fault',
    ])
  })

  test('that the setup of a host warned of belongs to the step in which it happened', () => {
    const installed: Said[] = [
      'milestone-dcv-install-begin',
      'yum-package-missing',
      'nvidia-kernel-source-missing',
    ]
    expect(short(desktop(ANN, { installed }))).toEqual(['ann/cad failed dcv-install yum-package-missing'])
  })

  test('that the setup of a host tells between two steps belongs to the later one', () => {
    const said: Said[] = ['milestone-win-reboot-done', 'win-tls-failed', 'milestone-win-dcv-begin']
    const windows = log('win-bootstrap', said, { host: 'ip-10-0-0-9' })
    expect(short([windows])).toEqual(['ip-10-0-0-9 failed dcv-install win-tls-failed'])
  })

  test('fills what was captured into the remedy', () => {
    const message =
      "[Stack could not be created, deleting /apps/edh/edh-lab/shared/logs/bootstrap/dcv_node/ann/cad] 'session_name': 'cad', 'user': 'ann'"
    const web = log('web-ui', [{ rule: 'milestone-stack-refused', message, captures: { path: '/apps/x' } }], {
      ...NEW,
      session_uuid: '',
      minutes: [1],
    })
    const [one] = diagnosed([web])
    expect(one).toMatchObject({ session: 'ann/cad', status: 'failed', verdict: { phase: 'launch' } })
    expect(one?.verdict?.explain).toContain('/apps/x')
  })

  test('that no rule knows is told as what it is', () => {
    const setup: Said[] = ['milestone-setup-begin', 'unknown: the frobnicator is on fire']
    const [one] = diagnosed([log('compute-node', setup, { ...ANN, end: 5 })])
    expect(one?.verdict).toMatchObject({
      rule_id: '',
      phase: 'setup',
      confidence: 'possible',
      explain: 'the frobnicator is on fire',
    })
  })
})

describe('what other machines write', () => {
  const run = (...said: Said[]): Said[] => [
    'milestone-alb-run-begin',
    ...said,
    'milestone-alb-check-done',
    'milestone-alb-run-done',
  ]
  const added = (host: string, day = 'Mon, 04 May 2026'): Said[] => [
    {
      rule: 'milestone-alb-host-new',
      message: `${host} not in load balancer. Adding new entry ... `,
      captures: { host },
    },
    {
      rule: 'milestone-alb-rule-created',
      message: `{'Rules': … '/${host}/*' … 'date': '${day} 10:03:00 GMT'`,
      captures: { host },
    },
  ]

  test('belongs to the host that is named', () => {
    const alb = log('alb-manager', run(...added(ANN.host), ...added(BOB.host)), { end: 50 })
    const found = diagnosed([...desktop(ANN), ...desktop(BOB), alb])
    expect(found.map(({ phases }) => phases.find(({ phase }) => phase === 'load-balancer')?.state)).toEqual([
      'done',
      'done',
    ])
  })

  test('and is not named belongs to the host of before, within one run', () => {
    const [begin] = added(BOB.host) as [Said]
    const alb = log(
      'alb-manager',
      ['milestone-alb-run-begin', ...added(ANN.host), begin, 'alb-too-many-rules', ...run()],
      { end: 50 },
    )
    expect(short([...desktop(ANN), ...desktop(BOB), alb])).toEqual([
      'ann/cad ready',
      'bob/cfd failed load-balancer alb-too-many-rules',
    ])
  })

  test('of it in a run that never ends means that it has no way to its users', () => {
    const taken = added(BOB.host).slice(0, 1)
    const open = log('alb-manager', [...run(...added(ANN.host)), 'milestone-alb-run-begin', ...taken], {
      end: 60,
    })
    expect(short([...desktop(ANN), ...desktop(BOB), open])).toEqual([
      'ann/cad ready',
      'bob/cfd failed load-balancer absence-alb-run-end',
    ])
    expect(short([...desktop(ANN), ...desktop(BOB), open], 62)).toEqual(['ann/cad ready', 'bob/cfd ready'])
  })

  test('of all other hosts for two runs says that this one was forgotten', () => {
    const alb = log('alb-manager', run(...added(ANN.host)), { end: 60 })
    expect(short([...desktop(ANN), ...desktop(BOB), alb])).toEqual([
      'ann/cad ready',
      'bob/cfd failed load-balancer absence-alb-host',
    ])
    // The log was begun anew since this one came up: it may have been taken in before.
    const anew = log('alb-manager', run(...added(ANN.host, 'Tue, 05 May 2026')), { end: 1440 })
    expect(short([...desktop(ANN), ...desktop(BOB), anew])).toEqual(['ann/cad ready', 'bob/cfd ready'])
    const mail = log('cron-mail', ['alb-access-denied'], { cluster: '', profile: 'host', end: 61 })
    expect(short([...desktop(ANN), ...desktop(BOB), alb, mail])).toEqual([
      'ann/cad ready',
      'bob/cfd failed load-balancer alb-access-denied',
    ])
    const other = log('alb-manager', run(), { cluster: 'soca-two', end: 50 })
    expect(short([...desktop(ANN), ...desktop(BOB), alb, mail, other])).toEqual([
      'ann/cad ready',
      'bob/cfd failed load-balancer absence-alb-host',
    ])
    const early = log('alb-manager', run(...added(ANN.host)), { end: 43 })
    expect(short([...desktop(ANN), ...desktop(BOB), early])).toEqual(['ann/cad ready', 'bob/cfd ready'])
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
  const polls = (rule: string, ...minutes: number[]) =>
    log(
      'web-ui',
      minutes.map(() => ({ rule, message: 'Checking https://lab/ip-10-0-0-1/ for it' })),
      { cluster: 'soca-lab', minutes },
    )
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

  test('is ready if the portal found it later, or asks while it only comes back', () => {
    const seen = polls('milestone-portal-sees-desktop', 120)
    expect(short([...desktop(ANN), polls('api-check-no-target', 50, 80, 115), seen])).toEqual([
      'ann/cad ready',
    ])
    expect(short([...desktop(ANN), polls('api-check-target-down', 300, 308)])).toEqual(['ann/cad ready'])
  })

  test('is broken if its session is gone, for the reason that its server gives', () => {
    expect(short([...desktop(ANN), created, server('own-id')])).toEqual([
      'ann/cad failed connect dcv-unknown-session',
    ])
    expect(short([...desktop(ANN), created, server('own-id', 'session-program-ended')])).toEqual([
      'ann/cad failed session session-program-ended',
    ])
  })

  test('is ready if a session was asked for that it never had', () => {
    expect(short([...desktop(ANN), created, server('of-yesterday')])).toEqual(['ann/cad ready'])
  })
})

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
      'ann/cad failed mount nfs-server-silent',
    ])
    expect(short([...desktop(ANN), host('nfs-server-silent', 'nfs-server-back'), watcher])).toEqual([
      'ann/cad failed session watch-session-error',
    ])
  })
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

test('a refusal without a name is of the desktop that was asked for right before it', () => {
  const asked = { rule: 'milestone-launch-requested', message: 'virtual desktop: session_name=cad user=ann' }
  const refused = { rule: 'api-vcpu-limit', message: 'Dry run failed' }
  const at = (minute: number) => log('web-ui', [asked, refused], { minutes: [1, minute] })
  expect(short([at(1.5)])).toEqual(['ann/cad failed launch api-vcpu-limit'])
  expect(short([at(9)])[0]).not.toContain('api-vcpu-limit')
})
