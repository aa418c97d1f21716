import type { Problem } from './condition.ts'
import type { CorrelationDefinition, StoryDefinition } from './correlation-schema.ts'
import { descriptionOf, type RuleDescription } from './rule-description.ts'

/** What a correlation sees of an event: the rule that raised it, and its time (ms). */
export type CorrelatedEvent = { readonly ruleId: string; readonly atMs: number }

/**
 * A correlation that holds, since `atMs`: for an absence the end of the wait, otherwise the time of the last event that makes
 * it hold.
 */
type Correlated<Event extends CorrelatedEvent = CorrelatedEvent> = {
  readonly atMs: number
  readonly events: readonly Event[]
  /** `events`, followed by later events that prolong the same hit. */
  readonly run: readonly Event[]
}

/** A rule about the events of one desktop, host or cluster. */
export type Correlation = RuleDescription & {
  readonly type: 'absence' | 'sequence' | 'threshold'
  readonly per: 'session' | 'host' | 'cluster'
  readonly withinMs: number
  /** All rules whose events it looks at. */
  readonly looksAt: readonly string[]
  /** For an absence, the rules whose events it waits for. */
  readonly expects: readonly string[]
  readonly samples: {
    readonly match: readonly StoryDefinition[]
    readonly noMatch: readonly StoryDefinition[]
  }
  /** Evaluates it on the events of one story, in order of time, known up to `untilMs`. */
  evaluate<Event extends CorrelatedEvent>(events: readonly Event[], untilMs: number): Correlated<Event>[]
}

/** Compiles a definition that its schema has accepted. */
export function compileCorrelation(definition: CorrelationDefinition): Correlation {
  const { samples } = definition
  return {
    ...descriptionOf(definition),
    type: definition.type,
    per: definition.per,
    withinMs: definition.within,
    looksAt: lookedAt(definition),
    expects: definition.type === 'absence' ? definition.expects : [],
    samples: { match: samples.match, noMatch: samples.no_match },
    evaluate: evaluator(definition),
  }
}

/** Tests a correlation with the sample stories in its definition. */
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

/** A beginning that no expected event follows in time; a repeated beginning restarts the wait. */
function absences<Event extends CorrelatedEvent>(
  { after, expects, within }: Of<'absence'>,
  events: readonly Event[],
  untilMs: number,
): Correlated<Event>[] {
  return events.flatMap((begin, index) => {
    if (!after.includes(begin.ruleId) || begin.atMs + within > untilMs) return []
    const met = events
      .slice(index + 1)
      .some(({ ruleId, atMs }) => atMs <= begin.atMs + within && [...expects, ...after].includes(ruleId))
    return met ? [] : [{ atMs: begin.atMs + within, events: [begin], run: [begin] }]
  })
}

/** The steps in order, with or without others between them, starting from each first step. */
function sequences<Event extends CorrelatedEvent>(
  { steps, within }: Of<'sequence'>,
  events: readonly Event[],
): Correlated<Event>[] {
  const found: Correlated<Event>[] = []
  for (let start = 0; start < events.length; start++) {
    const taken: Event[] = []
    for (let at = start; at < events.length && taken.length < steps.length; at++) {
      const event = events[at] as Event
      if (event.atMs - (taken[0] ?? event).atMs > within) break
      if (event.ruleId === steps[taken.length]) taken.push(event)
      else if (at === start) break
    }
    if (taken.length < steps.length) continue
    const last = taken.at(-1) as Event
    found.push({ atMs: last.atMs, events: taken, run: taken })
    start = events.indexOf(last)
  }
  return found
}

/** The required number of events within a window; reported once per run of them. */
function thresholds<Event extends CorrelatedEvent>(
  { of, count, within, apart = 0 }: Of<'threshold'>,
  events: readonly Event[],
): Correlated<Event>[] {
  const counted: Event[] = []
  for (const event of events) {
    const last = counted.at(-1)
    const isNew = last === undefined || event.atMs - last.atMs >= apart
    if (of.includes(event.ruleId) && isNew) counted.push(event)
  }
  const found: { atMs: number; events: readonly Event[]; run: Event[] }[] = []
  let begin = 0
  let isGoingOn = false
  for (const [at, event] of counted.entries()) {
    while (event.atMs - (counted[begin] as Event).atMs > within) begin++
    const isEnough = at + 1 - begin >= count
    if (isEnough && isGoingOn) found.at(-1)?.run.push(event)
    else if (isEnough) {
      const recent = counted.slice(begin, at + 1)
      found.push({ atMs: event.atMs, events: recent, run: [...recent] })
    }
    isGoingOn = isEnough
  }
  return found
}
