import { createHash } from 'node:crypto'
import { TS_QUALITIES } from '../model.ts'
import { DATABASE, type Store } from './client.ts'
import { type EventRow, eventId } from './event-row.ts'

/** What tells one happening from another, wherever it is written; times in µs. */
type Happening = Pick<EventRow, 'ts' | 'message' | 'offset'> & {
  readonly quality: string
  readonly source: string
  /** Where and of whom: cluster, owner, session, uuid, host. */
  readonly of: readonly string[]
}

/** Records in the order they came, and how many of them each file holds. */
type Written = { readonly ids: string[]; readonly paths: Map<string, Place> }
type Place = { count: number; lastId: string; original: string }

/** Copies are written within minutes; so many happenings are remembered. */
const MAX_HAPPENINGS = 50_000
/** Longer messages are known by their hash. */
const MAX_KEY_CHARS = 200

/**
 * Knows the events that were stored lately, so that a line that is copied on purpose (by `tee`, by a script that saves logs)
 * counts once. It is the same happening if desktop, host, text and time are the same in another file; where the text has
 * no time, if it also stands at the same place in another file of the same kind. The n-th of one file is the n-th of the other.
 */
export class Copies {
  readonly #written = new Map<string, Written>()

  /** The id of the event that this one is a copy of; '' for the first of its kind. Events of one record come together. */
  of(event: EventRow): string {
    const { file, ts, tsQuality, message, offset } = event
    const { cluster, owner, session, sessionUuid, host } = file.identity
    const happening = {
      ...{ ts, message, offset, quality: TS_QUALITIES[tsQuality] ?? '' },
      ...{ source: file.source, of: [cluster, owner, session, sessionUuid, host] },
    }
    return this.#note(happening, file.path, eventId(file, offset))
  }

  /** Remembers what an earlier run has stored, in the order it was stored. */
  async restore(store: Store): Promise<void> {
    const rows = await store.query<RecentRow>(
      `SELECT * FROM (
         SELECT event_id, toFloat64(toUnixTimestamp64Micro(ts)) AS micros, toString(ts_quality) AS quality, message,
           source, toFloat64(offset) AS offset, file, [cluster, owner, session, session_uuid, host] AS of, batch
         FROM ${DATABASE}.events WHERE ingested_at > now() - INTERVAL 1 DAY ORDER BY batch DESC LIMIT ${MAX_HAPPENINGS}
       ) ORDER BY batch, file, offset SETTINGS max_execution_time = 60, max_memory_usage = 1000000000`,
    )
    for (const { event_id, micros, file, ...row } of rows) this.#note({ ...row, ts: micros }, file, event_id)
  }

  #note(happening: Happening, path: string, id: string): string {
    const key = keyOf(happening)
    const written = this.#written.get(key) ?? { ids: [], paths: new Map<string, Place>() }
    const place = written.paths.get(path) ?? { count: 0, lastId: '', original: '' }
    if (place.lastId === id) return place.original
    place.original = written.ids[place.count] ?? ''
    if (place.original === '') written.ids.push(id)
    place.count++
    place.lastId = id
    written.paths.set(path, place)
    this.#written.delete(key)
    this.#written.set(key, written)
    if (this.#written.size > MAX_HAPPENINGS) this.#forgetOldest()
    return place.original
  }

  #forgetOldest(): void {
    for (const key of this.#written.keys()) {
      this.#written.delete(key)
      return
    }
  }
}

type RecentRow = {
  readonly event_id: string
  readonly micros: number
  readonly quality: string
  readonly message: string
  readonly source: string
  readonly offset: number
  readonly file: string
  readonly of: readonly string[]
}

function keyOf({ of, quality, ts, source, offset, message }: Happening): string {
  const place = quality === 'parsed' ? [ts] : [source, offset]
  const text = message.length > MAX_KEY_CHARS ? createHash('sha1').update(message).digest('base64') : message
  return [...of, ...place, text].join('\0')
}
