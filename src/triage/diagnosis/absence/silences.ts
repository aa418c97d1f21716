import type { EventJson } from '../../../event-json.ts'
import type { Correlation } from '../../../interpret/correlation.ts'
import type { RuleSet } from '../../../interpret/load-rules.ts'
import type { Step } from '../course/phase-model.ts'
import { isShared, isTimed } from '../story.ts'

/** Something that should have followed and did not: the rule that expects it, and the event that started the wait. */
export type Silence = { readonly rule: Correlation; readonly begin: EventJson; readonly atMs: number }

/** What was read, and until when. */
export type Listening = {
  /** Kinds of files that were read. */
  readonly collected: ReadonlySet<string>
  readonly steps: readonly Step[]
  /** Would a log of the desktop's own have been read? */
  readonly readsOwn: boolean
  /** Up to this time events would have been seen. */
  readonly untilMs: number
}

export type Silences = {
  readonly missing: readonly Silence[]
  /** Rules that expect an event from files that nobody read. */
  readonly unheard: readonly { readonly rule: Correlation; readonly sources: readonly string[] }[]
}

/**
 * What is missing from an attempt, by the rules of type absence. A rule whose expected files nobody read says nothing about
 * the desktop. `events` are in the order of the course.
 */
export function silencesOf(
  events: readonly EventJson[],
  { rules, correlations }: RuleSet,
  { collected, steps, readsOwn, untilMs }: Listening,
): Silences {
  const known = events.filter(({ rule_id }) => rule_id !== undefined)
  const seen = known.map((event) => ({ ruleId: event.rule_id ?? '', atMs: Date.parse(event.ts), event }))
  const found = correlations
    .filter((rule) => rule.type === 'absence' && rule.per !== 'cluster' && rule.severity !== 'warning')
    .flatMap((rule) =>
      rule.evaluate(seen, untilMs).flatMap(({ events: [begin], atMs }) => {
        return begin === undefined ? [] : [{ rule, begin: begin.event, atMs }]
      }),
    )
  const awaited = (rule: Correlation) => [
    rule.expects.map((id) => rules.find((expected) => expected.id === id)?.source.kinds),
    steps.filter(({ phase }) => phase === rule.phase).map(({ sources }) => sources),
  ]
  const isHeard = heardBy(collected, readsOwn)
  const deaf = [...new Set(found.map(({ rule }) => rule))].filter((rule) => !awaited(rule).every(isHeard))
  return {
    missing: found.filter(({ rule }) => !deaf.includes(rule)),
    unheard: deaf.map((rule) => {
      const wanted = awaited(rule).find((kindsOf) => !isHeard(kindsOf)) ?? []
      return { rule, sources: [...new Set(wanted.flatMap((one) => one ?? []))] }
    }),
  }
}

/**
 * What a desktop is waiting for now. Waits that its own logs started take precedence over those that other machines started;
 * of those, the one that started last. Where a log has no timestamps, the rules are in the order of the phases: the last one is
 * taken, and within its file the wait that started last.
 */
export function lastOf(missing: readonly Silence[]): Silence | undefined {
  const ofItself = missing.filter(({ begin }) => !isShared(begin.source))
  const heard = ofItself.length > 0 ? ofItself : missing
  if (heard.every(({ begin }) => isTimed(begin)))
    return heard.toSorted((a, b) => (a.begin.ts < b.begin.ts ? -1 : a.begin.ts > b.begin.ts ? 1 : 0)).at(-1)
  const last = heard.at(-1)
  return heard
    .filter(
      ({ begin: { file, generation } }) => file === last?.begin.file && generation === last.begin.generation,
    )
    .sort((a, b) => a.begin.offset - b.begin.offset)
    .at(-1)
}

/**
 * Would an expected event have been seen, given the kinds of files it can appear in? A shared log must itself have been read.
 * A log of the desktop's own may be missing because nothing wrote it, so it is enough that it would have been read.
 */
function heardBy(collected: ReadonlySet<string>, readsOwn: boolean) {
  const isRead = (kind: string) => (isShared(kind) ? collected.has(kind) : readsOwn)
  return (awaited: readonly (readonly string[] | undefined)[]): boolean =>
    awaited.length === 0 || awaited.some((kinds) => kinds?.some(isRead) ?? true)
}
