import { DATABASE, LIMITS, type Store } from './client.ts'

export type SessionFilter = {
  readonly owner?: string | undefined
  readonly session?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit: number
  /** The page before ended here. */
  readonly after?: SessionCursor | undefined
}

/** A desktop's place among those with the newest line first: its last line (µs), then its names. */
type SessionCursor = {
  readonly micros: string
  readonly cluster: string
  readonly owner: string
  readonly name: string
}

export type DesktopName = { readonly owner: string; readonly name: string }

/** One desktop (cluster, owner, name) as the tables know it; times ISO 8601, UTC. */
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

const TIME = "'%Y-%m-%dT%H:%i:%S.%fZ', 'UTC'"

/**
 * Desktops by their last line, newest first. Counts are those of the last attempt (the last host directory). The logs of a
 * host name a desktop without its cluster and are no attempt of their own. Both tables are asked in the words of a
 * projection (`files`, `attempts`).
 */
export function selectSessions(store: Store, filter: SessionFilter): Promise<SessionRow[]> {
  const conditions = ["owner != ''", "session != ''"]
  const params: Record<string, string> = {}
  for (const column of ['owner', 'session'] as const) {
    const value = filter[column]
    if (value === undefined) continue
    conditions.push(`${column} = {${column}:String}`)
    params[column] = value
  }
  const having: string[] = []
  for (const [name, sign] of [
    ['from', '>='],
    ['to', '<'],
  ] as const) {
    const value = filter[name]
    if (value === undefined) continue
    having.push(`last ${sign} parseDateTime64BestEffort({${name}:String}, 6, 'UTC')`)
    params[name] = value
  }
  if (filter.after !== undefined) {
    const { micros, cluster, owner, name } = filter.after
    having.push(
      '(-toUnixTimestamp64Micro(last), place, owner, name) > (-{micros:Int64}, {afterCluster:String}, {afterOwner:String}, {afterName:String})',
    )
    Object.assign(params, { micros, afterCluster: cluster, afterOwner: owner, afterName: name })
  }
  const where = conditions.join(' AND ')
  return store.query<SessionRow>(
    `SELECT l.place AS cluster, l.owner AS owner, l.name AS name, toUInt32(l.attempts) AS attempts, l.last_host AS host,
       l.last_profile AS profile, l.windows AS windows, formatDateTime(l.first, ${TIME}) AS first_seen,
       formatDateTime(l.last, ${TIME}) AS last_seen,
       toUInt32(e.failures) AS failures, e.last_phase AS phase, e.last_rule_id AS last_rule_id
     FROM (
       SELECT if(cluster = '', named, cluster) AS place, owner, name,
         greatest(1, uniqExactIf((host, session_uuid), profile != 'host')) AS attempts,
         argMax(host, (profile != 'host', host != '', last_ts)) AS last_host,
         argMaxIf(session_uuid, last_ts, profile != 'host') AS uuid,
         argMax(profile, (profile != 'host', last_ts)) AS last_profile,
         max(source LIKE 'win-%' OR source = 'ec2launch') AS windows, min(first_ts) AS first, max(last_ts) AS last
       FROM (
         SELECT *, max(cluster) OVER (PARTITION BY owner, name) AS named FROM (
           SELECT cluster, owner, session AS name, session_uuid, host, profile, source, min(ts) AS first_ts, max(ts) AS last_ts
           FROM ${DATABASE}.lines WHERE ${where} GROUP BY cluster, owner, session, session_uuid, host, profile, source
         )
       )
       GROUP BY place, owner, name
       ${having.length > 0 ? `HAVING ${having.join(' AND ')}` : ''}
     ) AS l
     LEFT JOIN (
       SELECT cluster, owner, session AS name, host, session_uuid AS uuid,
         countIf(kind != 'milestone' AND severity IN ('error', 'critical')) AS failures,
         argMaxIf(phase, ts, phase != '') AS last_phase,
         argMaxIf(rule_id, ts, kind != 'milestone' AND severity IN ('error', 'critical')) AS last_rule_id
       FROM ${DATABASE}.events WHERE ${where} AND counted = 1 GROUP BY cluster, owner, session, host, session_uuid
     ) AS e ON e.cluster = l.place AND e.owner = l.owner AND e.name = l.name AND e.host = l.last_host AND e.uuid = l.uuid
     ORDER BY l.last DESC, l.place, owner, name LIMIT ${Math.trunc(filter.limit)}
     SETTINGS ${LIMITS}`,
    params,
  )
}

/** Desktops that have written since a time (ISO 8601). */
export function selectDesktops(store: Store, from: string): Promise<DesktopName[]> {
  return store.query<DesktopName>(
    `SELECT owner, session AS name FROM ${DATABASE}.lines WHERE owner != '' AND session != '' GROUP BY owner, session
     HAVING max(ts) >= parseDateTime64BestEffort({from:String}, 6, 'UTC') SETTINGS ${LIMITS}`,
    { from },
  )
}

/** Which of these desktops (`owner/name`) have lines. */
export async function selectKnownNames(store: Store, names: readonly string[]): Promise<string[]> {
  const rows = await store.query<{ name: string }>(
    `SELECT concat(owner, '/', session) AS name FROM (SELECT owner, session FROM ${DATABASE}.lines GROUP BY owner, session)
     WHERE name IN {names:Array(String)} SETTINGS ${LIMITS}`,
    { names },
  )
  return rows.map(({ name }) => name)
}

/** Which of these ids of sessions stand in the paths of desktops' logs. */
export async function selectKnownUuids(store: Store, uuids: readonly string[]): Promise<string[]> {
  if (uuids.length === 0) return []
  const rows = await store.query<{ uuid: string }>(
    `SELECT DISTINCT session_uuid AS uuid FROM (SELECT session, session_uuid FROM ${DATABASE}.lines GROUP BY session, session_uuid)
     WHERE session != '' AND session_uuid IN {uuids:Array(String)} SETTINGS ${LIMITS}`,
    { uuids },
  )
  return rows.map(({ uuid }) => uuid)
}
