import type { Span } from './alert-span.ts'
import type { Store } from './client.ts'
import { DATABASE } from './database.ts'
import { EVALUATION_LIMITS } from './query-limits.ts'

/** When a source on one host was last written. */
export type LastTime = {
  readonly source: string
  readonly cluster: string
  readonly host: string
  readonly last_ms: number
}

/** When the named sources were last written within a span. */
export function selectLastTimes(
  store: Store,
  { fromMs, toMs }: Pick<Span, 'fromMs' | 'toMs'>,
  sources: readonly string[],
): Promise<LastTime[]> {
  return store.query<LastTime>(
    `SELECT toString(t.source) AS source, toString(t.cluster) AS cluster, toString(t.host) AS host,
       toFloat64(toUnixTimestamp64Milli(max(t.ts))) AS last_ms
     FROM ${DATABASE}.lines AS t
     WHERE t.source IN {sources:Array(String)} AND t.ts > fromUnixTimestamp64Milli({from:Int64}) AND t.ts <= fromUnixTimestamp64Milli({to:Int64})
     GROUP BY t.source, t.cluster, t.host LIMIT 5000 SETTINGS ${EVALUATION_LIMITS}`,
    { sources, from: fromMs, to: toMs },
  )
}

/** Losses noted within a span, by reason. */
export function selectNotedLosses(store: Store, { fromMs, toMs }: Pick<Span, 'fromMs' | 'toMs'>) {
  return store.query<{
    readonly reason: string
    readonly bytes: number
    readonly count: number
    readonly files: number
    readonly example: string
  }>(
    `SELECT toString(t.reason) AS reason, toFloat64(sum(t.length)) AS bytes, toFloat64(count()) AS count,
       toFloat64(uniqExact(t.file_id)) AS files, toString(argMax(t.file, t.ingested_at)) AS example
     FROM ${DATABASE}.losses AS t
     WHERE t.ingested_at > fromUnixTimestamp64Milli({from:Int64}) AND t.ingested_at <= fromUnixTimestamp64Milli({to:Int64})
     GROUP BY t.reason SETTINGS ${EVALUATION_LIMITS}`,
    { from: fromMs, to: toMs },
  )
}
