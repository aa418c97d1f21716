import type { EventJson } from '../../../event-json.ts'
import type { RuleSet } from '../../../interpret/load-rules.ts'
import type { Rule } from '../../../interpret/rule.ts'
import type { RuleDescription } from '../../../interpret/rule-description.ts'
import { grouped } from '../../grouped.ts'
import { type Attempt, isShared, lastLineOf } from '../story.ts'
import { type ByRule, byRule, clearingsOf, endingsOf } from './clearings.ts'
import { type Hit, happenings, hitsOf } from './correlated.ts'
import { eventOfHit, eventOfWait } from './event-of-rule.ts'
import { ownAbsences, type VainWaits, vainWaits } from './vain-waits.ts'

/**
 * What several events say together: a correlation that holds, a condition with its begin and end, or something that should
 * have followed and did not; and an impairment: what failed of a step that the desktop works without. Times are ISO 8601, UTC.
 */
export type FindingJson = {
  readonly rule_id: string
  readonly title: string
  readonly severity: string
  readonly phase: string
  readonly type: 'sequence' | 'threshold' | 'absence' | 'condition' | 'impairment'
  readonly per: 'session' | 'host' | 'cluster'
  /** Number of events behind it; for an absence, of events after which nothing followed. */
  readonly count: number
  readonly first_seen: string
  readonly last_seen: string
  /** When a condition ended, the last time; absent while it goes on. */
  readonly cleared_at?: string
  /** How often a condition came and ended, if more than once. */
  readonly times?: number
  /** Places of the last of the events, as file and first byte. */
  readonly evidence: readonly string[]
}

/** An attempt, with what its events say together. */
export type Understood = {
  /** With the events that correlations add, and for events of conditions the time at which they were cleared. */
  readonly attempt: Attempt
  readonly findings: readonly FindingJson[]
  /** The events that rules make of several others, waits in vain among them. */
  readonly made: readonly EventJson[]
  readonly not_checked: readonly { readonly source: string; readonly reason: string }[]
}

/** Events of shared machines that name no desktop, by cluster and rule. */
export type Unassigned = ReadonlyMap<string, ByRule>

/** Groups the events that name no desktop, once for all desktops of a story. */
export function unassignedOf(events: readonly EventJson[]): Unassigned {
  const clusters = grouped(events, ({ cluster = '' }) => cluster)
  return new Map([...clusters].map(([cluster, ofCluster]) => [cluster, byRule(ofCluster)]))
}

/**
 * Evaluates every rule that looks at several events of an attempt, except rules about a whole cluster. `around` are the
 * events of machines around it that name no desktop: they may end a condition.
 */
export function understood(attempt: Attempt, ruleSet: RuleSet, around: Unassigned): Understood {
  const { rules, correlations } = ruleSet
  const repeated = correlations.filter(({ type, per }) => type !== 'absence' && per !== 'cluster')
  const { hits, untimed } = hitsOf(attempt.events, repeated)
  const endings = endingsOf(rules)
  const eventsByRule = byRule(attempt.events)
  const cleared = clearingsOf(eventsByRule, endings, {
    around: around.get(attempt.cluster),
    untilMs: Date.parse(lastLineOf(attempt.files)),
  })
  const ofHits = hits.map((hit) => eventOfHit(hit, attempt))
  const events = [
    ...attempt.events.map((event) => {
      const cleared_at = cleared.get(event)
      return cleared_at === undefined ? event : { ...event, cleared_at }
    }),
    ...ofHits,
  ]
  const waits = waitsOf({ ...attempt, events }, ruleSet, around.get(attempt.cluster))
  return {
    attempt: { ...attempt, events },
    made: [
      ...ofHits,
      ...waits.vain.flatMap(({ rule, begins }) => begins.map((begin) => eventOfWait(rule, begin, attempt))),
    ],
    findings: [
      ...hits.map(findingOfHit),
      ...waits.vain.map(findingOfWait),
      ...conditionsIn(eventsByRule, endings, cleared),
    ].sort(byBegin),
    not_checked: [
      ...[...untimed, ...waits.untimed].map(({ title, looksAt }) => ({
        source: sourcesOf(attempt.events, looksAt),
        reason: `its lines have no times of their own, so "${title}" is not judged`,
      })),
      ...unheardOf(waits),
    ],
  }
}

/** The rules that wait for a line of a log that was not read: nobody can say whether they wait in vain. */
function unheardOf({ unheard }: VainWaits): Understood['not_checked'] {
  return unheard.map(({ rule, sources }) => ({
    source: sources.join(', '),
    reason: `no such log of it was read, so "${rule.title}" is not judged`,
  }))
}

/** The operator's rules of type absence that hold for an attempt. Events that name no desktop may be what a rule expects. */
function waitsOf({ files, events }: Attempt, ruleSet: RuleSet, around: ByRule | undefined): VainWaits {
  const absences = ownAbsences(ruleSet).filter(({ per }) => per !== 'cluster')
  if (absences.length === 0) return { vain: [], untimed: [], unheard: [] }
  const awaited = absences.flatMap(({ expects }) => expects)
  const shared = [...(around?.values() ?? [])].flat()
  const sources = new Set([...files, ...events, ...shared].flatMap(({ source }) => source ?? []))
  const ownMs = lastMs([lastLineOf(files), ...events.map(({ ts }) => ts)])
  const aroundMs = Math.max(ownMs, lastMs(shared.map(({ ts }) => ts)))
  const kindsOf = (id: string) => ruleSet.rules.find((rule) => rule.id === id)?.source.kinds ?? []
  return vainWaits(absences, ruleSet, {
    events: [...events, ...shared.filter(({ rule_id = '' }) => awaited.includes(rule_id))],
    sources,
    // The log of a desktop ends with the desktop; the logs of the machines around it go on.
    untilMs: ({ expects }) => (expects.flatMap(kindsOf).some(isShared) ? aroundMs : ownMs),
  })
}

/** The last of some times, ms; 0 if there is none. */
export function lastMs(times: readonly string[]): number {
  return times.reduce((last, time) => Math.max(last, Date.parse(time) || 0), 0)
}

/** What a wait in vain is for people. */
export function findingOfWait({ rule, begins }: VainWaits['vain'][number]): FindingJson {
  return findingOf(rule, begins, { type: 'absence', per: rule.per })
}

/** What a rule that holds is for people. */
export function findingOfHit({ rule, run }: Hit): FindingJson {
  const type = rule.type === 'sequence' ? 'sequence' : 'threshold'
  return findingOf(rule, run, { type, per: rule.per })
}

/**
 * For each condition one finding about the times when it held and ended, and one while it goes on. Conditions of severity info
 * appear only in the timeline.
 */
function conditionsIn(
  events: ByRule,
  endings: readonly Rule[],
  cleared: ReadonlyMap<EventJson, string>,
): FindingJson[] {
  const grave = endings.filter(({ severity }) => severity !== 'info')
  return grave.flatMap((rule) => {
    const raised = happenings(events.get(rule.id) ?? [])
    const ended = raised.filter((event) => cleared.has(event))
    const ends = [...new Set(ended.map((event) => cleared.get(event) ?? ''))].sort()
    const goingOn = raised.filter((event) => !cleared.has(event))
    const kind = { type: 'condition', per: 'session' } as const
    return [
      ...(ended.length === 0
        ? []
        : [
            {
              ...findingOf(rule, ended, kind),
              cleared_at: ends.at(-1) ?? '',
              ...(ends.length > 1 ? { times: ends.length } : {}),
            },
          ]),
      ...(goingOn.length === 0 ? [] : [findingOf(rule, goingOn, kind)]),
    ]
  })
}

/** A finding of a rule from the events behind it, oldest first. */
export function findingOf(
  { id, title, severity, phase }: RuleDescription,
  run: readonly EventJson[],
  kind: Pick<FindingJson, 'type' | 'per'>,
): FindingJson {
  return {
    ...{ rule_id: id, title, severity, phase, ...kind, count: run.length },
    ...{ first_seen: run[0]?.ts ?? '', last_seen: run.at(-1)?.ts ?? '' },
    evidence: run.slice(-MOST_PLACES).map(({ file, offset }) => `${file}, byte ${offset}`),
  }
}

const MOST_PLACES = 5

function sourcesOf(events: readonly EventJson[], rules: readonly string[]): string {
  const ofRules = events.filter(({ rule_id }) => rules.includes(rule_id ?? ''))
  return [...new Set(ofRules.flatMap(({ source }) => source ?? []))].join(', ')
}

function byBegin(a: FindingJson, b: FindingJson): number {
  return a.first_seen < b.first_seen ? -1 : a.first_seen > b.first_seen ? 1 : 0
}
