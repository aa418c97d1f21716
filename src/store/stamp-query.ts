import type { Store } from './client.ts'
import { DATABASE } from './database.ts'
import { BY_SUMMARY, QUESTION_LIMITS } from './query-limits.ts'

type Counts = { readonly name: string; readonly host: string; readonly rows: number; readonly first: number }

/**
 * A stamp for each desktop (`owner/name`), which covers its own logs and those of its hosts, and for each host. It changes
 * with every line and every event, and when another desktop begins to write under the address of one of its hosts.
 */
export async function selectStamps(store: Store): Promise<ReadonlyMap<string, string>> {
  const counted = (table: 'lines' | 'events', first: string) =>
    store.query<Counts>(
      `SELECT if(session = '', '', concat(owner, '/', session)) AS name, host, toFloat64(count()) AS rows, toFloat64(${first}) AS first
       FROM ${DATABASE}.${table} GROUP BY owner, session, host SETTINGS ${QUESTION_LIMITS}, ${BY_SUMMARY}`,
    )
  const [ofLines, ofEvents] = await Promise.all([counted('lines', 'min(ts)'), counted('events', '0')])
  const [lines, events] = [stampsOf(ofLines), stampsOf(ofEvents)]
  return new Map(
    [...lines].map(([name, { rows, first, neighbours }]) => [
      name,
      `${rows}:${events.get(name)?.rows ?? 0}:${first}:${neighbours}`,
    ]),
  )
}

/** The number of events that a stamp covers. */
export function eventsIn(stamp: string | undefined): number {
  return Number(stamp?.split(':')[1] ?? 0)
}

/** The time of the first line that a stamp covers, seconds since the epoch. */
export function firstIn(stamp: string | undefined): number {
  return Number(stamp?.split(':')[2] ?? 0)
}

/** The stamp of all events of some sources, and of machines that no path names. */
export async function selectSharedStamp(store: Store, sources: readonly string[]): Promise<string> {
  const [row] = await store.query<{ rows: number }>(
    `SELECT toFloat64(count()) AS rows FROM ${DATABASE}.events WHERE source IN {sources:Array(String)} OR (host = '' AND session = '')
     SETTINGS ${QUESTION_LIMITS}`,
    { sources },
  )
  return String(row?.rows ?? 0)
}

/** The parts of a stamp; `neighbours`: how many desktops have written under the names of its hosts. */
type Stamp = Pick<Counts, 'rows' | 'first'> & { readonly neighbours: number }

function stampsOf(counts: readonly Counts[]): ReadonlyMap<string, Stamp> {
  const ofHosts = new Map<string, Stamp>()
  const sharing = new Map<string, number>()
  for (const { name, host, rows, first } of counts) {
    if (host === '') continue
    if (name === '') add(ofHosts, host, { rows, first, neighbours: 0 })
    else sharing.set(host, (sharing.get(host) ?? 0) + 1)
  }
  const stamps = new Map(ofHosts)
  for (const { name, host, rows, first } of counts) {
    if (name === '') continue
    add(stamps, name, { rows, first, neighbours: sharing.get(host) ?? 0 })
    const ofHost = ofHosts.get(host)
    if (ofHost !== undefined) add(stamps, name, ofHost)
  }
  return stamps
}

function add(stamps: Map<string, Stamp>, name: string, { rows, first, neighbours }: Stamp): void {
  const before = stamps.get(name)
  stamps.set(name, {
    rows: (before?.rows ?? 0) + rows,
    first: Math.min(before?.first ?? first, first),
    neighbours: (before?.neighbours ?? 0) + neighbours,
  })
}
