import type { Store } from './client.ts'
import { allOf, type Condition, fixed, given, within } from './conditions.ts'
import { DATABASE } from './database.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { LINE_COLUMNS } from './row-columns.ts'
import { ofSession, partsOf, type SessionRows } from './session-rows.ts'
import { timeParam } from './sql-time.ts'

/** Which lines are wanted; an undefined field does not restrict them. Times are ISO 8601, UTC. */
export type LineFilter = {
  readonly desktop?: SessionRows | undefined
  readonly host?: string | undefined
  readonly source?: string | undefined
  readonly text?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Only lines with an event of this rule; `severities` are alternatives. */
  readonly rule?: string | undefined
  readonly kind?: string | undefined
  readonly severities?: readonly string[] | undefined
}

/** The last row of a page; the next page begins after it. */
export type LineCursor = {
  readonly micros: string
  readonly fileId: string
  readonly generation: number
  readonly offset: string
}

export type LinePage = {
  readonly limit: number
  readonly after?: LineCursor | undefined
  readonly newestFirst?: boolean | undefined
}

/** A row as JSON. 64-bit numbers are plain numbers here, since offsets stay below 2^53. */
export type EventRowJson = Readonly<Record<string, unknown>>

/** Parameters are sent in the URL of a request, which a server accepts up to 1 MiB. */
const IDS_AT_ONCE = 5000

/** Otherwise what is read in order is read far ahead: where hosts write between each other, many times as much. */
const AS_FAR_AS_NEEDED = 'read_in_order_use_buffering = 0'

/**
 * Rows of `lines` in time order; rows with equal times are in file order. What a desktop and its machines wrote lies in several
 * ranges of the primary key: each is read in its order, and only as far as the page reaches.
 */
export async function selectLines(
  store: Store,
  { desktop, ...filter }: LineFilter,
  page: LinePage,
): Promise<EventRowJson[]> {
  const parts = desktop === undefined ? [[]] : partsOf(desktop).map((part) => [part])
  const wanted = parts.map((part) => allOf([...conditionsOf(filter, part), ...behind(page)]))
  const inOrder = (time: string) => {
    const direction = page.newestFirst === true ? 'DESC' : 'ASC'
    const columns = [time, 't.file_id', 't.generation', 't.offset'].map((column) => `${column} ${direction}`)
    return `ORDER BY ${columns.join(', ')} LIMIT ${Math.trunc(page.limit)}`
  }
  const selects = wanted.map(
    ({ sql }) =>
      `(SELECT ${LINE_COLUMNS}, 'line' AS kind FROM ${DATABASE}.lines AS t WHERE ${sql} ${inOrder('t.ts')})`,
  )
  const rows = await store.query<Record<string, unknown>>(
    `SELECT * FROM (${selects.join(' UNION ALL ')}) AS t ${inOrder('t.time')} SETTINGS ${QUESTION_LIMITS}, ${AS_FAR_AS_NEEDED}`,
    Object.assign({}, ...wanted.map(({ params }) => params)),
  )
  return rows.map(withTime)
}

/** A row with `ts` set to the text of `time`. */
export function withTime({ event_id, time, ...rest }: Readonly<Record<string, unknown>>): EventRowJson {
  return { event_id, ts: time, ...rest }
}

/**
 * The events of some records, by event id. The search is limited to the desktops and the time span of the records, so it
 * does not read the rest of the table.
 */
export async function selectVerdicts(
  store: Store,
  records: readonly EventRowJson[],
): Promise<EventRowJson[]> {
  const times = records.map(({ ts }) => `${ts}`).sort()
  const [first, last] = [times[0], times.at(-1)]
  if (first === undefined || last === undefined) return []
  const rows: EventRowJson[] = []
  for (let from = 0; from < records.length; from += IDS_AT_ONCE) {
    const some = records.slice(from, from + IDS_AT_ONCE)
    const ids = some.map(({ event_id }) => `${event_id}`)
    const [owners, sessions] = [distinct(some, 'owner'), distinct(some, 'session')]
    const found = await store.query<EventRowJson>(
      `SELECT event_id, kind, rule_id, rule_version, severity, phase, layer, template_id, captures
       FROM ${DATABASE}.events WHERE event_id IN {ids:Array(String)}
         AND owner IN {owners:Array(String)} AND session IN {sessions:Array(String)}
         AND ts >= ${timeParam('first')} AND ts <= ${timeParam('last')}
       ORDER BY event_id, rule_id SETTINGS ${QUESTION_LIMITS}`,
      { ids, owners, sessions, first, last },
    )
    rows.push(...found)
  }
  return rows
}

function distinct(records: readonly EventRowJson[], column: 'owner' | 'session'): string[] {
  return [...new Set(records.map((record) => `${record[column] ?? ''}`))]
}

/** The conditions on a line itself, which hold for its event as well. */
export function lineConditions(filter: LineFilter): readonly Condition[] {
  const { desktop, host, source, text } = filter
  return [
    ...ofSession(desktop),
    ...given('host', host),
    ...given('source', source),
    ...saying(text),
    ...within(filter),
  ]
}

/**
 * Conditions that the message holds a text, in whatever case. The second follows from the first and only lets the index `by_text`
 * leave out lines; for other letters than those of ASCII it would not follow, as some have several lower cases.
 */
function saying(text: string | undefined): readonly Condition[] {
  const isIndexed = text !== undefined && /^[ -~]{4,}$/.test(text)
  return [
    ...given('text', text, 'positionCaseInsensitiveUTF8(t.message, {text:String}) > 0'),
    ...(isIndexed
      ? [fixed('indexHint(multiSearchAny(lowerUTF8(t.message), [lowerUTF8({text:String})]))')]
      : []),
  ]
}

function conditionsOf(filter: LineFilter, part: readonly Condition[]): readonly Condition[] {
  const ofLine = [...part, ...lineConditions(filter)]
  const ofVerdict = verdictConditions(filter)
  if (ofVerdict.length === 0) return ofLine
  // Conditions on the line hold for its event as well, which keeps the inner result small.
  const { sql, params } = allOf([...ofLine, ...ofVerdict])
  const hasEvent = `t.event_id IN (SELECT t.event_id FROM ${DATABASE}.events AS t WHERE ${sql})`
  return [...ofLine, fixed(hasEvent, params)]
}

/** The conditions on what a rule says of a line. */
export function verdictConditions({ rule, kind, severities }: LineFilter): readonly Condition[] {
  return [
    ...given('rule', rule, 't.rule_id = {rule:String}'),
    ...given('kind', kind),
    ...given('severities', severities, 't.severity IN {severities:Array(String)}'),
  ]
}

/** The condition for rows after the last one of a page, in the direction of its order. */
export function behind({ after, newestFirst }: LinePage): readonly Condition[] {
  if (after === undefined) return []
  const sign = newestFirst === true ? '<' : '>'
  // The time alone is implied, but lets the primary key skip what earlier pages showed.
  const sql = `t.ts ${sign}= fromUnixTimestamp64Micro({micros:Int64}) AND (toUnixTimestamp64Micro(t.ts), toString(t.file_id), t.generation, t.offset) ${sign} ({micros:Int64}, {fileId:String}, {generation:UInt32}, {offset:UInt64})`
  return [fixed(sql, after)]
}
