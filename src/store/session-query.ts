import type { Store } from './client.ts'
import { allOf, type Condition, fixed, given, within } from './conditions.ts'
import { DATABASE } from './database.ts'
import { BY_SUMMARY, QUESTION_LIMITS } from './query-limits.ts'
import { isoText, timeParam } from './sql-time.ts'

export type SessionFilter = {
  readonly owner?: string | undefined
  readonly session?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit: number
  /** The last row of the previous page. */
  readonly after?: SessionCursor | undefined
}

/** The position of a desktop in the list, which is ordered by its last line (µs), newest first, then by names. */
type SessionCursor = {
  readonly micros: string
  readonly cluster: string
  readonly owner: string
  readonly name: string
}

export type DesktopName = { readonly owner: string; readonly name: string }

/** One desktop (cluster, owner, name) as stored; times are ISO 8601, UTC. */
export type SessionRow = DesktopName & {
  readonly cluster: string
  readonly attempts: number
  readonly host: string
  readonly profile: string
  readonly windows: number
  readonly first_seen: string
  readonly last_seen: string
  readonly failures: number
  readonly phase: string
  readonly last_rule_id: string
}

/**
 * Desktops by their last line, newest first. Counts are those of the last attempt (the last host directory). Logs of a host
 * name a desktop without its cluster and are not an attempt. Both queries have the shape of a projection (`files`,
 * `attempts`), which the engine then reads instead of the table.
 */
export function selectSessions(store: Store, filter: SessionFilter): Promise<SessionRow[]> {
  const { owner, session, from, to, after } = filter
  const named = allOf([
    fixed("owner != ''"),
    fixed("session != ''"),
    ...given('owner', owner, 'owner = {owner:String}'),
    ...given('session', session, 'session = {session:String}'),
  ])
  const seen = allOf([...within({ from, to }, 'last'), ...behind(after)])
  return store.query<SessionRow>(
    `SELECT l.place AS cluster, l.owner AS owner, l.name AS name, toUInt32(l.attempts) AS attempts, l.last_host AS host,
       l.last_profile AS profile, l.windows AS windows, ${isoText('l.first')} AS first_seen,
       ${isoText('l.last')} AS last_seen,
       toUInt32(e.failures) AS failures, e.last_phase AS phase, e.last_rule_id AS last_rule_id
     FROM (${desktopsSql(named.sql, seen.sql)}) AS l
     LEFT JOIN (${failuresSql(named.sql)}) AS e
       ON e.cluster = l.place AND e.owner = l.owner AND e.name = l.name AND e.host = l.last_host AND e.uuid = l.uuid
     ORDER BY l.last DESC, l.place, owner, name LIMIT ${Math.trunc(filter.limit)}
     SETTINGS ${QUESTION_LIMITS}`,
    { ...named.params, ...seen.params },
  )
}

/** One row for each desktop, from its logs: where it is, how often it was made, when it wrote. */
function desktopsSql(named: string, seen: string): string {
  return `
   SELECT if(cluster = '', named, cluster) AS place, owner, name,
     greatest(1, uniqExactIf((host, session_uuid), profile != 'host')) AS attempts,
     argMax(host, (profile != 'host', host != '', last_ts)) AS last_host,
     argMaxIf(session_uuid, last_ts, profile != 'host') AS uuid,
     argMax(profile, (profile != 'host', last_ts)) AS last_profile,
     max(source LIKE 'win-%' OR source = 'ec2launch') AS windows, min(first_ts) AS first, max(last_ts) AS last
   FROM (
     SELECT *, max(cluster) OVER (PARTITION BY owner, name) AS named FROM (
       SELECT cluster, owner, session AS name, session_uuid, host, profile, source, min(ts) AS first_ts, max(ts) AS last_ts
       FROM ${DATABASE}.lines WHERE ${named} GROUP BY cluster, owner, session, session_uuid, host, profile, source
     )
   )
   GROUP BY place, owner, name
   HAVING ${seen}`
}

/** One row for each attempt: how often it failed, and with which rule last. */
function failuresSql(named: string): string {
  return `
   SELECT cluster, owner, session AS name, host, session_uuid AS uuid,
     countIf(kind != 'milestone' AND severity IN ('error', 'critical')) AS failures,
     argMaxIf(phase, ts, phase != '') AS last_phase,
     argMaxIf(rule_id, ts, kind != 'milestone' AND severity IN ('error', 'critical')) AS last_rule_id
   FROM ${DATABASE}.events WHERE ${named} AND counted = 1 GROUP BY cluster, owner, session, host, session_uuid`
}

/** The condition for rows after the last one of a page. */
function behind(after: SessionCursor | undefined): readonly Condition[] {
  if (after === undefined) return []
  const { micros, cluster, owner, name } = after
  return [
    fixed(
      '(-toUnixTimestamp64Micro(last), place, owner, name) > (-{micros:Int64}, {afterCluster:String}, {afterOwner:String}, {afterName:String})',
      { micros, afterCluster: cluster, afterOwner: owner, afterName: name },
    ),
  ]
}

/** Desktops that have written since a time (ISO 8601). */
export function selectDesktops(store: Store, from: string): Promise<DesktopName[]> {
  return store.query<DesktopName>(
    `SELECT owner, session AS name FROM ${DATABASE}.lines WHERE owner != '' AND session != '' GROUP BY owner, session
     HAVING max(ts) >= ${timeParam('from')} SETTINGS ${QUESTION_LIMITS}, ${BY_SUMMARY}`,
    { from },
  )
}

/** Those of the desktops (`owner/name`) that have lines. */
export async function selectKnownNames(store: Store, names: readonly string[]): Promise<string[]> {
  const rows = await store.query<{ name: string }>(
    `SELECT concat(owner, '/', session) AS name FROM (SELECT owner, session FROM ${DATABASE}.lines GROUP BY owner, session)
     WHERE name IN {names:Array(String)} SETTINGS ${QUESTION_LIMITS}, ${BY_SUMMARY}`,
    { names },
  )
  return rows.map(({ name }) => name)
}

/** Those of the session ids that appear in the paths of desktops' logs. */
export async function selectKnownUuids(store: Store, uuids: readonly string[]): Promise<string[]> {
  if (uuids.length === 0) return []
  const rows = await store.query<{ uuid: string }>(
    `SELECT DISTINCT session_uuid AS uuid FROM (SELECT session, session_uuid FROM ${DATABASE}.lines GROUP BY session, session_uuid)
     WHERE session != '' AND session_uuid IN {uuids:Array(String)} SETTINGS ${QUESTION_LIMITS}, ${BY_SUMMARY}`,
    { uuids },
  )
  return rows.map(({ uuid }) => uuid)
}
