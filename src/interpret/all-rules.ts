import type { Correlation } from './correlation.ts'
import type { RuleSet } from './load-rules.ts'
import type { Rule } from './rule.ts'

/** A rule about records or about events. */
export type AnyRule = Rule | Correlation

/** All rules of a set. */
export function allRules({ rules, correlations }: RuleSet): AnyRule[] {
  return [...rules, ...correlations]
}

/** All rules of a set, by id. */
export function rulesById(set: RuleSet): ReadonlyMap<string, AnyRule> {
  return new Map(allRules(set).map((rule) => [rule.id, rule]))
}
