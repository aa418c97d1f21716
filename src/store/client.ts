import { createReadStream } from 'node:fs'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { errorText, OpsError } from '../errors.ts'
import { closedAfterWork } from './close-after-work.ts'
import { clusterFinder } from './cluster-name.ts'
import { DATABASE } from './database.ts'
import { Lanes } from './lanes.ts'
import { withShortValues } from './short-values.ts'

/** Values for the `{name:Type}` parts of a query; never pasted into its text. */
export type Params = Readonly<Record<string, string | number | readonly string[] | readonly number[]>>

/** The one door to ClickHouse, embedded or server. Each query limits its own time with `max_execution_time`. */
export type Store = {
  readonly kind: 'embedded' | 'server'
  /** Rows of a SELECT. Settings belong in its SETTINGS clause, since the embedded engine would keep any others. */
  query<Row>(sql: string, params?: Params): Promise<Row[]>
  command(sql: string, params?: Params): Promise<void>
  /** Inserts a file of Native blocks as one block. `queryId` names the insert, so that it can be found and ended. */
  insertNative(table: string, file: string, queryId: string): Promise<void>
  /** Ends running inserts of this name and waits until they have ended; nothing to do on the embedded engine. */
  endInsert(queryId: string): Promise<void>
  /** The cluster of ClickHouse servers over which our tables are distributed; undefined: they are in one place. */
  cluster(): Promise<string | undefined>
  close(): Promise<void>
}

/** A store as it was opened. */
export type OpenStore = Store & {
  /**
   * The same store through separate connections, so that questions and other work do not wait for each other. Too many
   * questions at once are refused with E_BUSY. Closed with the store.
   */
  questions(): Store
}

/** A connection as the client's options type it: the engine's package has its own, equal copy of these types. */
type Connection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>

/** At once from a file that is sent. Nearly all batches of a service are smaller, and room for more is taken each time. */
const READ_BYTES = 128 * 1024

/** A batch is one block, so that it becomes one part and is stored completely or not at all. */
const ONE_BLOCK =
  'max_threads=1, max_insert_threads=1, max_insert_block_size=1048576, min_insert_block_size_rows=1048576, min_insert_block_size_bytes=0, async_insert=0'

/**
 * The index of what messages say would cost a third of an insert: parts get their indexes when they are merged, and are read
 * without until then.
 */
const INDEX_LATER = 'materialize_skip_indexes_on_insert=0'

/**
 * Opens the engine in this process on a folder. Writing and reading have separate connections, since each serialises its
 * queries.
 */
export async function openEmbedded(path: string): Promise<OpenStore> {
  const { createChdbConnection } = await loadEngine()
  const open = () => createClient({ connection: createChdbConnection({ path }) as unknown as Connection })
  const writer = open()
  const reader = open()
  const lanes = new Lanes(open)
  await prepareEmbedded(writer, path)
  const store: Store = {
    kind: 'embedded',
    query: (sql, params) => select(reader, sql, params),
    command: (sql, params) => run(writer, sql, params),
    insertNative: (table, file) =>
      run(
        writer,
        `INSERT INTO ${DATABASE}.${table} SETTINGS ${ONE_BLOCK}, ${INDEX_LATER}, insert_deduplicate=0 SELECT * FROM file('${quoted(file)}', 'Native')`,
      ),
    endInsert: async () => {},
    cluster: async () => undefined,
    close: async () => {
      await lanes.close()
      await reader.close()
      await writer.close()
    },
  }
  return closedAfterWork(withQuestions(store, lanes))
}

function withQuestions(store: Store, lanes: Lanes<ClickHouseClient>): OpenStore {
  const query: Store['query'] = (sql, params) => lanes.take((lane) => select(lane, sql, params))
  return { ...store, questions: () => ({ ...store, query }) }
}

/** An insert that is not answered in this time is settled by counting its rows. */
const REQUEST_TIMEOUT_MS = 90_000

/**
 * What tables on a cluster need and those of one server ignore: an insert is answered when every shard has its rows, and a
 * question within a question is asked of all shards.
 */
const OVER_SHARDS = { insert_distributed_sync: 1, distributed_product_mode: 'global' } as const

/** Opens a ClickHouse server by its HTTP address, which may contain user and password. */
export function openServer(url: string): OpenStore {
  const open = (max_open_connections: number) =>
    createClient({
      url,
      request_timeout: REQUEST_TIMEOUT_MS,
      max_open_connections,
      // Long values do not fit into an address: servers take 1 MiB of it, proxies less.
      use_multipart_params_auto: true,
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: OVER_SHARDS,
    })
  const client = open(8)
  const cluster = clusterFinder(DATABASE, (sql) => select(client, sql))
  const lanes = new Lanes(() => open(1))
  const store: Store = {
    kind: 'server',
    query: (sql, params) => select(client, sql, params),
    command: (sql, params) => run(client, sql, params),
    insertNative: async (table, file, queryId) => {
      // A shard of a cluster recognises by the token what it has already; one server is asked by counting.
      const dedupe = (await cluster()) === undefined ? 0 : 1
      const query = `INSERT INTO ${DATABASE}.${table} SETTINGS ${ONE_BLOCK}, ${INDEX_LATER}, insert_deduplicate=${dedupe}, max_execution_time=60, insert_deduplication_token='${queryId}' FORMAT Native`
      const { stream } = await client.exec({
        query,
        values: createReadStream(file, { highWaterMark: READ_BYTES }),
        query_id: queryId,
      })
      await stream.resume().toArray()
    },
    endInsert: async (queryId) => {
      await run(client, `KILL QUERY WHERE query_id = '${quoted(queryId)}' SYNC`)
    },
    cluster,
    close: async () => {
      await lanes.close()
      await client.close()
    },
  }
  return withQuestions(store, lanes)
}

/** A refusal by the store: the number and the name of its error (`system.errors`). */
export type Refusal = Error & { readonly code: string; readonly type: string }

/**
 * Did the store itself refuse (rather than being unreachable or silent)? Decided by the properties of the error, since the
 * engine's package throws a class of its own.
 */
export function isRefusal(error: unknown): error is Refusal {
  if (!(error instanceof Error)) return false
  const { code, type } = error as Partial<Refusal>
  return typeof code === 'string' && /^\d+$/.test(code) && typeof type === 'string'
}

async function loadEngine(): Promise<typeof import('chdb/connection')> {
  try {
    return await import('chdb/connection')
  } catch (cause) {
    throw new OpsError(
      'E_NO_ENGINE',
      'the embedded store is not installed (package chdb, Linux x64 or arm64 with glibc)',
      'Run `npm install chdb`, or use a ClickHouse server with --store URL.',
      { cause },
    )
  }
}

async function prepareEmbedded(client: ClickHouseClient, path: string): Promise<void> {
  try {
    await run(client, `CREATE DATABASE IF NOT EXISTS ${DATABASE}`)
  } catch (cause) {
    throw new OpsError(
      'E_STORE_OPEN',
      `cannot open the embedded store in ${path}: ${errorText(cause)}`,
      'Check that the folder is writable, that the disk is not full and that no other program has it open.',
      { cause },
    )
  }
}

async function select<Row>(client: ClickHouseClient, sql: string, params: Params = {}): Promise<Row[]> {
  const short = withShortValues(sql, params)
  const result = await client.query({
    query: short.sql,
    format: 'JSONEachRow',
    query_params: { ...short.params },
  })
  return result.json<Row>()
}

async function run(client: ClickHouseClient, sql: string, params?: Params): Promise<void> {
  await client.command({ query: sql, ...(params === undefined ? {} : { query_params: { ...params } }) })
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
}
