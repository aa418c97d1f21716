import { DATABASE, LIMITS, type Params, type Store } from './client.ts'
import { type EventRowJson, withTime } from './line-query.ts'

/** Which events are asked for; what is undefined does not matter. Times are ISO 8601, UTC. */
export type EventFilter = {
  readonly owner?: string | undefined
  readonly session?: string | undefined
  readonly host?: string | undefined
  readonly source?: string | undefined
  readonly rule?: string | undefined
  readonly template?: string | undefined
  readonly kind?: string | undefined
  /** One of these. */
  readonly severities?: readonly string[] | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Where a page of events ends. */
export type EventCursor = {
  readonly micros: string
  readonly fileId: string
  readonly generation: number
  readonly offset: string
  readonly ruleId: string
}

const COLUMNS = `event_id, formatDateTime(ts, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS time, toString(ts_quality) AS ts_quality,
  profile, cluster, owner, session, session_uuid, host, source, file, file_id, generation, toFloat64(offset) AS offset,
  toFloat64(length) AS length, continued, level, component, message, kind, rule_id, rule_version, severity, phase, layer,
  template_id, captures`

/** Rows of `events`, newest first: an event has one for each rule. Copies of a line that another file holds do not count. */
export async function selectEvents(
  store: Store,
  filter: EventFilter,
  page: { readonly limit: number; readonly after?: EventCursor | undefined },
): Promise<EventRowJson[]> {
  const { conditions, params } = conditionsOf(filter)
  if (page.after !== undefined) {
    conditions.push(
      `(toUnixTimestamp64Micro(t.ts), toString(t.file_id), t.generation, t.offset, toString(t.rule_id)) <
        ({micros:Int64}, {fileId:String}, {generation:UInt32}, {offset:UInt64}, {ruleId:String})`,
      // Said once more by itself, because it lets the index pass over what is newer.
      't.ts <= fromUnixTimestamp64Micro({micros:Int64})',
    )
  }
  const rows = await store.query<Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM ${DATABASE}.events AS t WHERE ${conditions.join(' AND ')}
     ORDER BY t.ts DESC, t.file_id DESC, t.generation DESC, t.offset DESC, t.rule_id DESC
     LIMIT ${Math.trunc(page.limit)} SETTINGS ${LIMITS}`,
    { ...params, ...page.after },
  )
  return rows.map(withTime)
}

/** More events than this are not looked at together: the newest count. */
const MOST_TOGETHER = 100_000

/** Events of some rules within a time, newest first. */
export async function selectEventsOf(
  store: Store,
  rules: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<EventRowJson[]> {
  const { conditions, params } = conditionsOf({ from, to })
  const rows = await store.query<Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM ${DATABASE}.events AS t WHERE ${conditions.join(' AND ')}
       AND t.rule_id IN {rules:Array(String)}
     ORDER BY t.ts DESC LIMIT ${MOST_TOGETHER} SETTINGS ${LIMITS}`,
    { ...params, rules },
  )
  return rows.map(withTime)
}

/** In which desktops each rule has spoken. */
export type RuleSessions = { readonly rule_id: string; readonly sessions: readonly string[] }

/** Desktops (`owner/name`), and hosts where no line names one, of each rule whose events are failures, within a time. */
export function selectRuleSessions(
  store: Store,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<RuleSessions[]> {
  const { conditions, params } = conditionsOf({ from, to, kind: 'signature' })
  return store.query<RuleSessions>(
    `SELECT rule_id, groupUniqArray(10000)(if(session = '', host, concat(owner, '/', session))) AS sessions FROM ${DATABASE}.events AS t
     WHERE ${conditions.join(' AND ')} AND t.severity != 'info' AND (t.session != '' OR t.host != '') GROUP BY rule_id SETTINGS ${LIMITS}`,
    params,
  )
}

function conditionsOf(filter: EventFilter): { readonly conditions: string[]; readonly params: Params } {
  const conditions = ['t.counted = 1']
  const params: Record<string, string | readonly string[]> = {}
  const add = (name: string, value: string | readonly string[] | undefined, sql: string) => {
    if (value === undefined) return
    conditions.push(sql)
    params[name] = value
  }
  for (const column of ['owner', 'session', 'host', 'source', 'kind'] as const)
    add(column, filter[column], `t.${column} = {${column}:String}`)
  add('rule', filter.rule, 't.rule_id = {rule:String}')
  add('template', filter.template, 't.template_id = {template:String}')
  add('severities', filter.severities, 't.severity IN {severities:Array(String)}')
  add('from', filter.from, "t.ts >= parseDateTime64BestEffort({from:String}, 6, 'UTC')")
  add('to', filter.to, "t.ts < parseDateTime64BestEffort({to:String}, 6, 'UTC')")
  return { conditions, params }
}
