import { batchTime } from './batch.ts'
import type { Store } from './client.ts'
import { DATABASE } from './database.ts'
import { QUESTION_LIMITS } from './query-limits.ts'

/** A log of which lines arrived long after they were written. */
export type LateLog = Readonly<
  Record<'cluster' | 'owner' | 'session' | 'host' | 'source' | 'file_id', string>
>

/** Logs of which lines arrived since a time (ms), and more than `lateMs` after they were written. */
export function selectLateLogs(
  store: Store,
  { sinceMs, lateMs }: { readonly sinceMs: number; readonly lateMs: number },
): Promise<LateLog[]> {
  return store.query<LateLog>(
    `SELECT cluster, owner, session, host, source, file_id FROM ${DATABASE}.lines
     WHERE batch >= {batch:String} AND ts < ingested_at - toIntervalSecond(${Math.ceil(lateMs / 1000)})
     GROUP BY cluster, owner, session, host, source, file_id SETTINGS ${QUESTION_LIMITS}`,
    { batch: batchTime(sinceMs) },
  )
}
