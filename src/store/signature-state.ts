import type { Store } from './client.ts'
import { DATABASE } from './database.ts'

/** One decision about a signature; times in ms since the epoch, 0 if there is none. */
export type StateRow = {
  readonly id: string
  /** Counts the decisions about the same id. */
  readonly version: number
  /** When it happened. */
  readonly atMs: number
  /** When it was written down: not before it happened. */
  readonly notedMs: number
  readonly state: string
  readonly escalating: boolean
  readonly action: string
  readonly author: string
  readonly untilMs: number
  readonly below: number
  /** Occurrences up to then. */
  readonly count: number
  readonly note: string
}

const COLUMNS = `id, version, toFloat64(toUnixTimestamp64Milli(at)) AS atMs,
  toFloat64(toUnixTimestamp64Milli(noted)) AS notedMs, state, CAST(escalating, 'Bool') AS escalating, action, author,
  toFloat64(toUnixTimestamp64Milli(until)) AS untilMs, toFloat64(below) AS below, toFloat64(count) AS count, note`

/** The newest decision about each signature. */
export function selectStates(store: Store): Promise<StateRow[]> {
  return store.query<StateRow>(
    `SELECT ${COLUMNS} FROM ${DATABASE}.signature_states ORDER BY id, version DESC, at DESC LIMIT 1 BY id
     SETTINGS max_execution_time = 60`,
  )
}

/** Every decision about some ids, oldest first. */
export function selectHistory(store: Store, ids: readonly string[]): Promise<StateRow[]> {
  return store.query<StateRow>(
    `SELECT ${COLUMNS} FROM ${DATABASE}.signature_states WHERE id IN {ids:Array(String)} ORDER BY at, version
     SETTINGS max_execution_time = 60`,
    { ids },
  )
}

/** Adds decisions in one statement: all of them or none (on a cluster, all or none of each shard). */
export async function appendStates(store: Store, rows: readonly StateRow[]): Promise<void> {
  if (rows.length === 0) return
  const params: Record<string, string | number> = {}
  const values = rows.map((row, i) => {
    Object.assign(params, {
      [`id${i}`]: row.id,
      [`author${i}`]: row.author,
      [`note${i}`]: row.note,
      [`state${i}`]: row.state,
      [`action${i}`]: row.action,
    })
    const time = (ms: number) => `fromUnixTimestamp64Milli(${Math.trunc(ms)}, 'UTC')`
    const number = (value: number) => Math.max(0, Math.trunc(value))
    return `({id${i}:String}, ${number(row.version)}, ${time(row.atMs)}, ${time(row.notedMs)}, {state${i}:String}, ${row.escalating ? 1 : 0},
      {action${i}:String}, {author${i}:String}, ${time(row.untilMs)}, ${number(row.below)}, ${number(row.count)}, {note${i}:String})`
  })
  await store.command(
    `INSERT INTO ${DATABASE}.signature_states (id, version, at, noted, state, escalating, action, author, until, below, count, note)
     VALUES ${values.join(', ')}`,
    params,
  )
}
