import type { Params, Store } from './client.ts'
import { DATABASE } from './database.ts'
import { type EventRowJson, withTime } from './line-query.ts'
import { BY_INDEX, QUESTION_LIMITS } from './query-limits.ts'
import { LINE_COLUMNS } from './row-columns.ts'
import { timeParam } from './sql-time.ts'

/** The place of the record whose neighbours are wanted. */
export type RecordPlace = {
  readonly file_id: string
  readonly generation: number
  readonly offset: number
  readonly length: number
  readonly owner: string
  readonly session: string
}

const PLACE =
  'file_id, generation, toFloat64(t.offset) AS offset, toFloat64(t.length) AS length, owner, session'

/**
 * The place of a record. Records with events are found by id in `events`. For others the ids of lines must be computed,
 * which is fast only with `at` (the time of the record). What was made of several events has the place of the last of them.
 */
export async function selectPlace(
  store: Store,
  id: string,
  at: string | undefined,
): Promise<RecordPlace | undefined> {
  const when = at === undefined ? '' : `AND t.ts = ${timeParam('at')}`
  const find = (table: 'events' | 'lines') =>
    store.query<RecordPlace>(
      `SELECT ${PLACE} FROM ${DATABASE}.${table} AS t WHERE t.event_id = {id:String} ${when} LIMIT 1 SETTINGS ${QUESTION_LIMITS}, ${BY_INDEX}`,
      { id, ...(at === undefined ? {} : { at }) },
    )
  const ofEvent = (await find('events'))[0]
  if (ofEvent === undefined) return (await find('lines'))[0]
  return ofEvent.length > 0 ? ofEvent : { ...ofEvent, ...(await selectOwner(store, ofEvent.file_id)) }
}

/**
 * The owner and desktop that the path of a file names; undefined if no line of it is stored. For events that a rule made of
 * several others, whose own owner and desktop are those that they are about.
 */
async function selectOwner(
  store: Store,
  fileId: string,
): Promise<Pick<RecordPlace, 'owner' | 'session'> | undefined> {
  const [owner] = await store.query<Pick<RecordPlace, 'owner' | 'session'>>(
    `SELECT owner, session FROM ${DATABASE}.lines WHERE file_id = {fileId:String} GROUP BY owner, session LIMIT 1
     SETTINGS ${QUESTION_LIMITS}`,
    { fileId },
  )
  return owner
}

/**
 * The record and its neighbours in the same file: `before` and `after` are the numbers of records, in the order of their
 * bytes.
 */
export async function selectAround(
  store: Store,
  { file_id, generation, offset, owner, session }: RecordPlace,
  { before, after }: { readonly before: number; readonly after: number },
): Promise<EventRowJson[]> {
  const select = (side: '<' | '>=', rows: number) =>
    store.query<Record<string, unknown>>(
      `SELECT ${LINE_COLUMNS}, 'line' AS kind FROM ${DATABASE}.lines AS t
       WHERE t.owner = {owner:String} AND t.session = {session:String} AND t.file_id = {fileId:String}
         AND t.generation = {generation:UInt32} AND t.offset ${side} {offset:UInt64}
       ORDER BY t.offset ${side === '<' ? 'DESC' : 'ASC'} LIMIT ${Math.trunc(rows)} SETTINGS ${QUESTION_LIMITS}`,
      { owner, session, fileId: file_id, generation, offset },
    )
  const older = before === 0 ? [] : await select('<', before)
  return [...older.toReversed(), ...(await select('>=', after + 1))].map(withTime)
}

/** Any record of a log: tells the query where in the table that log is. */
type Seen = { readonly file_id: string; readonly ts: string; readonly owner?: string | undefined }

/** The last record with text is usually within so many bytes of the end of its log. */
const TAIL_BYTES = 65_536

/** The last record with text in each of these logs. */
export async function selectLastLines(store: Store, seen: readonly Seen[]): Promise<EventRowJson[]> {
  const ends = await selectEnds(store, seen)
  const inTail = `t.generation = transform(t.file_id, {ended:Array(String)}, {generations:Array(UInt32)}, 0)
    AND t.offset + ${TAIL_BYTES} >= transform(t.file_id, {ended:Array(String)}, {ends:Array(UInt64)}, 0)`
  const found = await selectLast(store, seen, inTail, {
    ended: ends.map(({ file_id }) => file_id),
    generations: ends.map(({ generation }) => generation),
    ends: ends.map(({ stored }) => stored),
  })
  const known = new Set(found.map((row) => row['file_id']))
  const others = seen.filter(({ file_id }) => !known.has(file_id))
  return others.length === 0 ? found : [...found, ...(await selectLast(store, others, '1'))]
}

type End = { readonly file_id: string; readonly generation: number; readonly stored: number }

/** The newest generation of each log, and how many of its bytes are stored: it ends there or, with losses, later. */
function selectEnds(store: Store, seen: readonly Seen[]): Promise<End[]> {
  return store.query<End>(
    `SELECT file_id, generation, toFloat64(sum(length)) AS stored FROM ${DATABASE}.lines
     WHERE file_id IN {files:Array(String)} GROUP BY file_id, generation
     ORDER BY generation DESC LIMIT 1 BY file_id SETTINGS ${QUESTION_LIMITS}`,
    { files: filesOf(seen) },
  )
}

async function selectLast(
  store: Store,
  seen: readonly Seen[],
  condition: string,
  params: Params = {},
): Promise<EventRowJson[]> {
  const rows = await store.query<Record<string, unknown>>(
    `SELECT ${LINE_COLUMNS}, 'line' AS kind FROM ${DATABASE}.lines AS t
     WHERE t.owner IN {owners:Array(String)} AND t.file_id IN {files:Array(String)}
       AND t.ts >= ${timeParam('since')} AND ${condition} AND match(t.message, '[\\\\pL\\\\pN]')
     ORDER BY t.generation DESC, t.offset DESC LIMIT 1 BY t.file_id SETTINGS ${QUESTION_LIMITS}`,
    {
      ...params,
      owners: [...new Set(seen.map(({ owner }) => owner ?? ''))],
      files: filesOf(seen),
      since: seen.map(({ ts }) => ts).sort()[0] ?? '',
    },
  )
  return rows.map(withTime)
}

function filesOf(seen: readonly Seen[]): string[] {
  return [...new Set(seen.map(({ file_id }) => file_id))]
}
