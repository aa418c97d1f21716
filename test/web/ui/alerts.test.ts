import { describe, expect, it } from 'vitest'
import { countsByState, foldedAlerts, placeOfAlert } from '../../../src/web/ui/alert-groups.ts'
import type { AlertItem, SessionItem } from '../../../src/web/ui/answers.ts'
import { endsOf } from '../../../src/web/ui/ends-of-text.ts'
import { holdsOf } from '../../../src/web/ui/held-back.ts'

let made = 0
function anAlert(
  title: string,
  where: string,
  part: Partial<AlertItem> & { severity?: string } = {},
): AlertItem {
  const { severity = 'critical', ...rest } = part
  return {
    ...{ fingerprint: `f${made++}`, rule: 'new-failure', state: 'firing', silenced_by: [] },
    since: '2026-03-10T12:00:00Z',
    labels: { severity, signature: title },
    annotations: { summary: `New failure: ${title}`, where },
    ...rest,
  }
}
const DESK = 'cluster one; desktop ann/cad; host ip-10-0-0-1'
const ann = { session: 'ann/cad', verdict_title: 'cause' } as SessionItem
const titles = (alerts: readonly AlertItem[]) => alerts.map(({ annotations }) => annotations['summary'])

describe('alerts', () => {
  it('of one desktop are one, headed by the cause that its diagnosis found', () => {
    const alerts = [
      anAlert('symptom', DESK),
      anAlert('cause', DESK),
      anAlert('late', DESK, { severity: 'error' }),
    ]
    const [group, ...others] = foldedAlerts(alerts, [ann])
    expect(others).toEqual([])
    expect([group?.head.annotations['summary'], group?.isCause]).toEqual(['New failure: cause', true])
    expect(titles(group?.rest ?? [])).toEqual(['New failure: symptom', 'New failure: late'])
  })

  it('of one desktop whose cause is not among them claim none', () => {
    const [group] = foldedAlerts([anAlert('a', DESK, { severity: 'error' }), anAlert('b', DESK)], [])
    expect([group?.head.annotations['summary'], group?.isCause]).toEqual(['New failure: b', false])
  })

  it('that are silenced are no longer part of those that are told', () => {
    const alerts = [anAlert('a', DESK, { silenced_by: ['x'] }), anAlert('b', DESK)]
    expect(foldedAlerts(alerts, []).map(({ head, rest }) => [head.labels['signature'], rest.length])).toEqual(
      [
        ['b', 0],
        ['a', 0],
      ],
    )
  })

  it('come with the worst first; what is silenced or over comes last', () => {
    const alerts = [
      anAlert('over', 'cluster one', { state: 'resolved' }),
      anAlert('small', 'cluster one', { severity: 'warning' }),
      anAlert('quiet', 'cluster one', { silenced_by: ['x'] }),
      anAlert('grave', 'cluster one'),
    ]
    const heads = foldedAlerts(alerts, []).map(({ head }) => head.labels['signature'])
    expect(heads).toEqual(['grave', 'small', 'quiet', 'over'])
    expect(countsByState(alerts)).toEqual({ '': 4, firing: 2, held: 1, resolved: 1 })
  })

  it('that something holds back are listed as such, and do not count as firing', () => {
    const alerts = [
      anAlert('told', 'cluster one'),
      anAlert('silenced', 'cluster one', { silenced_by: ['x'] }),
      anAlert('inhibited', 'cluster one', { inhibited_by: ['f0'], muted_by: [] }),
      anAlert('muted', 'cluster one', { state: 'pending', inhibited_by: [], muted_by: ['nights'] }),
      anAlert('over', 'cluster one', { state: 'resolved', muted_by: ['nights'] }),
    ]
    expect(countsByState(alerts)).toEqual({ '': 5, firing: 1, held: 3, resolved: 1 })
    expect(alerts.map(holdsOf)).toEqual([[], ['silenced'], ['inhibited'], ['muted'], ['muted']])
    const [head] = foldedAlerts(
      [anAlert('a', DESK, { inhibited_by: ['f0'] }), anAlert('b', DESK, { severity: 'warning' })],
      [],
    )
    expect([head?.head.labels['signature'], head?.rest]).toEqual(['b', []])
  })

  it('lead to where they happened, if that is one place', () => {
    expect(placeOfAlert(anAlert('x', DESK))).toEqual({
      session: 'ann/cad',
      host: 'ip-10-0-0-1',
      cluster: 'one',
    })
    expect(placeOfAlert(anAlert('x', 'desktop ann/cad, bob/cfd'))).toEqual({})
  })
})

it('of a long record the beginning and the end are shown', () => {
  expect(endsOf('a\nb\nc')).toBe('a\nb\nc')
  const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`)
  expect(endsOf(lines.join('\n')).split('\n')).toEqual([
    ...['line 0', 'line 1', 'line 2', '… 14 more lines …', 'line 17', 'line 18', 'line 19'],
  ])
})
