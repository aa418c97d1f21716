import type { Store } from './client.ts'
import { localTable, onCluster } from './cluster-schema.ts'
import { DATABASE } from './database.ts'
import { BULK_LIMITS } from './query-limits.ts'
import { LINE_COLUMNS, type RecordRow } from './row-columns.ts'
import { timeParam } from './sql-time.ts'

/** What `events` holds for some lines. */
export type StoredVerdict = {
  readonly event_id: string
  readonly kind: string
  readonly rule_id: string
  readonly rule_version: number
  readonly severity: string
  readonly phase: string
  readonly layer: string
  readonly batch: string
}

/** The columns of a `StoredVerdict`. */
export const STORED_VERDICT = 'event_id, kind, rule_id, rule_version, severity, phase, layer, batch'

/** Lines of one page, and their stored verdicts. */
export type StoredPage = {
  readonly lines: readonly RecordRow[]
  readonly verdicts: readonly StoredVerdict[]
}

/**
 * Lines with a time from `since` on (ISO 8601), in pages, file by file in the order of their bytes. Files come in the sort
 * order of the table, so that a page only sorts the rest of a range of files.
 */
export async function* storedPages(
  store: Store,
  since: string,
  pageRows: number,
): AsyncGenerator<StoredPage> {
  let after = { file_id: '', generation: 0, offset: -1 }
  for (;;) {
    const place = '(file_id, generation, toInt64(offset))'
    const params = { since, id: after.file_id, generation: after.generation, offset: after.offset }
    const recent = `ts >= ${timeParam('since')}`
    const beyond = `${place} > ({id:String}, {generation:UInt32}, {offset:Int64})`
    const lines = await store.query<RecordRow>(
      `SELECT ${LINE_COLUMNS}
       FROM ${DATABASE}.lines WHERE ${recent} AND ${beyond}
       ORDER BY file_id, generation, lines.offset LIMIT ${Math.trunc(pageRows)} SETTINGS ${BULK_LIMITS}`,
      params,
    )
    const last = lines.at(-1)
    if (last === undefined) return
    const verdicts = await store.query<StoredVerdict>(
      `SELECT ${STORED_VERDICT} FROM ${DATABASE}.events
       WHERE ${recent} AND ${beyond} AND ${place} <= ({lastId:String}, {lastGeneration:UInt32}, {lastOffset:Int64})
       SETTINGS ${BULK_LIMITS}`,
      { ...params, lastId: last.file_id, lastGeneration: last.generation, lastOffset: last.offset },
    )
    yield { lines, verdicts }
    after = last
  }
}

/** A statement that names more of them would exceed the size that the store accepts. */
const PER_STATEMENT = 5000

/** Removes events as their batch stored them; waits until they are gone. Trends change with them. */
export async function deleteEvents(
  store: Store,
  events: readonly Pick<StoredVerdict, 'event_id' | 'rule_id' | 'batch'>[],
): Promise<void> {
  const cluster = await store.cluster()
  const table = cluster === undefined ? `${DATABASE}.events` : `${localTable('events')} ${onCluster(cluster)}`
  const tuples = events.map(
    ({ event_id, rule_id, batch }) => `('${hex(event_id)}','${slug(rule_id)}','${batchName(batch)}')`,
  )
  for (let i = 0; i < tuples.length; i += PER_STATEMENT) {
    const some = tuples.slice(i, i + PER_STATEMENT).join(',')
    await store.command(
      `ALTER TABLE ${table} DELETE WHERE (event_id, rule_id, batch) IN (${some}) SETTINGS mutations_sync = 2`,
    )
  }
}

/** Mutations take no parameters, so anything but the alphabet of our ids is removed. */
const hex = (text: string) => text.replace(/[^0-9a-f]/g, '')
const slug = (text: string) => text.replace(/[^a-z0-9-]/g, '')
const batchName = (text: string) => text.replace(/[^0-9A-Za-z~-]/g, '')
