import type { AlertRule } from '../alert-rule.ts'
import { observeAbsence } from './absence.ts'
import { observeAfterChange } from './after-change.ts'
import { observeCollector } from './collector.ts'
import { observeNew } from './new-signatures.ts'
import { observeRate } from './rates.ts'
import { observeRegressed } from './regressed.ts'
import { observeSessions } from './sessions.ts'
import type { Observation, World } from './world.ts'

/** What an alert rule finds at a moment, without what people have asked not to hear of. Throws what the store throws. */
export async function observe(rule: AlertRule, world: World): Promise<readonly Observation[]> {
  const found = (await findings(rule, world)).map((one) => withOwnAdvice(one, rule))
  if (!found.some(({ labels }) => labels['signature'] !== undefined)) return found
  const states = await world.states()
  return found.filter(({ labels }) => !isQuiet(rule, states.get(labels['signature'] ?? '')?.state))
}

/** What the alert rule itself knows of cause and remedy, unless the finding knows more. */
function withOwnAdvice(found: Observation, { explain, remedy }: AlertRule): Observation {
  const own = {
    ...(explain === undefined ? {} : { cause: explain }),
    ...(remedy.length === 0 ? {} : { remedy: remedy.join('\n') }),
  }
  return { ...found, notes: { ...own, ...found.notes } }
}

/** Ignored signatures are not reported; acknowledged ones are reported again only when they grow. */
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
