import { errorText, OpsError } from '../errors.ts'
import { isRefusal, type Refusal, type Store } from './client.ts'
import { localTable, onCluster } from './cluster-schema.ts'
import { DATABASE } from './database.ts'
import { type Journal, type JournalEntry, TABLES, type Table } from './journal.ts'

/**
 * Errors that are about rows, not about the store. They come from what an operator adds to the tables (constraints, views,
 * other column types), since our tables accept every row. Source of the names: `system.errors`.
 */
const OF_ROWS: ReadonlySet<string> = new Set([
  'CANNOT_PARSE_TEXT',
  'CANNOT_PARSE_ESCAPE_SEQUENCE',
  'CANNOT_PARSE_QUOTED_STRING',
  'CANNOT_PARSE_INPUT_ASSERTION_FAILED',
  'CANNOT_PARSE_DATE',
  'CANNOT_PARSE_DATETIME',
  'CANNOT_PARSE_NUMBER',
  'CANNOT_PARSE_BOOL',
  'CANNOT_PARSE_UUID',
  'CANNOT_PARSE_IPV4',
  'CANNOT_PARSE_IPV6',
  'CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING',
  'CANNOT_CONVERT_TYPE',
  'CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN',
  'ARGUMENT_OUT_OF_BOUND',
  'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE',
  'UNKNOWN_ELEMENT_OF_ENUM',
  'INCORRECT_DATA',
  'TOO_LARGE_STRING_SIZE',
  'TOO_LARGE_ARRAY_SIZE',
  'DECIMAL_OVERFLOW',
  'ILLEGAL_DIVISION',
  'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
  'VIOLATED_CONSTRAINT',
])

/** The store refuses a table of a batch because of some rows; nothing of that table is stored. */
export class RowsRefused extends Error {
  readonly table: Table

  constructor(table: Table, cause: Refusal) {
    super(errorText(cause), { cause })
    this.table = table
  }
}

/** A cluster does not show all rows of a batch that it was given: one of its servers lags behind. Trying again stores nothing twice. */
class RowsNotShown extends Error {}

/** Inserts a new batch: its id was never sent, so nothing of it can be stored yet. */
export async function insertBatch<C>(
  store: Store,
  journal: Journal<C>,
  entry: JournalEntry<C>,
): Promise<void> {
  for (const table of TABLES) {
    if (entry.rows[table] > 0) await insertTable(store, journal, entry, table)
  }
}

/**
 * Makes sure that a batch is stored exactly once, whatever happened to earlier tries: ends an insert that is still running,
 * counts the rows by batch id in each table, inserts what is missing, and counts again. A part is stored completely or not
 * at all; any other count means that something is wrong with the store, and throws. On a cluster that is so for each shard:
 * some may have their part, and drop it when it comes again.
 */
export async function settleBatch<C>(
  store: Store,
  journal: Journal<C>,
  entry: JournalEntry<C>,
): Promise<void> {
  for (const table of TABLES) {
    const want = entry.rows[table]
    if (want === 0) continue
    await store.endInsert(insertName(entry.batch, table))
    if ((await countRows(store, table, entry, want)) === want) continue
    await insertTable(store, journal, entry, table)
    const stored = await countRows(store, table, entry, want)
    if (stored === want) continue
    const cluster = await store.cluster()
    if (cluster === undefined) throw partialBatch(table, entry, stored, cluster)
    throw new RowsNotShown(`${stored} of ${want} rows of ${DATABASE}.${table} are there`)
  }
}

async function countRows<C>(
  store: Store,
  table: Table,
  entry: JournalEntry<C>,
  want: number,
): Promise<number> {
  const [row] = await store.query<{ rows: string | number }>(
    `SELECT count() AS rows FROM ${DATABASE}.${table} WHERE batch = {batch:String} SETTINGS max_execution_time = 60`,
    { batch: entry.batch },
  )
  const stored = Number(row?.rows ?? 0)
  if (stored === 0 || stored === want) return stored
  const cluster = await store.cluster()
  if (cluster === undefined || stored > want) throw partialBatch(table, entry, stored, cluster)
  return stored
}

async function insertTable<C>(
  store: Store,
  journal: Journal<C>,
  entry: JournalEntry<C>,
  table: Table,
): Promise<void> {
  try {
    await store.insertNative(table, journal.file(entry.batch, table), insertName(entry.batch, table))
  } catch (error) {
    if (!isRefusal(error) || !OF_ROWS.has(error.type)) throw error
    // Other shards may have stored their rows: a batch is not divided then, but waits until the cause is gone.
    if ((await store.cluster()) !== undefined) throw error
    // A view that the operator attached to the table may refuse rows that the table already contains.
    const want = entry.rows[table]
    if ((await countRows(store, table, entry, want)) !== want) throw new RowsRefused(table, error)
  }
}

function insertName(batch: string, table: Table): string {
  return `dcvlens-${batch}-${table}`
}

function partialBatch<C>(
  table: Table,
  { batch, rows }: JournalEntry<C>,
  stored: number,
  cluster: string | undefined,
): OpsError {
  const place = cluster === undefined ? `${DATABASE}.${table}` : `${localTable(table)} ${onCluster(cluster)}`
  return new OpsError(
    'E_PARTIAL_BATCH',
    `batch ${batch} has ${stored} of ${rows[table]} rows in ${DATABASE}.${table}`,
    `A batch is stored whole or not at all; something else wrote or deleted rows. Delete what is there (ALTER TABLE ${place} DELETE WHERE batch = '${batch}') and start again.`,
  )
}

/** One line that says why the store did not take a batch. */
export function storeTrouble(error: unknown): string {
  return error instanceof OpsError ? `${error.code}: ${error.message}` : errorText(error)
}

/** The error for a batch that the store does not take; the batch stays in the journal. */
export function storeDown(reason: string, entry: { readonly batch: string }, cause: unknown): OpsError {
  const isRefused = cause instanceof RowsRefused || isRefusal(cause)
  const isLate = cause instanceof RowsNotShown
  const what = isRefused
    ? 'the store refuses a batch'
    : isLate
      ? 'the cluster does not show a batch'
      : 'the store does not answer'
  return new OpsError(
    'E_STORE_DOWN',
    `${what}: ${reason}`,
    `Check that ClickHouse runs and that --store names it. Nothing is lost: batch ${entry.batch} waits in the journal and is stored at the next start.`,
    { cause },
  )
}
