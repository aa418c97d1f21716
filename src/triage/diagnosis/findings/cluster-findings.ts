import type { EventJson } from '../../../event-json.ts'
import type { Correlation } from '../../../interpret/correlation.ts'
import type { RuleSet } from '../../../interpret/load-rules.ts'
import { grouped } from '../../grouped.ts'
import type { FileFacts } from '../story.ts'
import { type Hit, hitsOf } from './correlated.ts'
import { clusterSubject, eventOfHit, eventOfWait } from './event-of-rule.ts'
import { type FindingJson, findingOfHit, findingOfWait, lastMs } from './findings.ts'
import { ownAbsences, type VainWaits, vainWaits } from './vain-waits.ts'

/** Ids of the rules whose events are looked at for a whole cluster, whether or not they belong to a desktop. */
export function clusterRules(ruleSet: RuleSet): string[] {
  return [
    ...new Set([
      ...rulesOfCluster(ruleSet).flatMap(({ looksAt }) => looksAt),
      ...ownAbsences(ruleSet).flatMap(({ per, looksAt, expects }) => (per === 'cluster' ? looksAt : expects)),
    ]),
  ]
}

/** By cluster, what its events say together, whether or not they belong to a desktop. */
export function clusterFindings(
  events: readonly EventJson[],
  ruleSet: RuleSet,
  files: readonly FileFacts[] = [],
): ReadonlyMap<string, readonly FindingJson[]> {
  const found = holdingIn(events, ruleSet, files)
  return new Map(
    [...found].map(([cluster, { hits, vain }]) => [
      cluster,
      [...hits.map(findingOfHit), ...vain.map(findingOfWait)],
    ]),
  )
}

/**
 * The events that rules about whole clusters make of what was written since `sinceMs`. A run that may have begun before is left
 * out, as its id depends on its begin: it was made when the run began.
 */
export function clusterEvents(
  events: readonly EventJson[],
  ruleSet: RuleSet,
  { files, sinceMs }: { readonly files: readonly FileFacts[]; readonly sinceMs: number },
): EventJson[] {
  const hasWholeRun = ({ rule, run }: Hit) => Date.parse(run[0]?.ts ?? '') >= sinceMs + rule.withinMs
  return [...holdingIn(events, ruleSet, files)].flatMap(([cluster, { hits, vain }]) => [
    ...hits.filter(hasWholeRun).map((hit) => eventOfHit(hit, clusterSubject(cluster))),
    ...vain.flatMap(({ rule, begins }) =>
      begins.map((begin) => eventOfWait(rule, begin, clusterSubject(cluster))),
    ),
  ])
}

type Holding = { readonly hits: readonly Hit[]; readonly vain: VainWaits['vain'] }

/**
 * The rules about a whole cluster that hold, by cluster. An absence holds once the logs reach far enough: up to the last of
 * `events`, and of `files` if given.
 */
function holdingIn(
  events: readonly EventJson[],
  ruleSet: RuleSet,
  files: readonly FileFacts[],
): ReadonlyMap<string, Holding> {
  const rules = rulesOfCluster(ruleSet)
  const absences = ownAbsences(ruleSet).filter(({ per }) => per === 'cluster')
  const wanted = new Set(clusterRules(ruleSet))
  const relevant = events.filter(({ rule_id = '' }) => wanted.has(rule_id))
  const byCluster = grouped(relevant, ({ cluster = '' }) => cluster)
  const holdingFor = (cluster: string, ofCluster: readonly EventJson[]): Holding => {
    const { hits } = hitsOf(ofCluster, rules)
    if (absences.length === 0) return { hits, vain: [] }
    const all = [...events, ...files].filter((row) => (row.cluster ?? '') === cluster)
    const untilMs = lastMs(all.map((row) => ('last_ts' in row ? row.last_ts : row.ts)))
    const sources = new Set(all.flatMap(({ source }) => source ?? []))
    const { vain } = vainWaits(absences, ruleSet, { events: ofCluster, sources, untilMs: () => untilMs })
    return { hits, vain }
  }
  return new Map([...byCluster].map(([cluster, ofCluster]) => [cluster, holdingFor(cluster, ofCluster)]))
}

function rulesOfCluster({ correlations }: RuleSet): readonly Correlation[] {
  return correlations.filter(({ type, per }) => type !== 'absence' && per === 'cluster')
}
