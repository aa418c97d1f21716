import type { EventJson } from '../event-json.ts'
import type { Params, Store } from './client.ts'
import { DATABASE } from './database.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { isoText, timeParam } from './sql-time.ts'
import { selectStoryEvents } from './story-events.ts'

/** Whose story is wanted. */
export type StoryFilter = {
  /** These desktops; all if undefined. */
  readonly desktops?: readonly Desktop[] | undefined
  /** ISO 8601; earlier events are left out. */
  readonly from?: string | undefined
  /** Sources that describe many desktops. */
  readonly shared: readonly string[]
  /** Include machines that no path names. */
  readonly nameless?: boolean | undefined
  /** Include files and events of these machines. */
  readonly hosts?: readonly string[] | undefined
}

export type Desktop = { readonly owner: string; readonly session: string }

/** What a machine wrote to a file, as `lines` has it; times are ISO 8601, UTC. */
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

/** At most this many events are read for one question, the newest ones. */
const MAX_EVENTS = 500_000

/** Files of the wanted desktops, of their hosts, and of shared machines. */
export function selectFiles(store: Store, filter: StoryFilter): Promise<FileRow[]> {
  const { own, params } = ownOf(filter)
  const asked =
    own === undefined
      ? '1'
      : `(${own}) OR source IN {shared:Array(String)} OR host IN {hosts:Array(String)} OR host IN (${hostsOf(own)})`
  const since = filter.from === undefined ? '' : `HAVING max(t.last) >= ${FROM}`
  return store.query<FileRow>(
    `SELECT t.file AS file, any(t.source) AS source, any(t.profile) AS profile, any(t.cluster) AS cluster,
       any(t.owner) AS owner, any(t.session) AS session, any(t.session_uuid) AS session_uuid, t.host AS host,
       ${isoText('min(t.first)')} AS first_ts, ${isoText('max(t.last)')} AS last_ts
     FROM (
       SELECT file, file_id, source, profile, cluster, owner, session, session_uuid, host, min(ts) AS first, max(ts) AS last
       FROM ${DATABASE}.lines WHERE ${asked}
       GROUP BY file, file_id, source, profile, cluster, owner, session, session_uuid, host
     ) AS t GROUP BY t.file, t.file_id, t.host ${since} SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
}

/**
 * One file for each place that writes: a desktop on a host, a machine, and the logs of shared machines there. Far fewer than all
 * files, and enough to know which machines there are.
 */
export function selectPlaces(store: Store, shared: readonly string[]): Promise<FileRow[]> {
  return store.query<FileRow>(
    `SELECT argMax(t.file, t.last) AS file, argMax(t.source, t.last) AS source, argMax(t.profile, t.last) AS profile,
       t.cluster AS cluster, t.owner AS owner, t.session AS session, t.session_uuid AS session_uuid, t.host AS host,
       ${isoText('min(t.first)')} AS first_ts, ${isoText('max(t.last)')} AS last_ts
     FROM (
       SELECT file, source, profile, cluster, owner, session, session_uuid, host, min(ts) AS first, max(ts) AS last
       FROM ${DATABASE}.lines GROUP BY file, source, profile, cluster, owner, session, session_uuid, host
     ) AS t GROUP BY t.cluster, t.owner, t.session, t.session_uuid, t.host, t.source IN {shared:Array(String)}
     SETTINGS ${QUESTION_LIMITS}`,
    { shared },
  )
}

/** What other logs than the shared ones say by these rules, or on the hosts on which shared logs lie; oldest first. */
export function selectWordsOfMachines(
  store: Store,
  { from, shared, rules }: { from: string; shared: readonly string[]; rules: readonly string[] },
): Promise<EventJson[]> {
  const onController = `host IN (SELECT host FROM ${DATABASE}.lines WHERE host != '' AND source IN {shared:Array(String)} GROUP BY host)`
  const part = `source NOT IN {shared:Array(String)} AND ts >= ${FROM} AND (rule_id IN {rules:Array(String)} OR ${onController})`
  return selectStoryEvents(store, [part], { from, shared, rules }, MAX_EVENTS)
}

/** Are there logs below a folder of desktops? */
export async function hasDesktops(store: Store, shared: readonly string[]): Promise<boolean> {
  const rows = await store.query(
    `SELECT 1 FROM ${DATABASE}.lines WHERE owner != '' AND session != '' AND source NOT IN {shared:Array(String)} LIMIT 1
     SETTINGS ${QUESTION_LIMITS}`,
    { shared },
  )
  return rows.length > 0
}

/** Events of the wanted desktops, of their hosts and of other wanted machines, oldest first. */
export function selectOwnEvents(store: Store, filter: StoryFilter): Promise<EventJson[]> {
  const { own, params } = ownOf(filter)
  const common = `source NOT IN {shared:Array(String)}${filter.from === undefined ? '' : ` AND ts >= ${FROM}`}`
  const parts =
    own === undefined
      ? [common]
      : [
          `${own} AND ${common}`,
          `(host IN {hosts:Array(String)} OR host IN (${hostsOf(own)})${filter.nameless ? ` OR ${NAMELESS}` : ''}) AND NOT (${own}) AND ${common}`,
        ]
  return selectStoryEvents(store, parts, params, MAX_EVENTS)
}

/** Files with bytes that are missing or altered, according to the ledger. */
export async function selectDamaged(store: Store, files: readonly string[]): Promise<string[]> {
  const rows = await store.query<{ file: string }>(
    `SELECT DISTINCT file FROM ${DATABASE}.losses WHERE file IN {files:Array(String)} SETTINGS ${QUESTION_LIMITS}`,
    { files: files.slice(0, MAX_FILES) },
  )
  return rows.map(({ file }) => file)
}

/** Logs that are in the ledger because none of their bytes could be read, and why; they may have been read since. */
export function selectUnreadLogs(
  store: Store,
): Promise<{ readonly file: string; readonly reason: string }[]> {
  return store.query(
    `SELECT t.file AS file, any(t.detail) AS reason FROM ${DATABASE}.losses AS t
     WHERE t.reason = 'unreadable' AND t.length = 0 GROUP BY t.file SETTINGS ${QUESTION_LIMITS}`,
  )
}

/** Parameters are sent in a URL. */
const MAX_FILES = 2000

const NAMELESS = "(host = '' AND session = '')"
const FROM = timeParam('from')

/** The condition that a row belongs to one of the desktops, if any are named. */
function ownOf({ desktops, from, shared, hosts = [] }: StoryFilter): {
  own: string | undefined
  params: Params
} {
  const params = { shared, hosts, ...(from === undefined ? {} : { from }) }
  if (desktops === undefined) return { own: undefined, params }
  const [one] = desktops
  if (desktops.length === 1 && one !== undefined) {
    const own = 'owner = {owner:String} AND session = {session:String}'
    return { own, params: { ...params, owner: one.owner, session: one.session } }
  }
  const own =
    '(owner, session) IN (SELECT pair.1, pair.2 FROM (SELECT arrayJoin(arrayZip({owners:Array(String)}, {sessions:Array(String)})) AS pair))'
  const owners = desktops.map(({ owner }) => owner)
  return { own, params: { ...params, owners, sessions: desktops.map(({ session }) => session) } }
}

function hostsOf(own: string): string {
  return `SELECT host FROM ${DATABASE}.lines WHERE ${own} AND host != '' GROUP BY host`
}
