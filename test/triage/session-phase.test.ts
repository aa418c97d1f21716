import { expect, test } from 'vitest'
import { sessionJson } from '../../src/triage/sessions/session-json.ts'
import { ANN, SETUP } from './told-desktop.ts'
import { diagnosed, log, type Said } from './told-story.ts'

test('the phase of a desktop in the list is the one that runs, though the load balancer has long been ready', () => {
  const seen: Said = {
    rule: 'milestone-alb-rule-created',
    message: `{'Rules': … '/${ANN.host}/*'`,
    captures: { host: ANN.host },
  }
  const phaseOf = (...logs: Parameters<typeof diagnosed>[0]) => {
    const alb = log('alb-manager', [seen], { cluster: 'soca-lab', minutes: [10] })
    const [diagnosis] = diagnosed([...logs, alb], 21)
    const row = {
      ...{ owner: 'ann', name: 'cad', cluster: 'soca-lab', attempts: 1, host: ANN.host, profile: 'soca-2' },
      ...{ windows: 0, first_seen: '', last_seen: '', failures: 0, phase: '', last_rule_id: '' },
    }
    const { status, phase } = sessionJson(row, diagnosis)
    return `${status} ${phase}`
  }
  const setup = log('compute-node', SETUP.slice(0, 2), { ...ANN, end: 20 })
  expect(phaseOf(setup)).toBe('in_progress identity')
})
