import type { Problem } from './condition.ts'
import type { CorrelationDefinition, StoryDefinition } from './correlation-schema.ts'
import { type Told, toldOf } from './told.ts'

/** What a correlation sees of an event: which rule raised it, and when (ms). */
export type CorrelatedEvent = { readonly ruleId: string; readonly atMs: number }

/** When a correlation holds (ms): for an absence the end of the wait, else its last event. */
type Correlated = { readonly atMs: number; readonly events: readonly CorrelatedEvent[] }

/** A rule about the events of one desktop, host or cluster. */
export type Correlation = Told & {
  readonly type: 'absence' | 'sequence' | 'threshold'
  readonly per: 'session' | 'host' | 'cluster'
  readonly withinMs: number
  /** Every rule whose events it looks at. */
  readonly looksAt: readonly string[]
  readonly samples: {
    readonly match: readonly StoryDefinition[]
    readonly noMatch: readonly StoryDefinition[]
  }
  /** Events of one story in the order of their times, known up to `untilMs`. */
  evaluate(events: readonly CorrelatedEvent[], untilMs: number): Correlated[]
}

/** Compiles a definition that has passed its schema. */
export function compileCorrelation(definition: CorrelationDefinition): Correlation {
  const { samples } = definition
  return {
    ...toldOf(definition),
    type: definition.type,
    per: definition.per,
    withinMs: definition.within,
    looksAt: lookedAt(definition),
    samples: { match: samples.match, noMatch: samples.no_match },
    evaluate: evaluator(definition),
  }
}

/** Tries a correlation on the stories it comes with. */
export function storyProblems({ samples, evaluate }: Correlation): Problem[] {
  const holds = ({ events, until }: StoryDefinition) =>
    evaluate(
      events.map(({ rule, at }) => ({ ruleId: rule, atMs: at })),
      until,
    ).length > 0
  const problem = (kind: string, index: number, message: string) => ({
    path: ['samples', kind, index],
    message,
  })
  return [
    ...samples.match.flatMap((story, index) =>
      holds(story) ? [] : [problem('match', index, 'the rule does not hold in this story')],
    ),
    ...samples.noMatch.flatMap((story, index) =>
      holds(story) ? [problem('no_match', index, 'the rule holds in this story, but should not')] : [],
    ),
  ]
}

function lookedAt(definition: CorrelationDefinition): readonly string[] {
  if (definition.type === 'absence') return [...definition.after, ...definition.expects]
  return definition.type === 'sequence' ? definition.steps : definition.of
}

function evaluator(definition: CorrelationDefinition): Correlation['evaluate'] {
  switch (definition.type) {
    case 'absence':
      return (events, untilMs) => absences(definition, events, untilMs)
    case 'sequence':
      return (events) => sequences(definition, events)
    case 'threshold':
      return (events) => thresholds(definition, events)
  }
}

type Of<Type> = CorrelationDefinition & { readonly type: Type }

/** A beginning that nothing expected follows in time; one that begins again waits anew. */
function absences(
  { after, expects, within }: Of<'absence'>,
  events: readonly CorrelatedEvent[],
  untilMs: number,
): Correlated[] {
  return events.flatMap((begin, index) => {
    if (!after.includes(begin.ruleId) || begin.atMs + within > untilMs) return []
    const met = events
      .slice(index + 1)
      .some(({ ruleId, atMs }) => atMs <= begin.atMs + within && [...expects, ...after].includes(ruleId))
    return met ? [] : [{ atMs: begin.atMs + within, events: [begin] }]
  })
}

/** The steps in their order, others between them or not, from each first step on. */
function sequences({ steps, within }: Of<'sequence'>, events: readonly CorrelatedEvent[]): Correlated[] {
  const found: Correlated[] = []
  for (let start = 0; start < events.length; start++) {
    const taken: CorrelatedEvent[] = []
    for (let at = start; at < events.length && taken.length < steps.length; at++) {
      const event = events[at] as CorrelatedEvent
      if (event.atMs - (taken[0] ?? event).atMs > within) break
      if (event.ruleId === steps[taken.length]) taken.push(event)
      else if (at === start) break
    }
    if (taken.length < steps.length) continue
    found.push({ atMs: (taken.at(-1) as CorrelatedEvent).atMs, events: taken })
    start = events.indexOf(taken.at(-1) as CorrelatedEvent)
  }
  return found
}

/** So many events in a span; told once for each run of them. */
function thresholds(
  { of, count, within }: Of<'threshold'>,
  events: readonly CorrelatedEvent[],
): Correlated[] {
  const found: Correlated[] = []
  let recent: CorrelatedEvent[] = []
  for (const event of events) {
    if (!of.includes(event.ruleId)) continue
    const before = recent.length
    recent = [...recent.filter(({ atMs }) => event.atMs - atMs <= within), event]
    if (recent.length >= count && before < count) found.push({ atMs: event.atMs, events: recent })
  }
  return found
}
