import type { Store } from './client.ts'
import { allOf, type Condition, fixed, given, within } from './conditions.ts'
import { DATABASE } from './database.ts'
import { type EventRowJson, withTime } from './line-query.ts'
import { OF_LINES } from './of-lines.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { LINE_COLUMNS, VERDICT_NAMES } from './row-columns.ts'
import { ofSession, type SessionRows } from './session-rows.ts'

/** Which events are wanted; an undefined field does not restrict them. Times are ISO 8601, UTC. */
export type EventFilter = {
  readonly desktop?: SessionRows | undefined
  readonly host?: string | undefined
  readonly source?: string | undefined
  readonly rule?: string | undefined
  readonly template?: string | undefined
  readonly kind?: string | undefined
  /** Any of these. */
  readonly severities?: readonly string[] | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The last row of a page. */
export type EventCursor = {
  readonly micros: string
  readonly fileId: string
  readonly generation: number
  readonly offset: string
  readonly ruleId: string
}

const COLUMNS = `${LINE_COLUMNS}, ${VERDICT_NAMES}`

/** Rows of `events`, newest first, one for each rule. Copies of lines from other files are left out. */
export async function selectEvents(
  store: Store,
  filter: EventFilter,
  page: { readonly limit: number; readonly after?: EventCursor | undefined },
): Promise<EventRowJson[]> {
  const { sql, params } = allOf([...conditionsOf(filter), ...behind(page.after)])
  const rows = await store.query<Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM ${DATABASE}.events AS t WHERE ${sql}
     ORDER BY t.ts DESC, t.file_id DESC, t.generation DESC, t.offset DESC, t.rule_id DESC
     LIMIT ${Math.trunc(page.limit)} SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
  return rows.map(withTime)
}

/** At most this many events are returned, the newest ones. */
export const MOST_TOGETHER = 100_000

/** Events of lines of some rules within a span, newest first. */
export async function selectEventsOf(
  store: Store,
  rules: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<EventRowJson[]> {
  const { sql, params } = allOf([
    ...conditionsOf({ from, to }),
    fixed(`t.${OF_LINES}`),
    fixed('t.rule_id IN {rules:Array(String)}', { rules }),
  ])
  const rows = await store.query<Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM ${DATABASE}.events AS t WHERE ${sql}
     ORDER BY t.ts DESC LIMIT ${MOST_TOGETHER} SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
  return rows.map(withTime)
}

/** The condition for rows after the last one of a page. */
function behind(after: EventCursor | undefined): readonly Condition[] {
  if (after === undefined) return []
  return [
    fixed(
      `(toUnixTimestamp64Micro(t.ts), toString(t.file_id), t.generation, t.offset, toString(t.rule_id)) <
        ({micros:Int64}, {fileId:String}, {generation:UInt32}, {offset:UInt64}, {ruleId:String})`,
      after,
    ),
    // Implied by the other condition, but lets the index skip newer rows.
    fixed('t.ts <= fromUnixTimestamp64Micro({micros:Int64})'),
  ]
}

function conditionsOf(filter: EventFilter): readonly Condition[] {
  const { desktop, host, source, kind, rule, template, severities } = filter
  return [
    fixed('t.counted = 1'),
    ...ofSession(desktop),
    ...given('host', host),
    ...given('source', source),
    ...given('kind', kind),
    ...given('rule', rule, 't.rule_id = {rule:String}'),
    ...given('template', template, 't.template_id = {template:String}'),
    ...given('severities', severities, 't.severity IN {severities:Array(String)}'),
    ...within(filter),
  ]
}
