import type { Store } from './client.ts'
import { DATABASE } from './database.ts'
import { QUESTION_LIMITS } from './query-limits.ts'

/** Facts about a store. */
export type StoreFacts = {
  /** The version of ClickHouse. */
  readonly version: string
  /** The clock of the store, ms since the epoch. */
  readonly now_ms: number
  readonly user: string
  /** The number of the newest migration; 0 if there is none. */
  readonly schema: number
  /** The time of the first migration, ms since the epoch; no row is older. */
  readonly since_ms: number
  /** Days after which rows of `lines` expire; 0 if they are kept. */
  readonly retention_days: number
  /** The rows of `lines`. */
  readonly lines: number
}

/** Reads the facts about a store; changes nothing, whether or not our tables exist. */
export async function selectStoreFacts(store: Store): Promise<StoreFacts> {
  const [facts] = await store.query<
    Omit<StoreFacts, 'schema' | 'since_ms' | 'lines'> & { readonly has_schema: number }
  >(
    `SELECT version() AS version, toFloat64(toUnixTimestamp64Milli(now64(3))) AS now_ms, currentUser() AS user,
       toUInt32(countIf(name = 'schema_migrations')) AS has_schema,
       maxIf(toUInt32OrZero(extract(create_table_query, 'TTL [^\\\\n]*toIntervalDay\\\\((\\\\d+)\\\\)')), name IN ('lines', 'lines_local')) AS retention_days
     FROM system.tables WHERE database = '${DATABASE}' SETTINGS ${QUESTION_LIMITS}`,
  )
  if (facts === undefined) throw new Error('the store gives no answer to SELECT version()')
  const { has_schema, ...known } = facts
  if (has_schema === 0) return { ...known, schema: 0, since_ms: 0, lines: 0 }
  const [steps] = await store.query<{ schema: number; since_ms: number }>(
    `SELECT max(version) AS schema, toFloat64(toUnixTimestamp(min(applied_at))) * 1000 AS since_ms
     FROM ${DATABASE}.schema_migrations SETTINGS ${QUESTION_LIMITS}`,
  )
  const { lines } = await selectRowCounts(store)
  return { ...known, schema: steps?.schema ?? 0, since_ms: steps?.since_ms ?? 0, lines }
}

/** The numbers of rows in the two large tables; the engine knows them without reading. */
export async function selectRowCounts(
  store: Store,
): Promise<{ readonly lines: number; readonly events: number }> {
  const [counts] = await store.query<{ lines: number; events: number }>(
    `SELECT (SELECT toFloat64(count()) FROM ${DATABASE}.lines) AS lines,
       (SELECT toFloat64(count()) FROM ${DATABASE}.events) AS events SETTINGS ${QUESTION_LIMITS}`,
  )
  return counts ?? { lines: 0, events: 0 }
}

/** The size of a table, as the engine counts it. */
export type TableSize = { readonly table: string; readonly rows: number; readonly bytes: number }

/**
 * Rows and bytes on disk of each table that has any, including projections and indexes; largest first. On a cluster, those of
 * the server that is asked.
 */
export function selectTableSizes(store: Store): Promise<TableSize[]> {
  return store.query<TableSize>(
    `SELECT replaceRegexpOne(parts.table, '_local$', '') AS table, toFloat64(sum(rows)) AS rows, toFloat64(sum(bytes_on_disk)) AS bytes
     FROM system.parts WHERE active AND database = '${DATABASE}' GROUP BY parts.table ORDER BY bytes DESC, table SETTINGS ${QUESTION_LIMITS}`,
  )
}
