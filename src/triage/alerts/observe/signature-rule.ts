import type { SEVERITIES } from '../../../model.ts'
import { severityRank } from '../../../severity.ts'
import type { EventSelect, SignatureDetails } from '../../../store/alert-query.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import type { KnownSignature } from '../memory.ts'

/** Alert rules that look at events of signatures. */
export type SignatureRule = AlertRuleOf<
  'new_signature' | 'regressed_signature' | 'first_after_change' | 'rate'
>

/** The minimum numbers for a notice. */
type Enough = { readonly min_count: number; readonly min_sessions: number; readonly min_hosts: number }

/** The events that a rule counts. */
export function selectOf(rule: SignatureRule): EventSelect {
  return {
    minSeverity: severityRank(leastSeverity(rule)),
    ...{ rules: rule.rules, withoutRules: rule.without_rules, sources: rule.sources },
    ...{ profiles: rule.profiles, phases: rule.phases },
  }
}

/** The least severity that an alert rule looks at: as it says, otherwise `error`; any if it lists its signatures. */
function leastSeverity({ min_severity, rules }: SignatureRule): (typeof SEVERITIES)[number] {
  return min_severity ?? (rules === undefined ? 'error' : 'info')
}

/** Could events of this signature count for a rule? The query for its details decides. */
export function mayCount(rule: SignatureRule, known: KnownSignature): boolean {
  return (
    severityRank(known.severity) >= severityRank(leastSeverity(rule)) &&
    (rule.rules === undefined || rule.rules.includes(known.rule)) &&
    rule.without_rules?.includes(known.rule) !== true
  )
}

/** Are these events enough for a notice? */
export function isEnough(rule: Enough, details: SignatureDetails): boolean {
  return (
    details.count >= rule.min_count &&
    details.sessions >= rule.min_sessions &&
    details.hosts >= rule.min_hosts
  )
}
