import type { Params, Store } from './client.ts'
import { allOf, type Condition, fixed, given } from './conditions.ts'
import { DATABASE } from './database.ts'
import { type EventRowJson, withTime } from './line-query.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { LINE_COLUMNS } from './row-columns.ts'

/** Which stored lines are watched. */
export type LiveFilter = {
  readonly owner?: string | undefined
  readonly session?: string | undefined
  readonly host?: string | undefined
  readonly source?: string | undefined
  readonly text?: string | undefined
  /** Only lines with an event of one of these severities. */
  readonly severities?: readonly string[] | undefined
}

/**
 * Lines of a batch by time, without breaking the order within a file, after the first `skip` ones. A batch never changes, so
 * the same question always has the same answer.
 */
export async function selectBatchLines(
  store: Store,
  batch: string,
  filter: LiveFilter,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<EventRowJson[]> {
  const { sql, params } = conditionOf('batch = {batch:String}', { batch }, filter)
  const rows = await store.query<Record<string, unknown>>(
    `SELECT * EXCEPT reached FROM (
       SELECT ${LINE_COLUMNS}, 'line' AS kind, t.offset AS place,
         max(t.ts) OVER (PARTITION BY t.file_id, t.generation ORDER BY t.offset) AS reached
       FROM ${DATABASE}.lines AS t WHERE ${sql}
     )
     ORDER BY reached, file_id, generation, place LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(skip)} SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
  return rows.map(({ place: _, ...row }) => withTime(row))
}

/** The number of watched lines in later batches. */
export function countLinesBehind(store: Store, batch: string, filter: LiveFilter): Promise<number> {
  return countLines(store, conditionOf('batch > {batch:String}', { batch }, filter))
}

/** The number of watched lines in some batches. */
export async function countBatchLines(
  store: Store,
  batches: readonly string[],
  filter: LiveFilter,
): Promise<number> {
  if (batches.length === 0) return 0
  return countLines(store, conditionOf('batch IN {batches:Array(String)}', { batches }, filter))
}

async function countLines(store: Store, { sql, params }: Condition): Promise<number> {
  const [row] = await store.query<{ lines: number }>(
    `SELECT toFloat64(count()) AS lines FROM ${DATABASE}.lines AS t WHERE ${sql} SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
  return row?.lines ?? 0
}

/** The condition for watched lines. `which` selects batches; the events of a line are in the same batch as the line. */
function conditionOf(
  which: string,
  named: Params,
  { owner, session, host, source, text, severities }: LiveFilter,
): Condition {
  const hasEvent = `t.event_id IN (SELECT event_id FROM ${DATABASE}.events WHERE ${which} AND severity IN {severities:Array(String)})`
  return allOf([
    fixed(which, named),
    ...given('owner', owner),
    ...given('session', session),
    ...given('host', host),
    ...given('source', source),
    ...given('text', text, 'positionCaseInsensitiveUTF8(t.message, {text:String}) > 0'),
    ...given('severities', severities, hasEvent),
  ])
}
