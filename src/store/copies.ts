import { type InterpretedChunk, type RowVerdict, type SourceFile, TS_QUALITIES } from '../model.ts'
import type { Store } from './client.ts'
import { DATABASE } from './database.ts'
import { type EventRow, eventId, eventRow } from './event-row.ts'
import { OF_LINES } from './of-lines.ts'

/** What is needed of an event to recognise it. */
type Seen = Pick<EventRow, 'file' | 'ts' | 'tsQuality' | 'message' | 'offset'>

/** What identifies a happening wherever it is written; times in µs. */
type Happening = Pick<EventRow, 'ts' | 'message' | 'offset'> & {
  readonly quality: string
  readonly source: string
  /** Cluster, owner, session, uuid and host, as one text. */
  readonly of: string
}

/** An event that has been seen once so far, in one file; nearly all events stay such. */
type Once = { readonly path: string; readonly id: string }
/** Ids of events in order of arrival, and how many of them each file holds; the files are few. */
type Written = { readonly ids: string[]; readonly places: Place[] }
type Place = { readonly path: string; count: number; lastId: string; original: string }

/** Copies are written within minutes. At most this many happenings are remembered, and always the newest half of them. */
const MAX_HAPPENINGS = 50_000

/**
 * Remembers recently stored events, so that a line that is copied on purpose (by `tee`, or by a script that saves logs)
 * counts once. An event is a copy if another file has one of the same desktop, host and text, and of the same time or, if
 * the line has no time, the same source and offset. The n-th occurrence in one file is a copy of the n-th in the other.
 */
export class Copies {
  // Two halves, of which the older is dropped as a whole: cheaper than dropping single entries.
  #young = new Map<number, Once | Written>()
  #old = new Map<number, Once | Written>()
  readonly #max: number

  /** `max`: how many happenings to remember. */
  constructor(max = MAX_HAPPENINGS) {
    this.#max = max
  }

  /**
   * Notes an event with its `id`; returns the id of the event that it is a copy of, '' if of none. If several rules match a
   * record, its events must be passed one right after the other.
   */
  of(event: Seen, id: string): string {
    return this.#note(markOf(event), event.file.path, id)
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
         FROM ${DATABASE}.events WHERE ${OF_LINES} AND ingested_at > now() - INTERVAL 1 DAY ORDER BY batch DESC LIMIT ${MAX_HAPPENINGS}
       ) ORDER BY batch, file, offset SETTINGS max_execution_time = 60, max_memory_usage = 1000000000`,
    )
    for (const { event_id, micros, file, of, ...row } of rows) {
      this.#note(markOfText(textOf({ ...row, of: of.join('\0'), ts: micros })), file, event_id)
    }
  }

  #note(mark: number, path: string, id: string): string {
    const known = this.#young.get(mark) ?? this.#old.get(mark)
    if (known === undefined) {
      this.#put(mark, { path, id })
      return ''
    }
    const written = 'ids' in known ? known : writtenOnce(known)
    this.#put(mark, written)
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

  #put(mark: number, written: Once | Written): void {
    if (this.#young.size >= this.#max / 2 && !this.#young.has(mark)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(mark, written)
  }
}

function writtenOnce({ path, id }: Once): Written {
  return { ids: [id], places: [{ path, count: 1, lastId: id, original: '' }] }
}

/** A number that is equal for copies of a happening in all files. */
export function markOf({ file, ts, tsQuality, message, offset }: Seen): number {
  const quality = TS_QUALITIES[tsQuality] ?? ''
  return markOfText(textOf({ ts, message, offset, quality, source: file.source, of: whoIn(file) }))
}

/** 53 bits from two hashes, FNV-1a and a polynomial; enough, since few happenings are compared with each other. */
function markOfText(text: string): number {
  let [high, low] = [0x811c9dc5, 0]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 0x01000193)
    low = (Math.imul(low, 31) + unit) | 0
  }
  return (high >>> 0) * 2 ** 21 + (low & 0x1fffff)
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

function textOf({ of, quality, ts, source, offset, message }: Happening): string {
  const place = quality === 'parsed' ? ts : `${source}\0${offset}`
  return `${of}\0${place}\0${message}`
}
