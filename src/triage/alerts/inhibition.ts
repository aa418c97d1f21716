import type { Labels } from './labels.ts'
import { type Matcher, matchesAll } from './matchers.ts'

/**
 * While an alert that matches `source` fires, alerts that match `target` with the same values of some labels are not
 * reported.
 */
export type InhibitRule = {
  readonly source: readonly Matcher[]
  readonly target: readonly Matcher[]
  readonly equal: readonly string[]
}

/**
 * The firing alerts that inhibit an alert. As in Alertmanager, an alert that matches both source and target cannot be
 * inhibited by another such one.
 */
export function inhibitors(
  labels: Labels,
  firing: readonly Labels[],
  rules: readonly InhibitRule[],
): readonly Labels[] {
  return rules.flatMap(({ source, target, equal }) => {
    if (!matchesAll(target, labels)) return []
    const isBoth = matchesAll(source, labels)
    return firing.filter(
      (other) =>
        matchesAll(source, other) &&
        !(isBoth && matchesAll(target, other)) &&
        equal.every((name) => (other[name] ?? '') === (labels[name] ?? '')),
    )
  })
}
