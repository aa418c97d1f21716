import { describe, expect, test } from 'vitest'
import { diagnosed, log, type Said } from './told-story.ts'

const ANN = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-1' }
const NEW = { profile: 'edh-26', cluster: 'edh-lab', session_uuid: '0c5e7f11-0000-4000-8000-000000000001' }
const CLUSTER = { profile: 'edh-26', cluster: 'edh-lab' }

const said = (count: number, what: Said): Said[] => Array.from({ length: count }, () => what)
const only = (...args: Parameters<typeof diagnosed>) => {
  const [one] = diagnosed(...args)
  if (one === undefined) throw new Error('no attempt')
  return one
}

/** A desktop whose setup begins and reboots so many times, one every so many minutes. */
const restarting = (count: number, every: number) =>
  log(
    'setup',
    ['milestone-setup-begin', ...said(count, { rule: 'milestone-reboot-begin', message: 'Rebooting' })],
    { ...ANN, ...NEW, minutes: [0, ...Array.from({ length: count }, (_, i) => 5 + i * every)] },
  )

describe('several events together', () => {
  test('are the root cause where they say more than each of them, with the events that show it', () => {
    const one = only([restarting(7, 8)])
    expect(one).toMatchObject({
      status: 'failed',
      verdict: { rule_id: 'repeat-reboots', phase: 'reboot', severity: 'critical' },
      findings: [
        {
          rule_id: 'repeat-reboots',
          type: 'threshold',
          per: 'host',
          count: 7,
          first_seen: '2026-05-04T10:05:00.000Z',
          last_seen: '2026-05-04T10:53:00.000Z',
        },
      ],
    })
    const [root, ...parts] = one.evidence
    expect(root).toMatchObject({ rule_id: 'repeat-reboots', length: 0, offset: 500 })
    expect(root?.message).toBe('The host restarts again and again: 7 times within 48 min')
    expect(parts.map(({ rule_id }) => rule_id)).toEqual(said(5, 'milestone-reboot-begin'))
  })

  test('say nothing where they are too few, or too far from each other', () => {
    expect(only([restarting(4, 8)]).findings).toEqual([])
    expect(only([restarting(7, 20)]).findings).toEqual([])
  })

  test('are one thing where a condition came and went again and again, and another where it goes on', () => {
    const spell: Said[] = ['nfs-server-silent', 'nfs-server-back']
    const host = log('messages', [...spell, ...spell, 'nfs-server-silent'], {
      ...{ profile: 'host', cluster: '', host: 'h', minutes: [1, 2, 31, 32, 50] },
    })
    const [over, goingOn] = only([host], 60).findings
    expect(over).toMatchObject({ count: 2, times: 2, cleared_at: '2026-05-04T10:32:00.000Z' })
    expect(goingOn).toMatchObject({ count: 1, first_seen: '2026-05-04T10:50:00.000Z' })
    expect([goingOn?.times, goingOn?.cleared_at]).toEqual([undefined, undefined])
  })

  test('give the same event each time they are looked at', () => {
    const [early, late] = [only([restarting(5, 8)]), only([restarting(7, 8)])]
    expect(early.evidence[0]?.event_id).toMatch(/^[0-9a-f]{32}$/)
    expect(late.evidence[0]?.event_id).toBe(early.evidence[0]?.event_id)
  })

  test('that have no times of their own are not judged, and that is said', () => {
    const setup = ['milestone-setup-begin', ...said(6, 'milestone-reboot-begin')]
    const one = only([log('setup', setup, { ...ANN, ...NEW, end: 30 })])
    expect(one.findings).toEqual([])
    expect(one.not_checked).toContainEqual({
      source: 'setup',
      reason: 'its lines have no times of their own, so "The host restarts again and again" is not judged',
    })
  })

  test('that two files tell of count once', () => {
    const again = { ...restarting(4, 8) }
    const copy = {
      facts: { ...again.facts, file: '/copy.log', source: 'bootstrap-level' },
      events: again.events.map((event) => ({ ...event, file: '/copy.log', file_id: 'copy' })),
    }
    expect(only([again, copy]).findings).toEqual([])
  })

  test('are explained by what their rule names as a cause', () => {
    const about = { captures: { session: NEW.session_uuid } }
    const dead = { rule: 'watch-session-error', message: `Session ${NEW.session_uuid}`, ...about }
    const logs = [
      log('setup-post-reboot', ['milestone-reboot-done', 'disk-full', 'milestone-node-ready'], {
        ...{ ...ANN, ...NEW, minutes: [0, 5, 6] },
      }),
      log('state-watcher', said(3, dead), { ...CLUSTER, minutes: [60, 120, 180] }),
    ]
    const one = only(logs)
    expect(one.verdict?.rule_id).toBe('disk-full')
    expect(one.findings).toMatchObject([{ rule_id: 'repeat-session-errors', count: 3, per: 'session' }])
    expect(one.consequences.map(({ rule_id }) => rule_id)).toContain('repeat-session-errors')
  })

  test('of a whole cluster are told of a desktop that does not work, and not of one that does', () => {
    const crashes = log('alb-manager', said(3, 'alb-run-crashed'), { ...CLUSTER, minutes: [30, 33, 36] })
    const stuck = log('setup', ['milestone-setup-begin'], { ...ANN, ...NEW, minutes: [20] })
    const well = log('setup-post-reboot', ['milestone-reboot-done', 'milestone-node-ready'], {
      ...{ ...ANN, ...NEW, owner: 'bob', host: 'ip-10-0-0-2', minutes: [20, 25] },
    })
    const found = diagnosed([crashes, stuck, well]).map(({ session, findings }) => [
      session,
      findings.map(({ rule_id, per }) => `${rule_id} per ${per}`),
    ])
    expect(found).toEqual([
      ['ann/cad', ['repeat-alb-crashes per cluster']],
      ['bob/cad', []],
    ])
  })
})

describe('what must follow', () => {
  const about = { message: `found i-0c4f5a6b7d8e9f012 for ${ANN.host}`, captures: {} }
  const watcher = log('state-watcher', [{ rule: 'milestone-instance-found', ...about }], {
    ...{ ...CLUSTER, minutes: [3] },
  })
  const setup = ['milestone-setup-begin', 'milestone-setup-done']
  const stuck = log('setup', setup, { ...ANN, ...NEW, minutes: [2, 9] })

  test('is missing where the log in which it would stand was read', () => {
    const one = only([watcher, stuck, log('alb-manager', ['milestone-alb-run-begin'], CLUSTER)])
    expect(one).toMatchObject({ status: 'stalled', verdict: { rule_id: 'absence-alb-host' } })
  })

  test('is not judged where nobody read that log, and that is said', () => {
    const one = only([watcher, stuck])
    expect(one.verdict?.rule_id).not.toBe('absence-alb-host')
    expect(one.not_checked).toContainEqual({
      source: 'alb-manager',
      reason:
        'no such log of it was read, so "A running instance never appears in the ALB manager" is not judged',
    })
  })
})

describe('a host that calls itself ready', () => {
  const about = { message: `found i-0c4f5a6b7d8e9f012 for ${ANN.host}`, captures: {} }
  const watched = (rules: readonly string[], minutes: readonly number[], end: number) =>
    log(
      'state-watcher',
      rules.map((rule) => ({ rule, ...about })),
      { ...CLUSTER, minutes, end },
    )
  const FOUND = 'milestone-instance-found'
  const told = (watcher: ReturnType<typeof log>, ...later: Said[]) => {
    const host = log('setup-post-reboot', ['milestone-reboot-done', 'milestone-node-ready', ...later], {
      ...{ ...ANN, ...NEW, minutes: [2, 20, ...later.map(() => 25)] },
    })
    const one = only([host, watcher], 2000)
    return [one.status, one.verdict?.rule_id, one.phases.find(({ phase }) => phase === 'session')?.state]
  }

  test('is not, if the portal looked for its session and has not found one', () => {
    const unseen = ['stalled', 'absence-ready-not-running', 'missing']
    expect(told(watched([FOUND], [3], 40))).toEqual(unseen)
    expect(told(watched([FOUND], [39], 40))).toEqual(unseen)
  })

  test('is taken at its word, if the portal did not look for long, or does not know it, or anything shows a session', () => {
    const ready = ['ready', undefined, 'done']
    expect(told(watched([FOUND], [3], 29))).toEqual(ready)
    expect(told(watched([], [], 40))).toEqual(ready)
    expect(told(watched([FOUND, 'milestone-session-running'], [3, 60], 70))).toEqual(ready)
    expect(told(watched([FOUND], [3], 40), 'milestone-session-created')).toEqual(ready)
    expect(told(watched([FOUND, 'watch-session-not-yet'], [3, 31], 40))).toEqual(ready)
  })
})

describe('a desktop that goes up and down', () => {
  const about = { message: `for i-0c4f5a6b7d8e9f012 on ${ANN.host}`, captures: {} }
  const upAndDown: Said[] = ['milestone-state-running', 'milestone-state-stopped'].map((rule) => ({
    rule,
    ...about,
  }))
  const told = (times: number, every: number) => {
    const states = Array.from({ length: times }, () => upAndDown).flat()
    const watcher = log('state-watcher', states, {
      ...{ ...CLUSTER, minutes: states.map((_, i) => 30 + i * every) },
    })
    const setup = log('setup-post-reboot', ['milestone-reboot-done', 'milestone-node-ready'], {
      ...{ ...ANN, ...NEW, minutes: [0, 5] },
    })
    return only([setup, watcher], 2000)
  }

  test('is told with how often and when, and stays what it is by its last state', () => {
    expect(told(3, 20)).toMatchObject({
      status: 'stopped',
      findings: [
        {
          ...{ rule_id: 'sequence-state-flaps', type: 'sequence', count: 6 },
          ...{ first_seen: '2026-05-04T10:30:00.000Z', last_seen: '2026-05-04T12:10:00.000Z' },
        },
      ],
    })
  })

  test('by its schedule is not', () => {
    expect(told(3, 240).findings).toEqual([])
  })
})

describe('a desktop that is stalled', () => {
  test('says what it waits for, and since when', () => {
    const begun = ['milestone-setup-begin', 'milestone-identity-begin']
    const one = only([log('setup', begun, { ...ANN, ...NEW, minutes: [0, 3] })], 200)
    expect(one).toMatchObject({
      status: 'stalled',
      waits_for: {
        phase: 'identity',
        since: '2026-05-04T10:03:00.000Z',
        after: expect.stringMatching(/./),
        for: expect.arrayContaining([expect.stringMatching(/./)]),
      },
    })
  })
})

describe('what an instance is made of', () => {
  test('is read from what its logs name', () => {
    const asked = {
      rule: 'milestone-launch-requested',
      message: `session_name=cad instance_type=m6i.xlarge owner=ann in subnet-0a1b2c3d4e with ami-0123456789abcdef0`,
    }
    const fetched = {
      rule: 'milestone-dcv-version',
      message: 'DCV_URL: https://x/nice-dcv-2025.0-20103-el9.tgz',
    }
    const unresolved = {
      ...{
        rule: 'sssd-offline',
        message: 'Failed to resolve server',
        captures: { server: 'dc1.corp.example' },
      },
    }
    const one = only([
      log('web-ui', [asked], { ...CLUSTER, minutes: [0] }),
      log('setup-post-reboot', ['milestone-reboot-done', fetched, unresolved], {
        ...{ ...ANN, ...NEW, minutes: [2, 3, 4] },
      }),
    ])
    expect(one.traits).toEqual({
      ...{ instance_type: 'm6i.xlarge', subnet: 'subnet-0a1b2c3d4e', ami: 'ami-0123456789abcdef0' },
      ...{ dcv_version: '2025.0.20103', domain_controller: 'dc1.corp.example' },
    })
  })
})
