import { hash } from 'node:crypto'
import { type InterpretedChunk, type RowVerdict, type SourceFile, TS_QUALITIES } from '../model.ts'
import { DATABASE, type Store } from './client.ts'
import { type EventRow, eventId, eventRow } from './event-row.ts'

/** What identifies a happening wherever it is written; times in µs. */
type Happening = Pick<EventRow, 'ts' | 'message' | 'offset'> & {
  readonly quality: string
  readonly source: string
  /** Cluster, owner, session, uuid and host, as one text. */
  readonly of: string
}

/** Ids of events in order of arrival, and how many of them each file holds; the files are few. */
type Written = { readonly ids: string[]; readonly places: Place[] }
type Place = { readonly path: string; count: number; lastId: string; original: string }

/** Copies are written within minutes. At most this many happenings are remembered, and always the newest half of them. */
const MAX_HAPPENINGS = 50_000
/** Longer messages are identified by their hash. */
const MAX_KEY_CHARS = 200

/**
 * Remembers recently stored events, so that a line that is copied on purpose (by `tee`, or by a script that saves logs)
 * counts once. An event is a copy if another file has one of the same desktop, host and text, and of the same time or, if
 * the line has no time, the same source and offset. The n-th occurrence in one file is a copy of the n-th in the other.
 */
export class Copies {
  // Two halves, of which the older is dropped as a whole: cheaper than dropping single entries.
  #young = new Map<string, Written>()
  #old = new Map<string, Written>()

  /**
   * The id of the event that this one (with its `id`) copies; '' if it is the first. Events of one record must be passed one
   * after the other.
   */
  of(event: EventRow, id: string): string {
    return this.#note(happeningOf(event), event.file.path, id)
  }

  /** The same for a verdict on a record of a chunk. */
  ofVerdict(chunk: InterpretedChunk, verdict: RowVerdict): string {
    const event = eventRow(chunk, verdict)
    return this.of(event, eventId(event.file, event.offset))
  }

  /** Restores what earlier runs have stored, in the order in which it was stored. */
  async restore(store: Store): Promise<void> {
    const rows = await store.query<RecentRow>(
      `SELECT * FROM (
         SELECT event_id, toFloat64(toUnixTimestamp64Micro(ts)) AS micros, toString(ts_quality) AS quality, message,
           source, toFloat64(offset) AS offset, file, [cluster, owner, session, session_uuid, host] AS of, batch
         FROM ${DATABASE}.events WHERE ingested_at > now() - INTERVAL 1 DAY ORDER BY batch DESC LIMIT ${MAX_HAPPENINGS}
       ) ORDER BY batch, file, offset SETTINGS max_execution_time = 60, max_memory_usage = 1000000000`,
    )
    for (const { event_id, micros, file, of, ...row } of rows) {
      this.#note(keyOf({ ...row, of: of.join('\0'), ts: micros }), file, event_id)
    }
  }

  #note(happening: string, path: string, id: string): string {
    const written = this.#writtenOf(happening)
    let place = written.places.find((one) => one.path === path)
    if (place?.lastId === id) return place.original
    if (place === undefined) {
      place = { path, count: 0, lastId: '', original: '' }
      written.places.push(place)
    }
    place.original = written.ids[place.count] ?? ''
    if (place.original === '') written.ids.push(id)
    place.count++
    place.lastId = id
    return place.original
  }

  #writtenOf(key: string): Written {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const written = this.#old.get(key) ?? { ids: [], places: [] }
    if (this.#young.size >= MAX_HAPPENINGS / 2) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, written)
    return written
  }
}

/** A text that is equal for copies of a happening in all files. */
export function happeningOf({ file, ts, tsQuality, message, offset }: EventRow): string {
  const quality = TS_QUALITIES[tsQuality] ?? ''
  return keyOf({ ts, message, offset, quality, source: file.source, of: whoIn(file) })
}

const WHO = new WeakMap<SourceFile, string>()

/** The desktop and host of a file, as one text; kept, since consecutive events are often from the same file. */
function whoIn(file: SourceFile): string {
  const known = WHO.get(file)
  if (known !== undefined) return known
  const { cluster, owner, session, sessionUuid, host } = file.identity
  const who = [cluster, owner, session, sessionUuid, host].join('\0')
  WHO.set(file, who)
  return who
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
  const place = quality === 'parsed' ? ts : `${source}\0${offset}`
  const text = message.length > MAX_KEY_CHARS ? hash('sha1', message, 'base64') : message
  return `${of}\0${place}\0${text}`
}
