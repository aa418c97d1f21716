import { describe, expect, test } from 'vitest'
import { ANN, BOB, desktop, HOST, NEW, short } from './told-desktop.ts'
import { diagnosed, log, type Said, type ToldLog } from './told-story.ts'

const DONE: Said[] = ['milestone-dcv-install-begin', 'milestone-session-begin', 'milestone-session-created']

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

  test('of a machine that is not looked at is of no desktop, nor what follows it', () => {
    const alb = log(
      'alb-manager',
      ['milestone-alb-run-begin', ...added(ANN.host), ...added(BOB.host).slice(0, 1), 'alb-too-many-rules'],
      { end: 50 },
    )
    expect(short([...desktop(ANN), alb])).toEqual(['ann/cad ready'])
  })

  test('of the directory or of lists is not about the desktop whose login was checked before', () => {
    const login = { rule: 'milestone-login-done', message: `login at ${ANN.host}` }
    const toldAfter = (rule: string) =>
      short([...desktop(ANN), log('web-ui', [login, rule], { cluster: 'soca-lab', minutes: [60, 65] })])
    for (const rule of ['portal-login-part', 'portal-list-part', 'portal-user-unknown'])
      expect(toldAfter(rule)).toEqual(['ann/cad ready'])
    expect(toldAfter('api-auth-denied')).toEqual(['ann/cad failed connect api-auth-denied'])
  })

  test('of a login to a session of somebody else is not about the desktop that was named before', () => {
    const session = (digit: string) => `0c5e7f11-0000-4000-8000-00000000000${digit}`
    const own = {
      rule: 'milestone-session-begin',
      message: `dcv create-session ${session('1')}`,
      captures: { session: session('1') },
    }
    const installed: Said[] = ['milestone-dcv-install-begin', own, 'milestone-session-created']
    const told = (asked: string) =>
      short([
        ...desktop(ANN, { installed }),
        log(
          'web-ui',
          [
            { rule: 'milestone-portal-sees-desktop', message: `https://viewer/${ANN.host}/ 200` },
            { rule: 'milestone-login-asked', message: `Detected {'sessionId': '${asked}'}` },
            'api-auth-key-mismatch',
          ],
          { cluster: 'soca-lab', minutes: [60, 61, 61] },
        ),
      ])
    expect(told(session('2'))).toEqual(['ann/cad ready'])
    expect(told(session('1'))).toEqual(['ann/cad failed connect api-auth-key-mismatch'])
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
    const [, bob] = diagnosed([...desktop(ANN), ...desktop(BOB), open])
    expect(bob?.evidence.map(({ file, offset }) => [file, offset])).toEqual([[open.facts.file, 600]])
    expect(short([...desktop(ANN), ...desktop(BOB), open], 62)).toEqual(['ann/cad ready', 'bob/cfd ready'])
    // It was begun for this one in a run that ended: the open run is about another.
    const other = log('alb-manager', [...run(...taken), 'milestone-alb-run-begin', ...added(ANN.host)], {
      end: 60,
    })
    expect(short([...desktop(ANN), ...desktop(BOB), other])).toEqual(['ann/cad ready', 'bob/cfd ready'])
  })

  test('of it in runs that break off means the same, also while others begin', () => {
    const taken = ['milestone-alb-run-begin', ...added(BOB.host).slice(0, 1)]
    const told = (...said: Said[]) => {
      const minutes = said.map((_, index) => 50 + index)
      return short([...desktop(BOB), log('alb-manager', said, { minutes })], 50 + said.length)
    }
    expect(told(...taken, ...taken, ...taken)).toEqual(['bob/cfd failed load-balancer absence-alb-run-end'])
    // The first may go on, and what one left undone another may have done.
    expect(told(...taken)).toEqual(['bob/cfd ready'])
    expect(told(...taken, ...run(...added(BOB.host)))).toEqual(['bob/cfd ready'])
  })

  test('of it in runs of which none ends any more means that nobody new has a way', () => {
    const begun = (...minutes: number[]) =>
      log(
        'alb-manager',
        minutes.map(() => 'milestone-alb-run-begin'),
        { minutes },
      )
    const told = (alb: ToldLog) => short([log('install-dcv', DONE, { ...ANN, minutes: [40, 41, 42] }), alb])
    expect(told(begun(39, 42, 45, 48, 51))).toEqual(['ann/cad failed load-balancer absence-alb-run-end'])
    // The last run may go on; and a log that begins later than the desktop proves nothing.
    expect(told(begun(39, 42))).toEqual(['ann/cad ready'])
    expect(told(begun(45, 48, 51))).toEqual(['ann/cad ready'])
    const ended = log(
      'alb-manager',
      begun(39, 42, 45, 48)
        .events.map(() => 'milestone-alb-run-begin')
        .flatMap((one) => [one, 'milestone-alb-run-done']),
      { minutes: [39, 39, 42, 42, 45, 45, 48, 48] },
    )
    expect(told(ended)).toEqual(['ann/cad ready'])
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
    // The manager speaks of addresses: a host that Windows named may be any of them.
    const named = desktop({ ...BOB, host: 'EC2AMAZ-7XY12AB' })
    expect(short([...desktop(ANN), ...named, alb])).toEqual(['ann/cad ready', 'bob/cfd ready'])
    const early = log('alb-manager', run(...added(ANN.host)), { end: 43 })
    expect(short([...desktop(ANN), ...desktop(BOB), early])).toEqual(['ann/cad ready', 'bob/cfd ready'])
  })

  test('of the address of a desktop that leads nowhere fails it, for the reason that stopped the ALB manager', () => {
    const at = { ...NEW, session_uuid: '' }
    const message = `LoadBalancer Result https://viewer.example.org/${ANN.host}/`
    const asked = (rule: string, minutes: readonly number[]) =>
      log(
        'state-watcher',
        minutes.map(() => ({ rule, message, captures: { host: ANN.host } })),
        { ...at, minutes },
      )
    const said: Said[] = ['milestone-reboot-done', 'milestone-session-announced', 'milestone-node-ready']
    const own = log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: [1, 5, 6] })
    const alb = log('alb-manager', run(...added(BOB.host)), { ...at, minutes: [-9, -9, -9, -9, -9] })
    const mail = log('cron-mail', ['alb-run-crashed'], { cluster: '', profile: 'host', end: 90 })
    const failed = (rule: string, minutes: readonly number[]) => short([own, alb, mail, asked(rule, minutes)])
    expect(failed('watch-no-rule', [8, 20, 45, 90])).toEqual(['ann/cad failed load-balancer alb-run-crashed'])
    expect(failed('watch-no-answer-yet', [8, 90])).toEqual(['ann/cad failed load-balancer alb-run-crashed'])
    const unbroken = (minutes: readonly number[]) => short([own, alb, asked('watch-no-answer-yet', minutes)])
    // Without a failure it is the silence of the manager; of one whose log was not read, nothing is known.
    expect(unbroken([8, 90])).toEqual(['ann/cad failed load-balancer absence-alb-silent'])
    expect(unbroken([8, 20])).toEqual(['ann/cad ready'])
    expect(short([own, asked('watch-no-answer-yet', [8, 90])])).toEqual([
      'ann/cad failed load-balancer watch-no-answer-yet',
    ])
    // The manager may have failed before it wrote any log.
    expect(short([own, mail, asked('watch-no-rule', [20])], 120)).toEqual([
      'ann/cad failed load-balancer alb-run-crashed',
    ])
    const dropped: Said[] = ['host-firewall-blocks-dcv']
    const firewall = log('messages', dropped, { ...HOST, host: ANN.host, minutes: [30] })
    const asks = asked('watch-no-answer-yet', [8, 20, 45, 90])
    expect(short([own, firewall, asks])).toEqual(['ann/cad failed connect host-firewall-blocks-dcv'])
  })

  test('of it is missing where the ALB manager failed since it was asked for, though before its host wrote', () => {
    const at = { ...NEW, session_uuid: '' }
    const asked: Said = {
      rule: 'milestone-launch-requested',
      message: `new DCV session request: {'session_name': '${ANN.session}', 'user': '${ANN.owner}'}`,
      captures: { session: ANN.session, user: ANN.owner },
    }
    const said: Said[] = ['milestone-reboot-done', 'milestone-session-announced', 'milestone-node-ready']
    const own = log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: [10, 15, 16] })
    const alb = log('alb-manager', run(...added(BOB.host)), { ...at, minutes: [-9, -9, -9, -9, -9] })
    const mail = log('cron-mail', ['alb-run-crashed'], { cluster: '', profile: 'host', end: 5 })
    const told = (minute: number) => [own, alb, mail, log('web-ui', [asked], { ...at, minutes: [minute] })]
    expect(short(told(2))).toEqual(['ann/cad failed load-balancer alb-run-crashed'])
    expect(short(told(6))).toEqual(['ann/cad ready'])
  })

  test('of a desktop whose own logs were not read fails it if the ALB manager stopped before it was added', () => {
    const at = { ...NEW, session_uuid: '' }
    const words = `stack ${at.cluster}-cad-ann`
    const asked: Said = { rule: 'milestone-launch-requested', message: words }
    const missed: Said = {
      rule: 'api-check-no-rule',
      message: `Checking https://viewer.example.org/${ANN.host}/ for ${words}`,
      captures: { host: ANN.host },
    }
    const portal = log('web-ui', [asked, missed, missed], { ...at, minutes: [0, 4, 50] })
    const alb = log('alb-manager', [...run(...added(BOB.host)), 'aws-tls-failed'], { ...at, end: 90 })
    expect(short([portal, alb])).toEqual(['ann/cad failed load-balancer aws-tls-failed'])
    expect(short([portal])).toEqual(['ann/cad failed load-balancer api-check-no-rule'])
  })

  test('of a desktop whose session they cannot check fails it, though its server answers them', () => {
    const watcher = (rule: string) =>
      log(
        'state-watcher',
        [50, 60, 70, 80].flatMap((): Said[] => [
          { rule, message: `${ANN.host} asked`, captures: { host: ANN.host } },
          {
            rule: 'milestone-portal-sees-desktop',
            message: `${ANN.host} answers`,
            captures: { host: ANN.host },
          },
        ]),
        { ...NEW, session_uuid: '', minutes: [50, 50, 60, 60, 70, 70, 80, 80] },
      )
    const said: Said[] = ['milestone-reboot-done', 'milestone-session-announced', 'milestone-node-ready']
    const own = log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: [1, 5, 6] })
    expect(short([own, watcher('watch-ssm-failed')])).toEqual(['ann/cad failed session watch-ssm-failed'])
    expect(short([own, watcher('watch-target-down')])).toEqual(['ann/cad ready'])
  })

  test('of a fault of the portal while it was asked about a user is why nobody gets in', () => {
    const asked: Said[] = ['milestone-session-created', 'dcv-verifier-failed', 'dcv-verifier-failed']
    const server = log('dcv-server', asked, { ...HOST, host: ANN.host, minutes: [43, 60, 70] })
    const portal = (minute: number) =>
      log('web-ui', ['portal-request-failed', 'api-database-unusable'], {
        ...{ cluster: 'soca-lab', profile: 'soca-2', minutes: [minute, minute] },
      })
    const failed = (minute: number) => short([...desktop(ANN), server, portal(minute)])
    expect(failed(70.5)).toEqual(['ann/cad failed connect api-database-unusable'])
    expect(failed(50)).toEqual(['ann/cad failed connect dcv-verifier-failed'])
  })

  test('in a report of a failure is its cause, and not what a desktop wrote because of it', () => {
    const asked: Said[] = ['milestone-session-created', 'dcv-verifier-failed', 'dcv-client-refused']
    const server = log('dcv-server', asked, { ...HOST, host: ANN.host, minutes: [43, 60.02, 60.02] })
    const login = { rule: 'portal-request-failed', message: `asked by ${ANN.host}` }
    const portal = log('web-ui', [login, 'api-database-locked'], { minutes: [60, 60] })
    const record = portal.events.map((event) => ({ ...event, offset: 0, event_id: 'one record' }))
    expect(short([...desktop(ANN), server, { ...portal, events: record }])).toEqual([
      'ann/cad failed connect api-database-locked',
    ])
  })

  test('of an address is about the Windows desktop that names it, though its folder is called by its instance', () => {
    const host = 'ip-10-0-0-9'
    const own = log(
      'win-bootstrap',
      [
        'milestone-win-session-begin',
        { rule: 'host-address-named', message: `web-url-path : /${host}`, captures: { host } },
        'milestone-win-session-done',
      ],
      { ...NEW, owner: 'ann', session: 'win', host: 'i-0c4f5a6b7d8e9f012', minutes: [10, 11, 12] },
    )
    const asked = { rule: 'watch-no-answer-yet', message: `https://viewer/${host}/`, captures: { host } }
    const minutes = [15, 30, 45, 60]
    const watcher = log(
      'state-watcher',
      minutes.map(() => asked),
      { ...NEW, session_uuid: '', minutes },
    )
    expect(short([own])).toEqual(['ann/win ready'])
    expect(short([own, watcher])).toEqual(['ann/win failed load-balancer watch-no-answer-yet'])
  })

  test('of a host whose logs name no cluster says that it is one of theirs', () => {
    const host = 'ip-10-0-0-9'
    const own = log('win-userdata', ['milestone-win-session-done', 'milestone-win-user-data-done'], {
      ...HOST,
      ...{ host, minutes: [10, 12] },
    })
    const asked = { rule: 'api-check-no-rule', message: `https://viewer/${host}/ 302`, captures: { host } }
    const portal = log('web-ui', [asked, asked, asked], { minutes: [15, 60, 110] })
    const runs: Said[] = ['milestone-alb-run-begin', 'alb-access-denied', 'milestone-alb-run-begin']
    const alb = log('alb-manager', [...runs, 'alb-access-denied'], { minutes: [14, 14, 100, 100] })
    const [found] = diagnosed([own, portal, alb])
    expect(found?.cluster).toBe('soca-lab')
    expect(found?.evidence.map(({ rule_id }) => rule_id)).toContain('alb-access-denied')
  })

  test('by an authenticator that failed is explained by what the portal could not do then', () => {
    const answered = { rule: 'api-auth-answer-5xx', message: `${ANN.host} asked, 500` }
    const portal = (said: Said[]) =>
      log('uwsgi', said, {
        cluster: 'soca-lab',
        profile: 'soca-2',
        minutes: [60, 60.1, 65].slice(-said.length),
      })
    const failed = (...said: Said[]) => short([...desktop(ANN), portal(said)])
    expect(failed('api-database-locked', answered)).toEqual(['ann/cad failed connect api-auth-answer-5xx'])
    expect(failed(answered, 'api-database-locked', 'milestone-login-asked')).toEqual([
      'ann/cad failed connect api-database-locked',
    ])
    expect(failed('api-database-locked')).toEqual(['ann/cad ready'])
  })

  test('by a server that answers under another address counts once it lasts longer than a set-up', () => {
    const asked = (minutes: number[]) =>
      log(
        'web-ui',
        minutes.map(
          (): Said => ({ rule: 'api-check-path-unknown', message: `${ANN.host} received status 404` }),
        ),
        { cluster: 'soca-lab', profile: 'soca-2', minutes },
      )
    expect(short([...desktop(ANN), asked([45, 60, 76])])).toEqual([
      'ann/cad failed session api-check-path-unknown',
    ])
    expect(short([...desktop(ANN), asked([45, 60, 70])])).toEqual(['ann/cad ready'])
  })
})

test('a desktop that came up while the ALB manager failed is not behind the load balancer, however short that was', () => {
  const at = { ...NEW, session_uuid: '' }
  const said: Said[] = ['milestone-reboot-done', 'milestone-node-ready']
  const own = log('setup-post-reboot', said, { ...ANN, ...NEW, minutes: [1, 6] })
  const alb = log('alb-manager', ['milestone-alb-run-begin', 'milestone-alb-run-done'], {
    ...at,
    minutes: [-3, -3],
  })
  const mail = (minute: number) => log('cron-mail', ['alb-run-crashed'], { ...HOST, minutes: [minute] })
  expect(short([own, alb, mail(5)])).toEqual(['ann/cad failed load-balancer alb-run-crashed'])
  expect(short([own, alb, mail(0)])).toEqual(['ann/cad ready'])
  expect(short([own, alb, mail(5)], 8)).toEqual(['ann/cad ready'])
  expect(short([own, mail(5)])).toEqual(['ann/cad ready'])
})
