import type { EventJson } from '../../event-json.ts'
import type { Correlation } from '../../interpret/correlation.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import type { Rule } from '../../interpret/rule.ts'
import type { Told } from '../../interpret/told.ts'
import { grouped } from '../grouped.ts'
import { type ByRule, byRule, clearingsOf, endingsOf } from './clearings.ts'
import { eventOfHit, type Hit, happenings, hitsOf } from './correlated.ts'
import { type Attempt, lastLineOf } from './story.ts'

/** What several events say together, or a condition that begins and ends; times are ISO 8601, UTC. */
export type FindingJson = {
  readonly rule_id: string
  readonly title: string
  readonly severity: string
  readonly phase: string
  readonly type: 'sequence' | 'threshold' | 'condition'
  readonly per: 'session' | 'host' | 'cluster'
  /** Events that make it up. */
  readonly count: number
  readonly first_seen: string
  readonly last_seen: string
  /** Of a condition: when it was over; absent while it goes on. */
  readonly cleared_at?: string
  /** The last of the events, as file and first byte. */
  readonly evidence: readonly string[]
}

/** An attempt with what its events say together. */
export type Understood = {
  /** Its events, those that correlations make, and with conditions when they were cleared. */
  readonly attempt: Attempt
  readonly findings: readonly FindingJson[]
  readonly not_checked: readonly { readonly source: string; readonly reason: string }[]
}

/** Events of shared machines that name no desktop, by cluster and rule. */
export type Unassigned = ReadonlyMap<string, ByRule>

/** Sorts what names no desktop, once for all the desktops of a story. */
export function unassignedOf(events: readonly EventJson[]): Unassigned {
  const clusters = grouped(events, ({ cluster = '' }) => cluster)
  return new Map([...clusters].map(([cluster, own]) => [cluster, byRule(own)]))
}

/**
 * Tries all that looks at several events of an attempt; the rules about a whole cluster are not among them. `around` are
 * the events of machines around it that name no desktop: they may end a condition.
 */
export function understood(
  attempt: Attempt,
  { rules, correlations }: RuleSet,
  around: Unassigned,
): Understood {
  const repeated = correlations.filter(({ type, per }) => type !== 'absence' && per !== 'cluster')
  const { hits, untimed } = hitsOf(attempt.events, repeated)
  const endings = endingsOf(rules)
  const own = byRule(attempt.events)
  const cleared = clearingsOf(own, endings, {
    around: around.get(attempt.cluster),
    untilMs: Date.parse(lastLineOf(attempt.files)),
  })
  const { cluster, owner, name, uuid, host } = attempt
  const subject = [cluster, owner, name, uuid, host].join('\0')
  const events = [
    ...attempt.events.map((event) => {
      const cleared_at = cleared.get(event)
      return cleared_at === undefined ? event : { ...event, cleared_at }
    }),
    ...hits.map((hit) => eventOfHit(hit, subject)),
  ]
  return {
    attempt: { ...attempt, events },
    findings: [...hits.map(findingOfHit), ...conditionsIn(own, endings, cleared)].sort(byBegin),
    not_checked: untimed.map(({ title, looksAt }) => ({
      source: sourcesOf(attempt.events, looksAt),
      reason: `its lines have no times of their own, so "${title}" is not judged`,
    })),
  }
}

/** Ids of the rules whose events are looked at for a whole cluster. */
export function clusterRules({ correlations }: RuleSet): string[] {
  const rules = correlations.filter(isOfCluster)
  return [...new Set(rules.flatMap(({ looksAt }) => looksAt))]
}

function isOfCluster({ type, per }: Correlation): boolean {
  return type !== 'absence' && per === 'cluster'
}

/** What the events of each cluster say together, whatever desktop they are of; by cluster. */
export function clusterFindings(
  events: readonly EventJson[],
  ruleSet: RuleSet,
): ReadonlyMap<string, readonly FindingJson[]> {
  const rules = ruleSet.correlations.filter(isOfCluster)
  const wanted = new Set(clusterRules(ruleSet))
  const told = events.filter(({ rule_id = '' }) => wanted.has(rule_id))
  const byCluster = grouped(told, ({ cluster = '' }) => cluster)
  return new Map([...byCluster].map(([cluster, own]) => [cluster, hitsOf(own, rules).hits.map(findingOfHit)]))
}

function findingOfHit({ rule, run }: Hit): FindingJson {
  const type = rule.type === 'sequence' ? 'sequence' : 'threshold'
  return findingOf(rule, run, { type, per: rule.per })
}

/** One for each time that a condition was on; what is only worth a note is in the timeline. */
function conditionsIn(
  events: ByRule,
  endings: readonly Rule[],
  cleared: ReadonlyMap<EventJson, string>,
): FindingJson[] {
  const grave = endings.filter(({ severity }) => severity !== 'info')
  return grave.flatMap((rule) => {
    const runs = grouped(happenings(events.get(rule.id) ?? []), (event) => cleared.get(event))
    return [...runs].map(([cleared_at, run]) => ({
      ...findingOf(rule, run, { type: 'condition', per: 'session' }),
      ...(cleared_at === undefined ? {} : { cleared_at }),
    }))
  })
}

function findingOf(
  { id, title, severity, phase }: Told,
  run: readonly EventJson[],
  kind: Pick<FindingJson, 'type' | 'per'>,
): FindingJson {
  return {
    ...{ rule_id: id, title, severity, phase, ...kind, count: run.length },
    ...{ first_seen: run[0]?.ts ?? '', last_seen: run.at(-1)?.ts ?? '' },
    evidence: run.slice(-MOST_PLACES).map(({ file, offset }) => `${file}:${offset}`),
  }
}

const MOST_PLACES = 5

function sourcesOf(events: readonly EventJson[], rules: readonly string[]): string {
  const own = events.filter(({ rule_id }) => rules.includes(rule_id ?? ''))
  return [...new Set(own.flatMap(({ source }) => source ?? []))].join(', ')
}

function byBegin(a: FindingJson, b: FindingJson): number {
  return a.first_seen < b.first_seen ? -1 : a.first_seen > b.first_seen ? 1 : 0
}
