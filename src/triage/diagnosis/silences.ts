import type { EventJson } from '../../event-json.ts'
import type { Correlation } from '../../interpret/correlation.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'

/** Something that should have followed and did not: the rule that says so and the event that began the wait. */
export type Silence = { readonly rule: Correlation; readonly begin: EventJson; readonly atMs: number }

/**
 * What is missing from an attempt, by the rules of type absence. A rule that waits for files nobody reads says nothing.
 * `events` are in the order of things; `untilMs` is when the looking ended.
 */
export function silencesOf(
  events: readonly EventJson[],
  { rules, correlations }: RuleSet,
  collected: ReadonlySet<string>,
  untilMs: number,
): Silence[] {
  const kinds = new Map(rules.map((rule) => [rule.id, rule.source.kinds]))
  const known = events.filter(({ rule_id }) => rule_id !== undefined)
  const seen = known.map((event) => ({ ruleId: event.rule_id ?? '', atMs: Date.parse(event.ts), event }))
  return correlations
    .filter((rule) => rule.type === 'absence' && rule.per !== 'cluster' && rule.severity !== 'warning')
    .filter((rule) => isHeard(rule, kinds, collected))
    .flatMap((rule) =>
      rule.evaluate(seen, untilMs).flatMap(({ events: [begin], atMs }) => {
        const event = seen.find((one) => one === begin)?.event
        return event === undefined ? [] : [{ rule, begin: event, atMs }]
      }),
    )
}

/** Is a file read in which the awaited would stand? */
function isHeard(
  { looksAt }: Correlation,
  kinds: ReadonlyMap<string, readonly string[] | undefined>,
  collected: ReadonlySet<string>,
): boolean {
  return looksAt.some((id) => kinds.get(id)?.some((kind) => collected.has(kind)) ?? false)
}
