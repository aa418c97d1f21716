import { expect, it } from 'vitest'
import { NO_PORTAL, type PortalSession } from '../../src/triage/portal/portal-session.ts'
import { diagnosed, log } from './told-story.ts'

const ROW: PortalSession = {
  ...{
    cluster: 'soca-lab',
    profile: 'soca-2',
    owner: 'wanda',
    name: 'win',
    state: 'pending',
    isActive: true,
    os: 'windows',
  },
  ...{ uuid: '', sessionId: 'console', host: '', ip: '10.0.0.7', instance: '', instanceType: '' },
  ...{ createdAt: '2026-05-04T09:55:00.000Z', deactivatedAt: '', schedule: {} },
}
const HOST = { profile: 'host', cluster: '', host: 'ip-10-0-0-7', end: 20 }
const machine = log('win-userdata', ['win-domain-join-failed'], HOST)

function named(rows: readonly Partial<PortalSession>[]) {
  const sessions = rows.map((row) => ({ ...ROW, ...row }))
  return diagnosed([machine], 600, { ...NO_PORTAL, sessions }).map(
    ({ session, cluster, host, status }) => `${session} ${cluster} ${host} ${status}`,
  )
}

it('a machine is the desktop that the portal has at its address', () => {
  expect(named([{}])).toEqual(['wanda/win soca-lab ip-10-0-0-7 failed'])
  expect(named([{ ip: '', host: 'ip-10-0-0-7' }])).toEqual(['wanda/win soca-lab ip-10-0-0-7 failed'])
  expect(named([{ isActive: false, owner: 'old' }, {}])).toEqual(['wanda/win soca-lab ip-10-0-0-7 failed'])
})

it('but not one of another system', () => {
  expect(named([{ os: 'linux' }])).toContain('ip-10-0-0-7  ip-10-0-0-7 failed')
})

it('but not one that was asked for after the machine wrote its last line', () => {
  const later = '2026-05-04T12:00:00.000Z'
  expect(named([{ createdAt: later }])).toContain('ip-10-0-0-7  ip-10-0-0-7 failed')
})

it('each bootstrap of a desktop is an attempt of its own, though desktop and host are the same', () => {
  const folder = (id: string) =>
    `/apps/edh/lab/shared/logs/bootstrap/dcv_node/rob/cad/11111111-1111-4222-8333-444444444444/${id}/ip-10-0-0-9/03_setup_post_reboot.log`
  const of = (id: string, said: string[], end: number) => {
    const { facts, events } = log('setup-post-reboot', said, {
      ...{ profile: 'edh-26', owner: 'rob', session: 'cad', host: 'ip-10-0-0-9', end },
    })
    const file = folder(id)
    return { facts: { ...facts, file }, events: events.map((event) => ({ ...event, file })) }
  }
  const attempts = diagnosed([
    of('aaaaaaaa-0000-4000-8000-000000000001', ['milestone-session-begin', 'session-socadcv-failed'], 30),
    of('bbbbbbbb-0000-4000-8000-000000000002', ['milestone-session-begin', 'milestone-session-created'], 300),
  ])
  expect(attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
    [1, 'failed'],
    [2, 'ready'],
  ])
})

it('desktops of one name in two clusters are counted apart', () => {
  const of = (cluster: string) =>
    log('compute-node', ['milestone-setup-begin'], { cluster, owner: 'ann', session: 'cad' })
  expect(diagnosed([of('soca-a'), of('soca-b')]).map(({ cluster, attempt }) => [cluster, attempt])).toEqual([
    ['soca-a', 1],
    ['soca-b', 1],
  ])
})
