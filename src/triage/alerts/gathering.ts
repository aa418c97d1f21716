import type { AlertRule } from './alert-rule.ts'
import type { Gathering } from './groups.ts'

/**
 * How long to gather the new signatures of a rule: those of one desktop come within minutes and deserve one notice, and so do
 * those of one hour.
 */
export function gatheringOf(rules: readonly AlertRule[]): Gathering {
  return new Map(
    rules.flatMap((rule) => {
      if (rule.kind !== 'new_signature') return []
      return [[rule.id, { waitMs: rule.every, gatherMs: rule.gather ?? rule.recent }]]
    }),
  )
}
