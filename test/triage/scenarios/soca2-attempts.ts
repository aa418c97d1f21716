import { albPrint, runsFor } from './alb-print.ts'
import { desktop } from './desktops.ts'
import { behind, upTo } from './edits.ts'
import { failed, type Scenario } from './scenario.ts'
import { launching, soca2 } from './soca2-desktop.ts'
import { SOCA2 } from './soca2-node.ts'
import { apiLog, polled, unanswered, usedWell } from './soca2-portal.ts'

const MANAGER = `/apps/soca/${SOCA2}/cluster_manager/dcv_alb_manager.py.log`
const RUTH = desktop('ruth/Wing', '10.20.9.11', 100)
const SAM = desktop('sam/Wing', '10.20.9.12', 10)
const SECOND = desktop('sam/Wing', '10.20.9.55', 200)
const NOT_RUNNING = 'Could not create session. The dcvserver service is not running.'
const NO_SESSION = {
  'ComputeNodeInstallDCV.log': [upTo('0', NOT_RUNNING, '1')],
}

/** Several instances of one desktop of SOCA 2. */
export const SOCA2_ATTEMPTS: readonly Scenario[] = [
  {
    title: 'a desktop without a session is given up, and the second instance of it is well',
    tree: [
      ...soca2(SAM, NO_SESSION),
      ...soca2(SECOND),
      ...soca2(RUTH),
      albPrint(MANAGER, runsFor(SAM, RUTH, SECOND)),
      apiLog(usedWell(RUTH)),
    ],
    expect: {
      'ruth/Wing': 'ready',
      'sam/Wing': failed('session', 'session-dcvserver-not-running', NOT_RUNNING, [
        'session-create-exit-code',
      ]),
      'sam/Wing #2': 'ready',
    },
  },
  {
    title: 'an address is used again: the second instance writes behind the first into the same folder',
    tree: [
      ...soca2(SAM, {
        'ComputeNodeInstallDCV.log': [
          behind(['Detected Instance family m5', 'Installing DCV', launching(SAM), NOT_RUNNING, '1']),
        ],
      }),
      albPrint(MANAGER, runsFor(SAM)),
      apiLog(unanswered(SAM), polled(SAM, 140, 200)),
    ],
    expect: { 'sam/Wing': 'ready' },
  },
]
