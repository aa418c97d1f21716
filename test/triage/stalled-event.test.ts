import { describe, expect, it } from 'vitest'
import { NO_PORTAL, type PortalSession } from '../../src/triage/portal/portal-session.ts'
import { ANN } from './told-desktop.ts'
import { log, madeOf, type Said } from './told-story.ts'

const setup = (...said: Said[]) => [log('setup', said, { ...ANN, minutes: said.map((_, at) => at) })]
const STALLED = setup('milestone-setup-begin')
const rules = (made: ReturnType<typeof madeOf>) => made.map(({ rule_id }) => rule_id)

const portal = (row: Partial<PortalSession>) => ({
  ...NO_PORTAL,
  sessions: [
    {
      ...{
        cluster: 'soca-lab',
        profile: 'soca-2',
        owner: 'ann',
        name: 'cad',
        state: 'pending',
        isActive: true,
        os: 'linux',
      },
      ...{ uuid: '', sessionId: '', host: 'ip-10-0-0-1', ip: '', instance: '', instanceType: 'm5.large' },
      ...{ createdAt: '2026-05-04T09:55:00.000Z', deactivatedAt: '', schedule: {} },
      ...row,
    } satisfies PortalSession,
  ],
})

describe('the event of a desktop that stalled', () => {
  it('is of the line with which the wait began, whatever else is shown of it', () => {
    expect(madeOf(STALLED)).toMatchObject([
      { rule_id: 'absence-setup-end', ts: '2026-05-04T11:00:00.000000Z', offset: 0, length: 0, ...ANN },
    ])
  })

  it('is not made before the wait is over, nor if its last words say why it stalled', () => {
    expect(rules(madeOf(STALLED, 59))).toEqual([])
    const waits: Said[] = ['package-lock-wait', 'package-lock-wait', 'package-lock-wait']
    expect(rules(madeOf(setup('milestone-setup-begin', ...waits)))).toEqual([])
  })

  it('is not made if the portal got an answer from the desktop, or deleted it', () => {
    expect(rules(madeOf(STALLED, 600, portal({})))).toEqual(['absence-setup-end'])
    expect(rules(madeOf(STALLED, 600, portal({ state: 'running' })))).toEqual([])
    expect(rules(madeOf(STALLED, 600, portal({ isActive: false })))).toEqual([])
  })
})
