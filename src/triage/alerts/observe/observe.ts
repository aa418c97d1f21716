import type { AlertRule } from '../alert-rule.ts'
import { observeAbsence } from './absence.ts'
import { observeAfterChange } from './after-change.ts'
import { observeCollector } from './collector.ts'
import { observeNew } from './new-signatures.ts'
import { observeRate } from './rates.ts'
import { observeRegressed } from './regressed.ts'
import { observeSessions } from './sessions.ts'
import type { Observation, World } from './world.ts'

/** What an alert rule finds to be so at a moment, but for what people want to hear no more of; throws what the store throws. */
export async function observe(rule: AlertRule, world: World): Promise<readonly Observation[]> {
  const found = await findings(rule, world)
  if (!found.some(({ labels }) => labels['signature'] !== undefined)) return found
  const states = await world.states()
  return found.filter(({ labels }) => !isQuiet(rule, states.get(labels['signature'] ?? '')?.state))
}

/** What is ignored is not told; what somebody looks at already is told again only when it grows. */
function isQuiet({ kind }: AlertRule, state: string | undefined): boolean {
  return state === 'ignored' || (state === 'acknowledged' && kind !== 'rate')
}

function findings(rule: AlertRule, world: World): Promise<readonly Observation[]> {
  switch (rule.kind) {
    case 'new_signature':
      return observeNew(rule, world)
    case 'regressed_signature':
      return observeRegressed(rule, world)
    case 'first_after_change':
      return observeAfterChange(rule, world)
    case 'rate':
      return observeRate(rule, world)
    case 'sessions':
      return observeSessions(rule, world)
    case 'collector':
      return observeCollector(rule, world)
    case 'absence':
      return observeAbsence(rule, world)
  }
}
