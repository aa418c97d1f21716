import { DATABASE, type Params, type Store } from './client.ts'

/** Which rows of a table are asked for; what is undefined does not matter. Times are ISO 8601, UTC. */
export type EventFilter = {
  readonly owner?: string | undefined
  readonly session?: string | undefined
  readonly host?: string | undefined
  readonly source?: string | undefined
  readonly rule?: string | undefined
  readonly kind?: string | undefined
  readonly severities?: readonly string[] | undefined
  readonly text?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Where a page ends: the next one begins after this row. */
export type EventCursor = {
  readonly micros: string
  readonly fileId: string
  readonly generation: number
  readonly offset: string
}

export type EventPage = {
  readonly limit: number
  readonly after?: EventCursor | undefined
  readonly newestFirst?: boolean | undefined
}

/** A row as JSON; numbers of 64 bits are numbers here, offsets stay below 2^53. */
export type EventRowJson = Readonly<Record<string, unknown>>

const LIMITS = 'max_execution_time = 60, max_memory_usage = 4000000000'

const COLUMNS = `event_id, formatDateTime(ts, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS time, toString(ts_quality) AS ts_quality,
  profile, cluster, owner, session, session_uuid, host, source, file, file_id, generation,
  toFloat64(offset) AS offset, toFloat64(length) AS length, continued, level, component, message`

/** Rows of `lines` in time order (order within a file decides where times are equal). */
export function selectLines(store: Store, filter: EventFilter, page: EventPage): Promise<EventRowJson[]> {
  return select(store, 'lines', `${COLUMNS}, 'line' AS kind`, filter, page)
}

/** Rows of `events` in time order. Copies of a line are left out. */
export function selectEvents(store: Store, filter: EventFilter, page: EventPage): Promise<EventRowJson[]> {
  const columns = `${COLUMNS}, kind, rule_id, rule_version, severity, phase, layer, template_id, captures`
  return select(store, 'events', columns, filter, page)
}

/** What the rules said of some records, by event id. */
export async function selectVerdicts(store: Store, eventIds: readonly string[]): Promise<EventRowJson[]> {
  if (eventIds.length === 0) return []
  return store.query(
    `SELECT event_id, kind, rule_id, rule_version, severity, phase, layer, captures FROM ${DATABASE}.events
     WHERE event_id IN {ids:Array(String)} SETTINGS ${LIMITS}`,
    { ids: eventIds },
  )
}

async function select(
  store: Store,
  table: string,
  columns: string,
  filter: EventFilter,
  page: EventPage,
): Promise<EventRowJson[]> {
  const { conditions, params } = conditionsOf(filter, page)
  const direction = page.newestFirst === true ? 'DESC' : 'ASC'
  const order = ['ts', 'file_id', 'generation', 'offset']
    .map((column) => `t.${column} ${direction}`)
    .join(', ')
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  const rows = await store.query<Record<string, unknown>>(
    `SELECT ${columns} FROM ${DATABASE}.${table} AS t ${where} ORDER BY ${order} LIMIT ${Math.trunc(page.limit)} SETTINGS ${LIMITS}`,
    params,
  )
  return rows.map(({ event_id, time, ...rest }) => ({ event_id, ts: time, ...rest }))
}

type Conditions = { readonly conditions: string[]; readonly params: Params }

function conditionsOf(filter: EventFilter, page: EventPage): Conditions {
  const conditions: string[] = []
  const params: Record<string, string | number | readonly string[]> = {}
  const add = (sql: string, name: string, value: string | number | readonly string[] | undefined) => {
    if (value === undefined) return
    conditions.push(sql)
    params[name] = value
  }
  for (const column of ['owner', 'session', 'host', 'source', 'kind'] as const) {
    add(`t.${column} = {${column}:String}`, column, filter[column])
  }
  add('t.rule_id = {rule:String}', 'rule', filter.rule)
  add('t.severity IN {severities:Array(String)}', 'severities', filter.severities)
  add('positionCaseInsensitiveUTF8(t.message, {text:String}) > 0', 'text', filter.text)
  add("t.ts >= parseDateTime64BestEffort({from:String}, 6, 'UTC')", 'from', filter.from)
  add("t.ts < parseDateTime64BestEffort({to:String}, 6, 'UTC')", 'to', filter.to)
  if (page.after !== undefined) {
    const sign = page.newestFirst === true ? '<' : '>'
    conditions.push(
      `(toUnixTimestamp64Micro(t.ts), toString(t.file_id), t.generation, t.offset) ${sign} ({micros:Int64}, {fileId:String}, {generation:UInt32}, {offset:UInt64})`,
    )
    Object.assign(params, page.after)
  }
  return { conditions, params }
}
