import { DATABASE, LIMITS, type Params, type Store } from './client.ts'
import { type EventRowJson, LINE_COLUMNS, withTime } from './line-query.ts'

/** Which of the stored lines somebody watches. */
export type LiveFilter = {
  readonly owner?: string | undefined
  readonly session?: string | undefined
  readonly host?: string | undefined
  readonly source?: string | undefined
  readonly text?: string | undefined
  /** Only lines that a rule gave one of these. */
  readonly severities?: readonly string[] | undefined
}

/**
 * Lines of a batch, file by file never out of order, else by time; from the `skip`th on. A batch never changes, so the same
 * question has the same answer.
 */
export async function selectBatchLines(
  store: Store,
  batch: string,
  filter: LiveFilter,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): Promise<EventRowJson[]> {
  const { where, params } = conditionsOf('batch = {batch:String}', { batch }, filter)
  const rows = await store.query<Record<string, unknown>>(
    `SELECT * EXCEPT reached FROM (
       SELECT ${LINE_COLUMNS}, 'line' AS kind, t.offset AS place,
         max(t.ts) OVER (PARTITION BY t.file_id, t.generation ORDER BY t.offset) AS reached
       FROM ${DATABASE}.lines AS t WHERE ${where}
     )
     ORDER BY reached, file_id, generation, place LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(skip)} SETTINGS ${LIMITS}`,
    params,
  )
  return rows.map(({ place: _, ...row }) => withTime(row))
}

/** How many lines of later batches are watched. */
export function countLinesBehind(store: Store, batch: string, filter: LiveFilter): Promise<number> {
  return countLines(store, conditionsOf('batch > {batch:String}', { batch }, filter))
}

/** How many lines of some batches are watched. */
export async function countBatchLines(
  store: Store,
  batches: readonly string[],
  filter: LiveFilter,
): Promise<number> {
  if (batches.length === 0) return 0
  return countLines(store, conditionsOf('batch IN {batches:Array(String)}', { batches }, filter))
}

async function countLines(store: Store, { where, params }: Conditions): Promise<number> {
  const [row] = await store.query<{ lines: number }>(
    `SELECT toFloat64(count()) AS lines FROM ${DATABASE}.lines AS t WHERE ${where} SETTINGS ${LIMITS}`,
    params,
  )
  return row?.lines ?? 0
}

type Conditions = { readonly where: string; readonly params: Params }

/** `which` says of which batches; the events of a line are in the batch of the line. */
function conditionsOf(
  which: string,
  named: Params,
  { owner, session, host, source, text, severities }: LiveFilter,
): Conditions {
  const conditions = [which]
  const params: Record<string, Params[string]> = { ...named }
  const add = (name: string, value: string | readonly string[] | undefined, sql: string) => {
    if (value === undefined) return
    conditions.push(sql)
    params[name] = value
  }
  add('owner', owner, 't.owner = {owner:String}')
  add('session', session, 't.session = {session:String}')
  add('host', host, 't.host = {host:String}')
  add('source', source, 't.source = {source:String}')
  add('text', text, 'positionCaseInsensitiveUTF8(t.message, {text:String}) > 0')
  add(
    'severities',
    severities,
    `t.event_id IN (SELECT event_id FROM ${DATABASE}.events WHERE ${which} AND severity IN {severities:Array(String)})`,
  )
  return { where: conditions.join(' AND '), params }
}
