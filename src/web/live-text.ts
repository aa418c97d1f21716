import { withoutUnknown } from '../event-json.ts'
import { countBatchLines, countLinesBehind, type LiveFilter, selectBatchLines } from '../store/live-query.ts'
import { withVerdicts, worstOf } from '../triage/lines.ts'
import { happening } from './happening.ts'
import type { Service } from './service.ts'
import type { SessionWatch } from './session-watch.ts'

export type LiveAsk = {
  readonly filter: LiveFilter
  /** If given, only changes of this desktop are reported. */
  readonly session: string | undefined
  /** The last line that the reader has, if any: `batch/number of its lines`. */
  readonly lastId: string | undefined
}

type Listening = { readonly service: Service; readonly watch: SessionWatch; readonly signal: AbortSignal }

/** The most lines of one batch that a reader gets; the others are left out and counted. */
const MOST_OF_A_BATCH = 1000
const PAGE = 200
/** A reader this many batches behind is too slow: it continues with the newest. */
const MOST_BEHIND = 20
const HEARTBEAT_MS = 15_000

/** A position in the stored batches: a batch, by number and name, and how many of its lines were sent. */
type Place = { readonly number: number; readonly batch: string; readonly lines: number }

/** The number of a batch that is not remembered. */
const FORGOTTEN = -1

/**
 * The stream of one reader, as the text of server-sent events. Each piece is made when the one before has been taken, so
 * that a slow reader delays only itself.
 */
export async function* liveText(ask: LiveAsk, { service, watch, signal }: Listening): AsyncGenerator<string> {
  const { feed, clock } = service
  watch.join(signal)
  let { version } = watch
  let place = placeOf(ask.lastId, service)
  let toldMs = clock.nowMs()
  yield 'retry: 2000\n\n'
  while (!signal.aborted) {
    const told = await nextPiece(place, ask.filter, service)
    place = told.place
    const changes = watch.changesSince(version).filter(({ session }) => session === (ask.session ?? session))
    version = watch.version
    const texts = [...told.texts, ...changes.map((change) => eventText('session', change))]
    const restMs = toldMs + HEARTBEAT_MS - clock.nowMs()
    if (texts.length === 0 && restMs <= 0) texts.push(': still here\n\n')
    if (texts.length > 0) toldMs = clock.nowMs()
    for (const text of texts) yield text
    if (texts.length > 0) continue
    const isThere = () => feed.end > place.number || watch.version > version
    await happening(isThere, { feed, clock, signal, ms: restMs })
  }
}

function placeOf(lastId: string | undefined, { feed }: Service): Place {
  const [, batch = '', lines = '0'] = /^([\w-]+)\/(\d{1,9})$/.exec(lastId ?? '') ?? []
  if (batch === '') return endOf(feed)
  return { number: feed.numberOf(batch) ?? FORGOTTEN, batch, lines: Number(lines) }
}

function endOf(feed: Service['feed']): Place {
  return { number: feed.end, batch: feed.at(feed.end - 1)?.batch ?? '', lines: 0 }
}

type Piece = { readonly texts: string[]; readonly place: Place }

/** The next lines after a position, or a note of what is left out because the reader is too far behind; nothing at the end. */
async function nextPiece(place: Place, filter: LiveFilter, service: Service): Promise<Piece> {
  const { feed, store } = service
  if (place.number < feed.begin || feed.end - place.number > MOST_BEHIND) {
    const end = endOf(feed)
    const skipped = await skippedLines(place, filter, service)
    return { place: end, texts: skipped > 0 ? [gapText(skipped, { ...end, lines: MOST_LINES })] : [] }
  }
  const batch = feed.at(place.number)
  if (batch === undefined) return { place, texts: [] }
  const here = { ...place, batch: batch.batch }
  const next = { number: place.number + 1, batch: batch.batch, lines: 0 }
  const rows = await selectBatchLines(store, batch.batch, filter, { skip: place.lines, limit: PAGE })
  const lines = place.lines + rows.length
  const texts = (await eventsOf(rows, service)).map((event, index) =>
    eventText('line', event, { ...here, lines: place.lines + index + 1 }),
  )
  if (rows.length < PAGE) return { place: next, texts }
  if (lines < MOST_OF_A_BATCH) return { place: { ...here, lines }, texts }
  const skipped = (await countBatchLines(store, [batch.batch], filter)) - lines
  if (skipped > 0) texts.push(gapText(skipped, { ...here, lines: lines + skipped }))
  return { place: next, texts }
}

/** More lines than any batch has: the whole batch was sent. */
const MOST_LINES = 999_999_999

async function skippedLines(place: Place, filter: LiveFilter, { feed, store }: Service): Promise<number> {
  if (place.number < feed.begin) return countLinesBehind(store, place.batch, filter)
  const batches: string[] = []
  for (let number = place.number; number < feed.end; number++) batches.push(feed.at(number)?.batch ?? '')
  return (await countBatchLines(store, batches, filter)) - place.lines
}

async function eventsOf(rows: Awaited<ReturnType<typeof selectBatchLines>>, { store }: Service) {
  return worstOf(await withVerdicts(store, rows)).map(withoutUnknown)
}

function gapText(skipped: number, place: Place): string {
  return eventText('gap', { skipped }, place)
}

/** One server-sent event; its id is the position of a reader that has received it. */
function eventText(event: string, data: unknown, place?: Place): string {
  const id = place === undefined ? '' : `id: ${place.batch}/${place.lines}\n`
  return `${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
