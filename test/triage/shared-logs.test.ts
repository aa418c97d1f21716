import { describe, expect, test } from 'vitest'
import { ANN, BOB, desktop, short } from './told-desktop.ts'
import { diagnosed, log, type Said } from './told-story.ts'

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
