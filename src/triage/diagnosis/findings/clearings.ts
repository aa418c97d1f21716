import type { EventJson } from '../../../event-json.ts'
import type { Rule } from '../../../interpret/rule.ts'
import { grouped } from '../../grouped.ts'
import { isTimed } from '../story.ts'

/** A condition whose rule says what ends it. */
export type Ending = Rule & { readonly type: 'condition' }

/** They are looked for once in a set of rules, not for each attempt. */
const ENDINGS = new WeakMap<readonly Rule[], readonly Ending[]>()

/** The conditions whose rules say what ends them. */
export function endingsOf(rules: readonly Rule[]): readonly Ending[] {
  const known = ENDINGS.get(rules)
  if (known !== undefined) return known
  const endings = rules.filter(
    (rule): rule is Ending =>
      rule.type === 'condition' && (rule.clearsOn.length > 0 || rule.withinMs !== undefined),
  )
  ENDINGS.set(rules, endings)
  return endings
}

/** Events by the rule that raised them. */
export type ByRule = ReadonlyMap<string, readonly EventJson[]>

/** Sorts events by the rule that raised them. */
export function byRule(events: readonly EventJson[]): ByRule {
  return grouped(events, ({ rule_id = '' }) => rule_id)
}

type Known = {
  /** Events of the machines around that name no desktop, by rule: they may end a condition, too. */
  readonly around: ByRule | undefined
  /** The time up to which the logs report. */
  readonly untilMs: number
}

/**
 * For each event of a condition that has ended, when it ended. Events that are not in the result belong to a condition that
 * goes on, as far as is known.
 */
export function clearingsOf(
  events: ByRule,
  conditions: readonly Ending[],
  { around, untilMs }: Known,
): ReadonlyMap<EventJson, string> {
  const cleared = new Map<EventJson, string>()
  for (const { id, clearsOn, withinMs } of conditions) {
    const raised = events.get(id)
    if (raised === undefined) continue
    const enders = clearsOn.flatMap((rule) => [...(events.get(rule) ?? []), ...(around?.get(rule) ?? [])])
    for (const event of raised) {
      let first =
        withinMs === undefined ? undefined : silenceAfter(event, { raised: raised, withinMs, untilMs })
      for (const ender of enders) {
        if ((first === undefined || ender.ts < first) && isAfter(ender, event)) first = ender.ts
      }
      if (first !== undefined) cleared.set(event, first)
    }
  }
  return cleared
}

/** Within one file, by position; otherwise both must have a time of their own. */
function isAfter(later: EventJson, event: EventJson): boolean {
  if (later.file === event.file && later.generation === event.generation) return later.offset > event.offset
  return isTimed(later) && isTimed(event) && later.ts > event.ts
}

type Silence = {
  readonly raised: readonly EventJson[]
  readonly withinMs: number
  readonly untilMs: number
}

/** When a condition ended because it was no longer reported. Undefined if it is still reported, or if nobody can know. */
function silenceAfter(event: EventJson, { raised, withinMs, untilMs }: Silence): string | undefined {
  if (!isTimed(event)) return undefined
  const later = raised
    .filter((other) => isTimed(other) && other.ts >= event.ts)
    .map(({ ts }) => Date.parse(ts))
  let lastMs = Date.parse(event.ts)
  for (const ms of later.sort((a, b) => a - b)) {
    if (ms - lastMs > withinMs) break
    lastMs = ms
  }
  return lastMs + withinMs < untilMs
    ? new Date(lastMs + withinMs).toISOString().replace('Z', '000Z')
    : undefined
}
