import { join } from 'node:path'
import { RULES_FOLDER } from '../../../config.ts'
import type { EventJson } from '../../../event-json.ts'
import type { Correlation } from '../../../interpret/correlation.ts'
import type { RuleSet } from '../../../interpret/load-rules.ts'
import { isTimed } from '../story.ts'
import { happenings } from './correlated.ts'

/** What was read where something may be missing. */
export type Known = {
  /** All events there, in any order. */
  readonly events: readonly EventJson[]
  /** Kinds of files that were read. */
  readonly sources: ReadonlySet<string>
  /** For a rule, the time up to which the logs report. */
  readonly untilMs: (rule: Correlation) => number
}

export type VainWaits = {
  /** Rules of type absence that hold, each with the events after which the expected one never came. */
  readonly vain: readonly { readonly rule: Correlation; readonly begins: readonly EventJson[] }[]
  /** Rules that would hold only if lines without a time had been written at the time of their file, which nobody knows. */
  readonly untimed: readonly Correlation[]
  /** Rules that expect an event from files that nobody read. */
  readonly unheard: readonly { readonly rule: Correlation; readonly sources: readonly string[] }[]
}

/**
 * Rules of type absence that an operator wrote: each is reported where it holds. Those that ship are used only for desktops
 * that stall, since a desktop may be well though a log with its milestones was never collected.
 */
export function ownAbsences({ correlations, file }: RuleSet): readonly Correlation[] {
  return correlations.filter(
    ({ id, type, status }) =>
      type === 'absence' && status !== 'deprecated' && !file(id).startsWith(join(RULES_FOLDER, '/')),
  )
}

/** Evaluates rules of type absence on what one desktop, host or cluster wrote. Time is what the logs cover, not the clock. */
export function vainWaits(
  absences: readonly Correlation[],
  { rules }: RuleSet,
  { events, sources, untilMs }: Known,
): VainWaits {
  const vain: VainWaits['vain'][number][] = []
  const untimed: Correlation[] = []
  const unheard: VainWaits['unheard'][number][] = []
  for (const rule of absences) {
    const starts = happenings(events.filter(({ rule_id = '' }) => rule.looksAt.includes(rule_id)))
    const seen = starts.map((event) => ({ ruleId: event.rule_id ?? '', atMs: Date.parse(event.ts), event }))
    const begins = rule.evaluate(seen, untilMs(rule)).flatMap((wait) => wait.events.map(({ event }) => event))
    if (begins.length === 0) continue
    const kinds = rule.expects.map((id) => rules.find((one) => one.id === id)?.source.kinds)
    const isHeard = kinds.some((wanted) => wanted?.some((kind) => sources.has(kind)) ?? true)
    if (!isHeard) unheard.push({ rule, sources: [...new Set(kinds.flatMap((its) => its ?? []))] })
    else if (starts.some((event) => !isTimed(event))) untimed.push(rule)
    else vain.push({ rule, begins })
  }
  return { vain, untimed, unheard }
}
