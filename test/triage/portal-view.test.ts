import { describe, expect, it } from 'vitest'
import { checklistOf } from '../../src/triage/diagnosis/shown/checklist.ts'
import { NO_PORTAL, type Portal, type PortalSession } from '../../src/triage/portal/portal-session.ts'
import { diagnosed, log, type Said } from './told-story.ts'

const ANN = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-1' }
const READY: Said[] = ['milestone-setup-begin', 'milestone-session-begin', 'milestone-session-created']
const FAILED: Said[] = ['milestone-setup-begin', 'milestone-session-begin', 'session-dcvserver-not-running']

const ROW: PortalSession = {
  ...{
    cluster: 'soca-lab',
    profile: 'soca-2',
    owner: 'ann',
    name: 'cad',
    state: 'running',
    isActive: true,
    os: 'linux',
  },
  ...{ uuid: '', sessionId: '', host: 'ip-10-0-0-1', ip: '', instance: '', instanceType: 'm5.large' },
  ...{ createdAt: '2026-05-04T09:55:00.000Z', deactivatedAt: '', schedule: {} },
}

/** How the desktop of Ann stands when its log says this and the portal that. */
function standing(said: readonly Said[], row: Partial<PortalSession>, asOf = 600) {
  const logs = [log('install-dcv', said, { ...ANN, end: 40 })]
  const [one] = diagnosed(logs, asOf, { ...NO_PORTAL, sessions: [{ ...ROW, ...row }] })
  return [one?.status, one?.portal?.state, one?.portal?.disagreement?.slice(0, 29)]
}

describe('what the portal says of a desktop with logs', () => {
  it('is told with it, and no more where both agree', () => {
    expect(standing(READY, {})).toEqual(['ready', 'running', undefined])
  })

  it('does not heal a failure that is written down', () => {
    expect(standing(FAILED, {})).toEqual(['failed', 'running', 'The portal says running: up t'])
    expect(standing(FAILED, { state: 'stopped' })).toEqual(['failed', 'stopped', undefined])
  })

  it('is worded by what the portal of that release does', () => {
    const logs = [log('setup-post-reboot', FAILED, { ...ANN, profile: 'edh-26', end: 40 })]
    const [one] = diagnosed(logs, 600, { ...NO_PORTAL, sessions: [ROW] })
    expect(one?.portal?.disagreement).toMatch(
      /^The portal says running: what failed is nothing that its watchers/,
    )
  })

  it('makes one ready whose log stops, because the portal got an answer from it', () => {
    expect(standing(READY.slice(0, 2), { state: 'pending' })[0]).toBe('stalled')
    expect(standing(READY.slice(0, 2), {})).toEqual(['ready', 'running', undefined])
  })

  it('tells that one was stopped or deleted', () => {
    expect(standing(READY, { state: 'stopped' })[0]).toBe('stopped')
    expect(standing(READY, { isActive: false, instance: '' })[0]).toBe('stopped')
  })

  it('that is pending for long although the desktop is ready is a finding', () => {
    expect(standing(READY, { state: 'pending' })).toEqual([
      'ready',
      'pending',
      'The portal still says pending',
    ])
    expect(standing(READY, { state: 'pending' }, 4)).toEqual(['ready', 'pending', undefined])
  })

  it('is not mixed with an earlier desktop of the same name', () => {
    expect(standing(READY, { host: 'ip-10-0-0-9', isActive: false, state: 'stopped' })).toEqual([
      'ready',
      undefined,
      undefined,
    ])
  })
})

describe('a desktop of which a database has no row', () => {
  const OTHER = { ...ROW, owner: 'bob', name: 'cfd', host: 'ip-10-0-0-9' }
  /** What is said of the desktop of Ann where her portal is this one. */
  const said = (portal: Partial<Portal>, said: readonly Said[] = READY, place: object = ANN) => {
    const logs = [log('install-dcv', said, { ...place, end: 40 })]
    const whole = { ...NO_PORTAL, sessions: [OTHER], isWhole: { 'soca-lab': true } }
    return diagnosed(logs, 600, { ...whole, ...portal }).find(({ session }) => session !== 'bob/cfd')
  }

  it('is not known to its portal, and stands as its logs say', () => {
    expect(said({})).toMatchObject({
      status: 'ready',
      portal: { known: false, disagreement: expect.stringMatching(/^The portal does not know it: /) },
    })
    expect(said({}, FAILED)).toMatchObject({ status: 'failed', portal: { known: false } })
    expect(said({ sessions: [] })?.portal?.known).toBe(false)
  })

  it('gets a no as the answer of the checklist', () => {
    const one = said({})
    const [answer] = (one === undefined ? [] : checklistOf(one)).filter(({ title }) =>
      title.startsWith('The portal knows'),
    )
    expect(answer).toMatchObject({ state: 'missing', evidence: ['no: its database has no row of it'] })
  })

  it('is not missed where that does not follow', () => {
    const deleted = { ...ROW, isActive: false, state: 'stopped' }
    const elsewhere = { owner: 'ann', session: 'cad', host: '' }
    const notRead = [{ source: 'portal database', reason: '/x: it is empty', cluster: 'soca-lab' }]
    const answers = [
      said({ isWhole: {} }),
      said({ isWhole: { 'soca-lab': false }, notRead }),
      said({ isWhole: { 'soca-other': true } }),
      said({ sessions: [{ ...deleted, host: 'ip-10-0-0-7', uuid: 'x' }] }),
      said({ sessions: [{ ...ROW, name: 'C_A-D', host: 'ip-10-0-0-7' }] }),
      said({ sessions: [{ ...ROW, name: 'other' }] }),
      said({}, READY, { host: 'ip-10-0-0-1' }),
      said({}, READY, elsewhere),
    ]
    expect(answers.map((one) => one?.portal?.known)).toEqual(answers.map(() => undefined))
  })

  it('is missed though a deleted one had its address, or another cluster has one of its name', () => {
    expect(said({ sessions: [{ ...ROW, name: 'other', isActive: false }] })?.portal?.known).toBe(false)
    expect(
      said({
        sessions: [
          { ...OTHER, cluster: 'soca-2' },
          { ...ROW, cluster: 'soca-2', host: '', name: 'x' },
        ],
      })?.portal?.known,
    ).toBe(false)
  })
})

describe('a desktop that only the portal knows', () => {
  const other = [log('install-dcv', READY, { ...ANN, end: 40 })]
  const silent = (row: Partial<PortalSession>, asOf: number, logs = other) =>
    diagnosed(logs, asOf, {
      ...NO_PORTAL,
      sessions: [ROW, { ...ROW, name: 'cfd', host: 'ip-10-0-0-2', ...row }],
    })
      .filter(({ session }) => session === 'ann/cfd')
      .map(({ status, verdict, not_checked }) => [status, verdict?.rule_id, not_checked[0]?.reason])

  it('has failed when nothing of it has appeared after ten minutes', () => {
    const reason = 'no log of it was read; the portal says pending'
    expect(silent({ state: 'pending' }, 4)).toEqual([['in_progress', undefined, reason]])
    expect(silent({ state: 'pending' }, 6)).toEqual([['failed', 'absence-log-folder', reason]])
  })

  it('has failed in its launch where it never got an instance', () => {
    expect(silent({ state: 'pending', host: '', instance: '' }, 6)[0]?.slice(0, 2)).toEqual([
      'failed',
      'absence-instance',
    ])
  })

  it('is not missed for logs that Windows never writes to the shared storage', () => {
    const windows = (state: string, asOf: number) => silent({ state, os: 'windows' }, asOf)[0]
    expect(windows('pending', 20)?.slice(0, 2)).toEqual(['in_progress', undefined])
    const [status, rule, reason] = windows('pending', 60) ?? []
    expect([status, rule]).toEqual(['unknown', undefined])
    expect(reason).toContain('Windows keeps its logs on the host: C:\\ProgramData\\EDH')
    expect(windows('error', 60)?.slice(0, 2)).toEqual(['failed', 'watch-session-error'])
  })

  it('is not judged where no folder of desktops is read', () => {
    expect(silent({ state: 'pending' }, 60, [])[0]?.[0]).toBe('unknown')
  })

  it('is stopped, or not judged when the portal says running', () => {
    expect(silent({ state: 'stopped' }, 60)[0]?.[0]).toBe('stopped')
    expect(silent({ state: 'running' }, 60)[0]?.slice(0, 2)).toEqual(['unknown', undefined])
  })

  it('is not told when it was deleted', () => {
    expect(silent({ isActive: false }, 60)).toEqual([])
  })
})

it('a database that was not read is named with each desktop of its cluster', () => {
  const told = { source: 'portal database', reason: '/x/db.sqlite: it is empty' }
  const notChecked = (cluster: string | undefined) =>
    diagnosed([log('install-dcv', READY, { ...ANN, end: 40 })], 600, {
      ...NO_PORTAL,
      notRead: [{ ...told, cluster }],
    })[0]?.not_checked
  expect(notChecked(undefined)).toContainEqual(told)
  expect(notChecked('soca-lab')).toContainEqual(told)
  expect(notChecked('soca-other')).not.toContainEqual(told)
})
