import { z } from 'zod'
import type { EventJson } from '../event-json.ts'
import { rulesById } from '../interpret/all-rules.ts'
import type { RuleSet } from '../interpret/load-rules.ts'
import { severityRank, worstFirst } from '../severity.ts'
import type { Library } from './answers.ts'
import { attemptsOf } from './diagnosis/attempts/attempts.ts'
import { sharedStory } from './diagnosis/stored-story.ts'
import type { Story } from './diagnosis/story.ts'
import { foldCopies } from './fold-copies.ts'
import { grouped } from './grouped.ts'
import { limit, time, timeOf } from './parameters.ts'

/** Failures of one kind on machines that serve many desktops, which tell of no desktop that is known. Times are ISO 8601, UTC. */
export type UnassignedJson = {
  readonly cluster: string
  readonly source: string
  /** '' for failures that no rule explains. */
  readonly rule_id: string
  readonly title: string
  readonly severity: string
  readonly phase: string
  readonly count: number
  readonly first_seen: string
  readonly last_seen: string
  /** The last of them. */
  readonly last: EventJson
}

export const UNASSIGNED = z.strictObject({
  from: time.default('7d'),
  to: time.optional(),
  limit: limit.default(100),
})

/** What machines that serve all desktops report, warnings and worse, and no known desktop is concerned by: the worst first. */
export async function askUnassigned(
  ask: z.infer<typeof UNASSIGNED>,
  { store, rules, nowMs, portal }: Library,
): Promise<{ readonly items: readonly UnassignedJson[] }> {
  const from = timeOf(ask.from, nowMs)
  const story = await sharedStory({ from, portal: await portal() }, store, isFailure)
  const found = story === undefined ? [] : ofNoDesktop(story)
  const before = ask.to === undefined ? found : found.filter(({ ts }) => ts < timeOf(ask.to ?? '', nowMs))
  return { items: unassignedKinds(before, rules).slice(0, ask.limit) }
}

function ofNoDesktop(story: Story): readonly EventJson[] {
  const { unassigned, ofControllers } = attemptsOf({ ...story, events: foldCopies(story.events) })
  return [...unassigned, ...ofControllers]
}

function isFailure({ kind, severity }: EventJson): boolean {
  return kind !== 'milestone' && severityRank(severity) >= severityRank('warning')
}

/** The failures among events that tell of no desktop, by kind: the worst first. */
export function unassignedKinds(events: readonly EventJson[], rules: RuleSet): UnassignedJson[] {
  const ruleById = rulesById(rules)
  const kinds = grouped(events.filter(isFailure), ({ cluster, source, rule_id, template_id }) =>
    [cluster, source, rule_id ?? template_id].join('\0'),
  )
  return [...kinds.values()]
    .flatMap((alike) => kindOf(alike, ruleById) ?? [])
    .toSorted((a, b) => worstFirst(a.severity, b.severity) || (a.last_seen < b.last_seen ? 1 : -1))
}

function kindOf(
  alike: readonly EventJson[],
  ruleById: ReturnType<typeof rulesById>,
): UnassignedJson | undefined {
  const inTime = alike.toSorted((a, b) => (a.ts < b.ts ? -1 : 1))
  const [first] = inTime
  const last = inTime.at(-1)
  if (first === undefined || last === undefined) return undefined
  const { cluster = '', source = '', rule_id = '', severity = '', phase = '' } = last
  const title = ruleById.get(rule_id)?.title ?? 'a failure that no rule explains'
  return {
    ...{ cluster, source, rule_id, title, severity, phase, count: alike.length },
    ...{ first_seen: first.ts, last_seen: last.ts, last },
  }
}
