import { readFileSync, writeFileSync } from 'node:fs'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { createChdbConnection } from 'chdb/connection'
import type { Params, Store } from '../../../src/store/client.ts'

/** What the questions to a store have read since they were last counted. */
export type Measured = Store & { takeRows(): number }

const LANES = 3

/** The embedded store of a folder, which counts the rows that the engine reads. */
export function measuredStore(path: string): Measured {
  const open = () => createClient({ connection: createChdbConnection({ path }) as never })
  const lanes: { client: ClickHouseClient; waiting: number }[] = Array.from({ length: LANES }, () => ({
    client: open(),
    waiting: 0,
  }))
  let rows = 0
  const query = async <Row>(sql: string, params?: Params): Promise<Row[]> => {
    const [lane] = lanes.toSorted((a, b) => a.waiting - b.waiting)
    if (lane === undefined) throw new Error('no lane')
    lane.waiting++
    try {
      const given = params === undefined ? {} : { query_params: { ...params } }
      const result = await lane.client.query({ query: sql, format: 'JSON', ...given })
      const { data, statistics } = await result.json<Row>()
      rows += statistics?.rows_read ?? 0
      return data
    } finally {
      lane.waiting--
    }
  }
  return {
    kind: 'embedded',
    query,
    command: async (sql) => {
      await lanes[0]?.client.command({ query: sql })
    },
    insertNative: async () => {
      throw new Error('nothing is written here')
    },
    cluster: async () => undefined,
    endInsert: async () => {},
    takeRows() {
      const taken = rows
      rows = 0
      return taken
    },
    close: async () => {
      for (const { client } of lanes) await client.close()
    },
  }
}

/** Bytes by which the memory of this process grew at the most during some work. */
export async function peakMemory(work: () => Promise<void>): Promise<number> {
  writeFileSync('/proc/self/clear_refs', '5')
  const before = process.memoryUsage.rss()
  await work()
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))
  return Math.max(0, Number(peak?.[1] ?? 0) * 1024 - before)
}
