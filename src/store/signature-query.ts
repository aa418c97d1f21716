import type { Store } from './client.ts'
import { allOf, fixed, within } from './conditions.ts'
import { DATABASE } from './database.ts'
import { BY_SUMMARY, SUMMARY_LIMITS } from './query-limits.ts'
import { isoText, timeParam } from './sql-time.ts'

export type SeenFilter = { readonly from?: string | undefined; readonly to?: string | undefined }

/** What is stored of one rule, or of one template that no specific rule explains. Times are ISO 8601, UTC. */
export type SeenRow = {
  readonly kind: string
  readonly rule_id: string
  readonly template_id: string
  readonly severity: string
  readonly first_seen: string
  readonly last_seen: string
  readonly count: number
  readonly sessions: number
  readonly hosts: number
  /** Some of its desktops, `owner/name`. */
  readonly desktops: readonly string[]
  readonly profiles: readonly string[]
  /** Some of its messages, newest first. */
  readonly examples: readonly string[]
  readonly source: string
  readonly level: string
}

/** Events of one hour, counted back from the end: 0 is the last one. */
export type HourRow = {
  readonly rule_id: string
  readonly template_id: string
  readonly hour: number
  readonly count: number
}

/** The time of the first event of a source and product generation. */
export type StartRow = { readonly source: string; readonly profile: string; readonly first_seen: string }

const MAX_EXAMPLES = 5
const MAX_DESKTOPS = 500
const HOURS = 24
/** Longer messages are cut, since they are examples. */
const EXAMPLE_LENGTH = 4000

/** Failures by rule and template. Without a time span, the query has the shape of the projection `seen`, which is small. */
export function selectSeen(store: Store, filter: SeenFilter): Promise<SeenRow[]> {
  const { sql, params } = allOf([fixed("t.kind != 'milestone'"), fixed('t.counted = 1'), ...within(filter)])
  return store.query<SeenRow>(
    `SELECT if(max(t.template_id != '') = 1, 'template', 'rule') AS kind, t.rule_id AS rule_id, t.template_id AS template_id,
       argMax(t.severity, indexOf(['info', 'warning', 'error', 'critical'], t.severity)) AS severity,
       ${isoText('min(t.ts)')} AS first_seen, ${isoText('max(t.ts)')} AS last_seen,
       toFloat64(count()) AS count, toFloat64(uniqExactIf((t.owner, t.session), t.session != '')) AS sessions,
       toFloat64(uniqExactIf(t.host, t.host != '')) AS hosts,
       groupUniqArrayIf(${MAX_DESKTOPS})(concat(t.owner, '/', t.session), t.session != '') AS desktops,
       arraySort(groupUniqArray(t.profile)) AS profiles,
       arrayDistinct(arrayMap(p -> p.2, arrayReverseSort(groupArraySample(${MAX_EXAMPLES}, 1)((t.ts, substringUTF8(t.message, 1, ${EXAMPLE_LENGTH})))))) AS examples,
       argMax(t.source, t.ts) AS source, argMax(t.level, t.ts) AS level
     FROM ${DATABASE}.events AS t WHERE ${sql} GROUP BY t.rule_id, t.template_id SETTINGS ${SUMMARY_LIMITS}`,
    params,
  )
}

/** A log whose path names no desktop, with failures of a rule or template. */
export type UnnamedRow = {
  readonly rule_id: string
  readonly template_id: string
  readonly host: string
  readonly file: string
  readonly source: string
}

/** Failures in logs whose paths name no desktop, by rule, template and log. */
export function selectUnnamed(store: Store, filter: SeenFilter): Promise<UnnamedRow[]> {
  const { sql, params } = allOf([
    fixed("t.session = ''"),
    fixed("t.kind != 'milestone'"),
    fixed('t.counted = 1'),
    ...within(filter),
  ])
  return store.query<UnnamedRow>(
    `SELECT rule_id, template_id, host, file, any(t.source) AS source FROM ${DATABASE}.events AS t WHERE ${sql}
     GROUP BY rule_id, template_id, host, file SETTINGS ${SUMMARY_LIMITS}`,
    params,
  )
}

/** Their events in the last day before `to`, by hour. */
export function selectHours(store: Store, to: string): Promise<HourRow[]> {
  const end = timeParam('to')
  return store.query<HourRow>(
    `SELECT rule_id, template_id, toUInt8(intDiv(dateDiff('second', ts, ${end}), 3600)) AS hour, toFloat64(count()) AS count
     FROM ${DATABASE}.events
     WHERE kind != 'milestone' AND duplicate_of = '' AND ts <= ${end} AND ts > ${end} - INTERVAL ${HOURS} HOUR
     GROUP BY rule_id, template_id, hour SETTINGS ${SUMMARY_LIMITS}`,
    { to },
  )
}

/** The time of the first event of each source and product generation. Lines expire, events stay. */
export function selectStarts(store: Store): Promise<StartRow[]> {
  const first = (table: string) =>
    `SELECT source, profile, min(ts) AS at FROM ${DATABASE}.${table} GROUP BY source, profile`
  return store.query<StartRow>(
    `SELECT source, profile, ${isoText('min(at)')} AS first_seen
     FROM (${first('events')} UNION ALL ${first('lines')}) GROUP BY source, profile SETTINGS ${SUMMARY_LIMITS}, ${BY_SUMMARY}`,
  )
}

/** The time of the first event of a rule or template after `afterMs`, ms; undefined if there is none. Copies do not count. */
export async function selectFirstAfter(
  store: Store,
  {
    kind,
    ids,
    afterMs,
  }: { readonly kind: string; readonly ids: readonly string[]; readonly afterMs: number },
): Promise<number | undefined> {
  const after = new Date(afterMs).toISOString()
  const [row] = await store.query<{ readonly count: number; readonly first: number }>(
    `SELECT toFloat64(count()) AS count, toFloat64(toUnixTimestamp64Milli(min(ts))) AS first FROM ${DATABASE}.events
     WHERE ${kind === 'rule' ? "rule_id IN {ids:Array(String)} AND template_id = ''" : 'template_id IN {ids:Array(String)}'}
       AND kind != 'milestone' AND duplicate_of = '' AND ts > ${timeParam('after')}
     SETTINGS ${SUMMARY_LIMITS}`,
    { ids, after },
  )
  return row === undefined || row.count === 0 ? undefined : row.first
}
