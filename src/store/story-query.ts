import { DATABASE, LIMITS, type Params, type Store } from './client.ts'
import type { EventRowJson } from './event-query.ts'

/** Which desktops a story is of. */
export type StoryFilter = {
  readonly owner?: string | undefined
  readonly session?: string | undefined
  /** ISO 8601; what was written before does not count. */
  readonly from?: string | undefined
  /** Kinds of files that tell of many desktops. */
  readonly shared: readonly string[]
}

/** A file as `lines` know it; times ISO 8601, UTC. */
export type FileRow = {
  readonly file: string
  readonly source: string
  readonly profile: string
  readonly cluster: string
  readonly owner: string
  readonly session: string
  readonly session_uuid: string
  readonly host: string
  readonly first_ts: string
  readonly last_ts: string
}

/** More events than this of one question are not looked at: the newest count. */
const MAX_EVENTS = 500_000
const TIME = "'%Y-%m-%dT%H:%i:%S.%fZ', 'UTC'"

/** Files of the desktops that are asked for, of their hosts, and of the machines that serve all of them. */
export function selectFiles(store: Store, filter: StoryFilter): Promise<FileRow[]> {
  const { where, params } = conditionsOf(filter)
  return store.query<FileRow>(
    `SELECT t.file AS file, any(t.source) AS source, any(t.profile) AS profile, any(t.cluster) AS cluster,
       any(t.owner) AS owner, any(t.session) AS session, any(t.session_uuid) AS session_uuid, any(t.host) AS host,
       formatDateTime(min(t.ts), ${TIME}) AS first_ts, formatDateTime(max(t.ts), ${TIME}) AS last_ts
     FROM ${DATABASE}.lines AS t WHERE ${where} GROUP BY t.file, t.file_id SETTINGS ${LIMITS}`,
    params,
  )
}

/** Events of the same files, oldest first. */
export async function selectStoryEvents(store: Store, filter: StoryFilter): Promise<EventRowJson[]> {
  const { where, params } = conditionsOf(filter)
  const rows = await store.query<Record<string, unknown>>(
    `SELECT event_id, formatDateTime(ts, ${TIME}) AS time, toString(ts_quality) AS ts_quality, profile, cluster, owner,
       session, session_uuid, host, source, file, file_id, generation, toFloat64(offset) AS offset,
       toFloat64(length) AS length, level, component, message, kind, rule_id, rule_version, severity, phase, layer, template_id, captures
     FROM (SELECT * FROM ${DATABASE}.events AS t WHERE ${where} AND t.duplicate_of = '' ORDER BY t.ts DESC LIMIT ${MAX_EVENTS})
     ORDER BY ts, file_id, generation, offset SETTINGS ${LIMITS}`,
    params,
  )
  return rows.map(({ time, ...rest }) => ({ ...rest, ts: time }))
}

/** Files of which bytes are missing or altered, by the ledger. */
export async function selectDamaged(store: Store, files: readonly string[]): Promise<string[]> {
  const rows = await store.query<{ file: string }>(
    `SELECT DISTINCT file FROM ${DATABASE}.losses WHERE file IN {files:Array(String)} SETTINGS ${LIMITS}`,
    { files: files.slice(0, MAX_FILES) },
  )
  return rows.map(({ file }) => file)
}

/** Parameters travel in a URL. */
const MAX_FILES = 2000

function conditionsOf({ owner, session, from, shared }: StoryFilter): { where: string; params: Params } {
  const params: Record<string, string | readonly string[]> = { shared }
  const conditions: string[] = []
  if (from !== undefined) {
    params['from'] = from
    conditions.push("t.ts >= parseDateTime64BestEffort({from:String}, 6, 'UTC')")
  }
  if (owner !== undefined && session !== undefined) {
    params['owner'] = owner
    params['session'] = session
    const own = 't.owner = {owner:String} AND t.session = {session:String}'
    const hosts = `SELECT DISTINCT host FROM ${DATABASE}.lines AS t WHERE ${own} AND t.host != ''`
    conditions.push(`((${own}) OR t.source IN {shared:Array(String)} OR t.host IN (${hosts}))`)
  }
  return { where: conditions.join(' AND ') || '1', params }
}
