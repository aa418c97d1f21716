import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type Front, startFront } from './clickhouse-front.ts'

export type Rig = {
  readonly dataDir: string
  readonly front: Front
  readonly client: ClickHouseClient
  connect(options: ClickHouseClientConfigOptions): ClickHouseClient
  rows<T>(query: string, params?: Record<string, unknown>): Promise<T[]>
  /** Rows of the table `t`, which is empty at the begin of each test. */
  count(): Promise<number>
  native(select: string): Promise<Buffer>
  insertRow(a: number, settings?: Record<string, string>): Promise<unknown>
  /** Sends the bytes as a stream of many pieces. */
  insertNative(bytes: Buffer, queryId?: string): Promise<void>
}

const table = `CREATE OR REPLACE TABLE t (a UInt64, b String DEFAULT concat('b', toString(a)))
  ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100`
const pieceBytes = 65_536

/** One front and one client for the tests of a file. */
export function useFront(): Rig {
  const dataDir = mkdtempSync(join(tmpdir(), 'dcvlens-front-'))
  let front: Front
  let client: ClickHouseClient
  const connect = (options: ClickHouseClientConfigOptions): ClickHouseClient =>
    createClient({
      url: front.url,
      request_timeout: 20_000,
      log: { level: ClickHouseLogLevel.OFF },
      ...options,
    })

  beforeAll(async () => {
    front = await startFront({ dataDir })
    client = connect({})
  })
  beforeEach(async () => {
    await client.command({ query: table })
  })
  afterEach(() => front.control.heal())
  afterAll(async () => {
    await client.close()
    await front.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const rows = async <T>(query: string, params: Record<string, unknown> = {}): Promise<T[]> => {
    const result = await client.query({ query, query_params: params, format: 'JSONEachRow' })
    return result.json<T>()
  }
  return {
    dataDir,
    get front() {
      return front
    },
    get client() {
      return client
    },
    connect,
    rows,
    count: async () => (await rows<{ n: number }>('SELECT count() AS n FROM t'))[0]?.n ?? -1,
    async native(select) {
      const { stream } = await client.exec({ query: `${select} FORMAT Native` })
      return Buffer.concat(await stream.toArray())
    },
    insertRow: (a, settings = {}) =>
      client.insert({ table: 't', values: [{ a }], format: 'JSONEachRow', clickhouse_settings: settings }),
    async insertNative(bytes, queryId = '') {
      const { stream } = await client.exec({
        query: 'INSERT INTO t FORMAT Native',
        values: Readable.from(piecesOf(bytes), { objectMode: false }),
        ...(queryId ? { query_id: queryId } : {}),
      })
      stream.resume()
    },
  }
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += pieceBytes)
    yield bytes.subarray(start, start + pieceBytes)
}
