import { DATABASE, type Store } from './client.ts'
import { QUESTION_LIMITS } from './query-limits.ts'

/** What a store says of itself. */
export type StoreFacts = {
  /** Version of ClickHouse. */
  readonly version: string
  /** Its clock, ms since the epoch. */
  readonly now_ms: number
  readonly user: string
  /** The newest step of our schema that it has; 0 where it has none. */
  readonly schema: number
  /** When the first step was taken; nothing in it is older. */
  readonly since_ms: number
  /** After so many days rows of `lines` are removed; 0 if they stay. */
  readonly retention_days: number
}

/** Asks a store what it is; changes nothing, whether it has our tables or not. */
export async function selectStoreFacts(store: Store): Promise<StoreFacts> {
  const [facts] = await store.query<
    Omit<StoreFacts, 'schema' | 'since_ms'> & { readonly has_schema: number }
  >(
    `SELECT version() AS version, toFloat64(toUnixTimestamp64Milli(now64(3))) AS now_ms, currentUser() AS user,
       toUInt32(countIf(name = 'schema_migrations')) AS has_schema,
       toUInt32OrZero(extract(maxIf(create_table_query, name = 'lines'), 'TTL [^\\\\n]*toIntervalDay\\\\((\\\\d+)\\\\)')) AS retention_days
     FROM system.tables WHERE database = '${DATABASE}' SETTINGS ${QUESTION_LIMITS}`,
  )
  if (facts === undefined) throw new Error('the store gives no answer to SELECT version()')
  const { has_schema, ...known } = facts
  if (has_schema === 0) return { ...known, schema: 0, since_ms: 0 }
  const [steps] = await store.query<{ schema: number; since_ms: number }>(
    `SELECT max(version) AS schema, toFloat64(toUnixTimestamp(min(applied_at))) * 1000 AS since_ms
     FROM ${DATABASE}.schema_migrations SETTINGS ${QUESTION_LIMITS}`,
  )
  return { ...known, schema: steps?.schema ?? 0, since_ms: steps?.since_ms ?? 0 }
}

/** Rows of the two large tables; the engine knows them without reading. */
export async function selectRowCounts(
  store: Store,
): Promise<{ readonly lines: number; readonly events: number }> {
  const [counts] = await store.query<{ lines: number; events: number }>(
    `SELECT (SELECT toFloat64(count()) FROM ${DATABASE}.lines) AS lines,
       (SELECT toFloat64(count()) FROM ${DATABASE}.events) AS events SETTINGS ${QUESTION_LIMITS}`,
  )
  return counts ?? { lines: 0, events: 0 }
}

/** What a table takes, as the engine counts it. */
export type TableSize = { readonly table: string; readonly rows: number; readonly bytes: number }

/** Rows and bytes on disk of each table that has any, projections and indexes included, the largest first. */
export function selectTableSizes(store: Store): Promise<TableSize[]> {
  return store.query<TableSize>(
    `SELECT table, toFloat64(sum(rows)) AS rows, toFloat64(sum(bytes_on_disk)) AS bytes FROM system.parts
     WHERE active AND database = '${DATABASE}' GROUP BY table ORDER BY bytes DESC, table SETTINGS ${QUESTION_LIMITS}`,
  )
}
