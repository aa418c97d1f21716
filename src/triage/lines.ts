import { z } from 'zod'
import { comparePlaces, type EventJson, withoutUnknown } from '../event-json.ts'
import { SEVERITIES, type Severity } from '../model.ts'
import { severityRank } from '../severity.ts'
import type { Store } from '../store/client.ts'
import { selectAround, selectPlace } from '../store/context-query.ts'
import { selectCorrelated, selectCorrelatedById } from '../store/correlated-query.ts'
import {
  type EventRowJson,
  type LineCursor,
  type LineFilter,
  selectLines,
  selectVerdicts,
} from '../store/line-query.ts'
import type { Library, Page } from './answers.ts'
import { KINDS } from './events.ts'
import { grouped } from './grouped.ts'
import { earlyOf, recentOf } from './page-span.ts'
import { limit, session, severity, text, time, wholeNumber } from './parameters.ts'
import { cursorText, cursorTo, EventPlace, microsOf } from './place.ts'
import { rowsOf } from './sessions/session-logs.ts'

const neighbours = wholeNumber(0, 200)

export const SEARCH = z.strictObject({
  text: text.describe('text that the message contains, ignoring case'),
  session: session.optional(),
  host: text.optional(),
  source: text.optional().describe('kind of log'),
  severity: severity.optional(),
  rule: text.optional().describe('id of a rule that matches the line'),
  kind: z.enum(KINDS, `must be one of ${KINDS.join(', ')}`).optional(),
  from: time.optional(),
  to: time.optional(),
  limit: limit.default(100),
  cursor: cursorTo('search', EventPlace).optional(),
})

/** Either the lines around one record of its file, or lines of a desktop, host or kind of log. */
export const LINES = z.strictObject({
  event_id: text
    .regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits')
    .optional()
    .describe('the lines around this one, of its own file, in the order of the file'),
  at: z.iso
    .datetime({ precision: 6, error: 'must be the ts of the event' })
    .optional()
    .describe('ts of that event; makes finding a line fast'),
  before: neighbours.default(20).describe('number of lines before it (with event_id)'),
  after: neighbours.default(20).describe('number of lines after it (with event_id)'),
  session: session.optional(),
  host: text.optional(),
  source: text.optional().describe('kind of log'),
  from: time.optional(),
  to: time.optional(),
  limit: limit.default(1000),
  cursor: cursorTo('lines', EventPlace).optional(),
})

/** Frequent texts are found within the last day, without reading anything older. */
const RECENT_MS = 86_400_000

/** Lines that contain a text, and what rules say of several with such a text; newest first. */
export async function askSearch(ask: z.infer<typeof SEARCH>, library: Library): Promise<Page<EventJson>> {
  const { store, nowMs } = library
  const { host, source, rule, kind, from, to } = ask
  const verdict = { rule, kind, severities: atLeast(ask.severity) }
  const filter = {
    host,
    ...(await rowsOf(ask.session, library)),
    source,
    ...verdict,
    text: ask.text,
    from,
    to,
  }
  const page = { limit: ask.limit + 1, after: placeOf(ask.cursor), newestFirst: true }
  const since = recentOf(ask, nowMs, RECENT_MS)
  const found = since === undefined ? [] : await selectLines(store, { ...filter, from: since }, page)
  const lines = found.length > ask.limit ? found : await selectLines(store, filter, page)
  const rows = (await withVerdicts(store, lines)).filter((row) => isSaid(row, verdict))
  // What is older than the last line of a full page is not on it.
  const last = lines.length > ask.limit ? lines.at(-1)?.['ts'] : undefined
  const made = await selectCorrelated(
    store,
    last === undefined ? filter : { ...filter, from: `${last}` },
    page,
  )
  const all = [...rows, ...made].map(withoutUnknown)
  return pageOf('search', made.length === 0 ? all : all.sort((a, b) => comparePlaces(b, a)), ask.limit)
}

/** Lines without a rule have no severity. */
function atLeast(least: Severity | undefined): readonly Severity[] | undefined {
  return least === undefined ? undefined : SEVERITIES.slice(SEVERITIES.indexOf(least))
}

/** If several rules matched a line, only those asked for are shown. */
function isSaid(
  row: EventRowJson,
  { rule, kind, severities }: Pick<LineFilter, 'rule' | 'kind' | 'severities'>,
): boolean {
  return (
    (rule === undefined || row['rule_id'] === rule) &&
    (kind === undefined || row['kind'] === kind) &&
    (severities === undefined || severities.includes(String(row['severity'])))
  )
}

/** The first lines of what goes on for long are found within a day, without reading anything later. */
const EARLY_MS = 86_400_000

type Ask = Pick<z.infer<typeof LINES>, 'session' | 'host' | 'source' | 'from' | 'to' | 'limit' | 'cursor'>

/** Lines of a desktop, host or kind of log, oldest first: one more than a page has. */
export async function oldestLines(ask: Ask, library: Library): Promise<EventRowJson[]> {
  const { host, source, from, to } = ask
  const filter: LineFilter = { host, ...(await rowsOf(ask.session, library)), source, from, to }
  const page = { limit: ask.limit + 1, after: placeOf(ask.cursor) }
  const until = earlyOf(ask, filter.desktop?.first_ts, EARLY_MS)
  const found = until === undefined ? [] : await selectLines(library.store, { ...filter, to: until }, page)
  return found.length > ask.limit ? found : selectLines(library.store, filter, page)
}

/** Lines, oldest first; or the lines around one record, which does not exist if there are none. */
export async function askLines(ask: z.infer<typeof LINES>, library: Library): Promise<Page<EventJson>> {
  const { store } = library
  if (ask.event_id !== undefined) return { items: await linesAround(ask.event_id, ask, store) }
  const rows = worstOf(await withVerdicts(store, await oldestLines(ask, library)))
  return pageOf('lines', rows, ask.limit)
}

async function linesAround(id: string, ask: z.infer<typeof LINES>, store: Store): Promise<EventJson[]> {
  const place = await selectPlace(store, id, ask.at)
  if (place === undefined) return []
  const rows = worstOf(await withVerdicts(store, await selectAround(store, place, ask)))
  // What a rule says of several events stands below the last of them.
  const made = place.length > 0 ? [] : await selectCorrelatedById(store, id)
  const below = 1 + rows.findIndex((row) => row['offset'] === place.offset)
  return [...rows.slice(0, below), ...made, ...rows.slice(below)].map(withoutUnknown)
}

/** Lines with their verdicts: one row for each rule that matched. */
export async function withVerdicts(store: Store, lines: readonly EventRowJson[]): Promise<EventRowJson[]> {
  const byId = grouped(await selectVerdicts(store, lines), ({ event_id }) => event_id)
  return lines.flatMap((line) =>
    (byId.get(line['event_id']) ?? [{}]).map((verdict) => ({ ...line, ...verdict })),
  )
}

/** Each line once, with its worst verdict; in the same order. */
export function worstOf(rows: readonly EventRowJson[]): EventRowJson[] {
  const lines = new Map<unknown, EventRowJson>()
  for (const row of rows) {
    const known = lines.get(row['event_id'])
    if (known === undefined || rankOf(row) > rankOf(known)) lines.set(row['event_id'], row)
  }
  return [...lines.values()]
}

function rankOf({ severity }: EventRowJson): number {
  return severityRank(severity as string | undefined)
}

/** Cuts a page of a question from rows of which one more than wanted was queried; rows of the same place stay together. */
export function pageOf(question: string, rows: readonly EventRowJson[], most: number): Page<EventJson> {
  const places = [...new Set(rows.map(placeKey))]
  if (places.length <= most) return { items: rows.map(withoutUnknown) }
  const wanted = new Set(places.slice(0, most))
  const shown = rows.filter((row) => wanted.has(placeKey(row))).map(withoutUnknown)
  const last = shown.at(-1)
  return last === undefined
    ? { items: shown }
    : { items: shown, next: cursorText(question, [last.ts, last.file_id, last.generation, last.offset]) }
}

function placeKey(row: EventRowJson): string {
  return `${row['ts']}:${row['file_id']}:${row['generation']}:${row['offset']}`
}

/** A place in the form that the store compares. */
function placeOf(place: z.infer<typeof EventPlace> | undefined): LineCursor | undefined {
  if (place === undefined) return undefined
  const [ts, fileId, generation, offset] = place
  return { micros: microsOf(ts), fileId, generation, offset: String(offset) }
}
