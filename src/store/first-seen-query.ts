import { type Arrival, inSpan, type Span, timeOf } from './alert-span.ts'
import type { Store } from './client.ts'
import { DATABASE } from './database.ts'
import { EVALUATION_LIMITS } from './query-limits.ts'

/**
 * The time at which the first line of all counts, ms; undefined if there is none. Lines expire, so events are searched as
 * well.
 */
export async function selectFirstLine(store: Store, arrival: Arrival): Promise<number | undefined> {
  const first = (table: string) =>
    `SELECT min(${timeOf(arrival)}) AS at, count() AS rows FROM ${DATABASE}.${table} AS t HAVING rows > 0`
  const [row] = await store.query<{ first_ms: number; rows: number }>(
    `SELECT toFloat64(min(at)) AS first_ms, toUInt32(count()) AS rows
     FROM (${first('events')} UNION ALL ${first('lines')}) SETTINGS ${EVALUATION_LIMITS}`,
  )
  return row === undefined || row.rows === 0 ? undefined : row.first_ms
}

/** The time at which the first line of each source counts, by product generation. */
export function selectSourceStarts(store: Store, sources: readonly string[], arrival: Arrival) {
  const first = (table: string) =>
    `SELECT toString(t.source) AS source, toString(t.profile) AS profile, min(${timeOf(arrival)}) AS at
     FROM ${DATABASE}.${table} AS t WHERE t.source IN {sources:Array(String)} GROUP BY source, profile`
  return store.query<{ readonly source: string; readonly profile: string; readonly first_ms: number }>(
    `SELECT source, profile, toFloat64(min(at)) AS first_ms
     FROM (${first('events')} UNION ALL ${first('lines')}) GROUP BY source, profile SETTINGS ${EVALUATION_LIMITS}`,
    { sources },
  )
}

/** A value that shows what is installed, with the time of its first event within a span, ms since the epoch. */
export type SeenValue = {
  readonly kind: 'profile' | 'ami' | 'version'
  readonly cluster: string
  readonly value: string
  readonly first_ms: number
}

/** Product generations, AMIs and captured versions by cluster, with the time of their first event. */
export function selectInstalled(store: Store, span: Span): Promise<SeenValue[]> {
  const { at, where, params } = inSpan(span)
  return store.query<SeenValue>(
    `SELECT tupleElement(seen, 1) AS kind, toString(t.cluster) AS cluster, tupleElement(seen, 2) AS value,
       toFloat64(min(${at})) AS first_ms
     FROM ${DATABASE}.events AS t
     ARRAY JOIN [('profile', toString(t.profile)), ('ami', extract(t.message, '\\\\bami-[0-9a-f]{8,17}\\\\b')),
       ('version', if(t.kind = 'milestone' AND t.captures['version'] != '', concat(toString(t.rule_id), ' ', t.captures['version']), ''))] AS seen
     WHERE value != '' AND ${where}
     GROUP BY kind, cluster, value ORDER BY first_ms LIMIT 1000 SETTINGS ${EVALUATION_LIMITS}`,
    params,
  )
}
