import type { EventJson } from '../event-json.ts'
import type { Store } from './client.ts'
import { DATABASE } from './database.ts'
import { BY_SUMMARY, QUESTION_LIMITS } from './query-limits.ts'
import type { SessionFilter, SessionRow } from './session-query.ts'
import { isoText, timeParam } from './sql-time.ts'
import { selectStoryEvents } from './story-events.ts'
import type { Desktop } from './story-query.ts'

const LONE_HOSTS = `SELECT host, max(last_ts) AS last, min(first_ts) AS first, argMax(cluster, (cluster != '', last_ts)) AS place,
     argMax(profile, last_ts) AS last_profile, max(source LIKE 'win-%' OR source = 'ec2launch') AS windows
   FROM (
     SELECT host, cluster, profile, source, session, min(ts) AS first_ts, max(ts) AS last_ts
     FROM ${DATABASE}.lines WHERE host != '' GROUP BY host, cluster, profile, source, session
   ) GROUP BY host HAVING max(session) = ''`

/** Machines that no folder of a desktop names. */
export type LoneMachines = {
  /** Those whose paths name them. */
  readonly hosts: readonly string[]
  /** Are there logs of machines that no path names? */
  readonly nameless: boolean
}

/** Machines of which only their own logs are stored, without the folder of a desktop; but for those that serve all desktops. */
export async function selectLoneMachines(store: Store, shared: readonly string[]): Promise<LoneMachines> {
  const rows = await store.query<{ host: string }>(
    `SELECT host FROM (SELECT host, session, source FROM ${DATABASE}.lines GROUP BY host, session, source)
     GROUP BY host HAVING if(host = '', countIf(session = '' AND source NOT IN {shared:Array(String)}) > 0, max(session) = '')
     SETTINGS ${QUESTION_LIMITS}, ${BY_SUMMARY}`,
    { shared },
  )
  const names = rows.map(({ host }) => host)
  return { hosts: names.filter((name) => name !== ''), nameless: names.includes('') }
}

/** Machines whose paths name no desktop, as rows of desktops without owner and name, by their last line. */
export function selectHosts(
  store: Store,
  { from, to }: Pick<SessionFilter, 'from' | 'to'>,
): Promise<SessionRow[]> {
  const params = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  const since = from === undefined ? '' : ` AND last >= ${timeParam('from')}`
  const until = to === undefined ? '' : ` AND last < ${timeParam('to')}`
  return store.query<SessionRow>(
    `SELECT l.place AS cluster, '' AS owner, '' AS name, toUInt32(1) AS attempts, l.host AS host, l.last_profile AS profile,
       l.windows AS windows, ${isoText('l.first')} AS first_seen, ${isoText('l.last')} AS last_seen,
       toUInt32(e.failures) AS failures, e.last_phase AS phase, e.last_rule_id AS last_rule_id
     FROM (${LONE_HOSTS}${since}${until}) AS l
     LEFT JOIN (
       SELECT host, countIf(kind != 'milestone' AND severity IN ('error', 'critical')) AS failures,
         argMaxIf(phase, ts, phase != '') AS last_phase,
         argMaxIf(rule_id, ts, kind != 'milestone' AND severity IN ('error', 'critical')) AS last_rule_id
       FROM ${DATABASE}.events WHERE session = '' AND counted = 1 GROUP BY host
     ) AS e ON e.host = l.host
     SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
}

/**
 * Hosts that belong to one of the desktops, by an event of these rules, which names the desktop or one of the sessions
 * (`uuids`), or by the session id in the name of a log.
 */
export async function selectNamedHosts(
  store: Store,
  {
    desktops,
    uuids,
    rules,
  }: { desktops: readonly Desktop[]; uuids: readonly string[]; rules: readonly string[] },
): Promise<string[]> {
  const pairs = `(SELECT arrayJoin(arrayZip({owners:Array(String)}, {sessions:Array(String)})))`
  const rows = await store.query<{ host: string }>(
    `SELECT DISTINCT host FROM (
       SELECT host FROM ${DATABASE}.events WHERE rule_id IN {rules:Array(String)} AND host != '' AND session = ''
         AND ((captures['owner'], captures['desktop']) IN ${pairs} OR (captures['user'], captures['session']) IN ${pairs}
           OR captures['uuid'] IN {uuids:Array(String)})
       UNION ALL
       SELECT host FROM (
         SELECT host, owner, session_uuid FROM ${DATABASE}.lines
         WHERE host != '' AND session = '' AND session_uuid != '' GROUP BY host, owner, session_uuid
       ) WHERE (owner, session_uuid) IN ${pairs}
     ) SETTINGS ${QUESTION_LIMITS}`,
    {
      ...{ rules, uuids },
      owners: desktops.map(({ owner }) => owner),
      sessions: desktops.map(({ session }) => session),
    },
  )
  return rows.map(({ host }) => host)
}

/** Those of some hosts of which a log lies in a folder that one of these instances names. */
export async function selectHostsOfInstances(
  store: Store,
  hosts: readonly string[],
  instances: readonly string[],
): Promise<string[]> {
  const rows = await store.query<{ host: string }>(
    `SELECT DISTINCT host FROM (
       SELECT host, file FROM ${DATABASE}.lines WHERE host IN {hosts:Array(String)} AND session = '' GROUP BY host, file
     ) WHERE hasAny(extractAll(file, '/(i-[0-9a-f]{8,17})/'), {instances:Array(String)}) SETTINGS ${QUESTION_LIMITS}`,
    { hosts, instances },
  )
  return rows.map(({ host }) => host)
}

/** At most this many naming events are read: the newest. */
const MOST_NAMING = 100_000

/**
 * Events that say which desktop a host belongs to, oldest first: those of `rules` on `hosts`, and with `nameless` also those
 * that name a user or a session on machines without a name.
 */
export function selectNamingEvents(
  store: Store,
  { hosts, nameless, rules }: { hosts: readonly string[]; nameless: boolean; rules: readonly string[] },
): Promise<EventJson[]> {
  const ofHosts = "session = '' AND host IN {hosts:Array(String)} AND rule_id IN {rules:Array(String)}"
  const ofNameless =
    "host = '' AND session = '' AND (rule_id IN {rules:Array(String)} OR captures['user'] != '' OR captures['session'] != '')"
  const parts = [...(hosts.length > 0 ? [ofHosts] : []), ...(nameless ? [ofNameless] : [])]
  return parts.length === 0
    ? Promise.resolve([])
    : selectStoryEvents(store, parts, { hosts, rules }, MOST_NAMING)
}
