import { DATABASE, type Store } from './client.ts'
import { QUESTION_LIMITS } from './query-limits.ts'

type Counts = { readonly name: string; readonly host: string; readonly rows: number }

/**
 * What stands for all that is stored of each desktop (`owner/name`), its own logs and those of its hosts, and of each host
 * by its own: it changes with every line and every event.
 */
export async function selectStamps(store: Store): Promise<ReadonlyMap<string, string>> {
  const counted = (table: 'lines' | 'events') =>
    store.query<Counts>(
      `SELECT if(session = '', '', concat(owner, '/', session)) AS name, host, toFloat64(count()) AS rows
       FROM ${DATABASE}.${table} GROUP BY owner, session, host SETTINGS ${QUESTION_LIMITS}`,
    )
  const [ofLines, ofEvents] = await Promise.all([counted('lines'), counted('events')])
  const [lines, events] = [stampsOf(ofLines), stampsOf(ofEvents)]
  return new Map([...lines].map(([name, rows]) => [name, `${rows}:${events.get(name) ?? 0}`]))
}

/** How many events a stamp stands for. */
export function eventsIn(stamp: string | undefined): number {
  return Number(stamp?.split(':')[1] ?? 0)
}

/** What stands for all events of some kinds of logs, and of machines whose name no path tells. */
export async function selectSharedStamp(store: Store, sources: readonly string[]): Promise<string> {
  const [row] = await store.query<{ rows: number }>(
    `SELECT toFloat64(count()) AS rows FROM ${DATABASE}.events WHERE source IN {sources:Array(String)} OR (host = '' AND session = '')
     SETTINGS ${QUESTION_LIMITS}`,
    { sources },
  )
  return String(row?.rows ?? 0)
}

function stampsOf(counts: readonly Counts[]): Map<string, number> {
  const ofHosts = new Map<string, number>()
  for (const { name, host, rows } of counts) {
    if (name === '' && host !== '') ofHosts.set(host, (ofHosts.get(host) ?? 0) + rows)
  }
  const stamps = new Map(ofHosts)
  for (const { name, host, rows } of counts) {
    if (name !== '') stamps.set(name, (stamps.get(name) ?? 0) + rows + (ofHosts.get(host) ?? 0))
  }
  return stamps
}
