import type { Correlation } from './correlation.ts'
import type { RuleSet } from './load-rules.ts'
import type { Rule } from './rule.ts'

/** A rule about records or about events. */
export type AnyRule = Rule | Correlation

/** All rules of a set. */
export function allRules({ rules, correlations }: RuleSet): AnyRule[] {
  return [...rules, ...correlations]
}

/** Do two sets give the same verdicts in the same words? */
export function isSameSet(a: RuleSet, b: RuleSet): boolean {
  return a.version === b.version && JSON.stringify(allRules(a)) === JSON.stringify(allRules(b))
}

/** All rules of a set, by id. */
export function rulesById(set: RuleSet): ReadonlyMap<string, AnyRule> {
  return new Map(allRules(set).map((rule) => [rule.id, rule]))
}
