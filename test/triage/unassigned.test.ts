import { expect, test } from 'vitest'
import { unassignedKinds } from '../../src/triage/unassigned.ts'
import { ANN, desktop } from './told-desktop.ts'
import { log, ofNoDesktop, rules, type ToldLog } from './told-story.ts'

const NEW_HOST = (host: string) => ({
  rule: 'milestone-alb-host-new',
  message: `${host} not in load balancer. Adding new entry ... `,
  captures: { host },
})
const CONTROLLER = { cluster: 'soca-lab', host: 'ip-10-0-0-250' }

function kindsIn(...logs: readonly (ToldLog | readonly ToldLog[])[]) {
  return unassignedKinds(ofNoDesktop(logs.flat()), rules).map(
    ({ rule_id, severity, count, first_seen, last_seen }) =>
      [rule_id, severity, count, first_seen.slice(11, 16), last_seen.slice(11, 16)].join(' '),
  )
}

test('a failure that names a desktop is its own, one that names none or an unknown one is told here', () => {
  const runs = ['milestone-alb-run-begin', NEW_HOST(ANN.host), 'alb-too-many-rules', 'milestone-alb-run-done']
  const known = log('alb-manager', runs, { ...CONTROLLER, minutes: [50, 51, 52, 53] })
  expect(kindsIn(desktop(ANN), known)).toEqual([])
  const other = runs.map((said) => (typeof said === 'string' ? said : NEW_HOST('ip-10-9-9-9')))
  const unknown = log('alb-manager', [...other, ...other], {
    ...CONTROLLER,
    minutes: [50, 51, 52, 53, 60, 61, 62, 63],
  })
  expect(kindsIn(desktop(ANN), unknown)).toEqual(['alb-too-many-rules critical 2 10:52 11:02'])
})

test('what the machine that serves all desktops writes of itself is told, the worst first; milestones are not', () => {
  const portal = log('web-ui', ['unknown: cannot open the queue', 'milestone-login-done'], {
    ...CONTROLLER,
    minutes: [5, 6],
  })
  const messages = log('messages', ['memory-oom-killer'], { ...CONTROLLER, profile: 'host', minutes: [30] })
  expect(kindsIn(desktop(ANN), portal, messages)).toEqual([
    'memory-oom-killer error 1 10:30 10:30',
    ' error 1 10:05 10:05',
  ])
})
