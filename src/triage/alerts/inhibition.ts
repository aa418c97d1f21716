import type { Labels } from './labels.ts'
import { type Matcher, matchesAll } from './matchers.ts'

/** While an alert of the source fires, alerts of the target with the same values of some labels are not told. */
export type InhibitRule = {
  readonly source: readonly Matcher[]
  readonly target: readonly Matcher[]
  readonly equal: readonly string[]
}

/** The alerts that fire and hold an alert back. As with Alertmanager one that is source and target cannot be by its like. */
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
