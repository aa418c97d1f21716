import type { EventJson } from '../event-json.ts'
import { SEVERITIES, type Severity } from '../model.ts'
import type { Store } from '../store/client.ts'
import { storyOf } from './diagnosis/ask-diagnosis.ts'
import { attemptsOf } from './diagnosis/attempts.ts'
import { nameOf } from './diagnosis/story.ts'

export type TimelineAsk = {
  readonly session: string
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly source?: string | undefined
  /** At or above this. */
  readonly severity?: Severity | undefined
}

/**
 * Events of a desktop in the order of their times, from all machines: its own, those of its hosts, and what others write of
 * it. An event has one row for each rule.
 */
export async function timelineOf(ask: TimelineAsk, store: Store): Promise<EventJson[]> {
  const { attempts } = attemptsOf(await storyOf({ session: ask.session }, store))
  const own = attempts.filter((attempt) => nameOf(attempt) === ask.session).flatMap(({ events }) => events)
  const rows = new Map(own.map((event) => [`${event.event_id}:${event.rule_id ?? ''}`, event]))
  const events = ask.source === undefined ? withoutCopies([...rows.values()]) : [...rows.values()]
  return events.filter((event) => isAskedFor(event, ask)).sort(byTime)
}

/** What several files hold is shown once, with the other places. */
function withoutCopies(rows: readonly EventJson[]): EventJson[] {
  const ids = new Set(rows.map(({ event_id }) => event_id))
  const places = new Map<string, Map<string, { file: string; offset: number }>>()
  const isCopy = ({ duplicate_of, event_id, file, offset }: EventJson) => {
    if (duplicate_of === undefined || !ids.has(duplicate_of)) return false
    const known = places.get(duplicate_of) ?? new Map()
    places.set(duplicate_of, known.set(event_id, { file, offset }))
    return true
  }
  return rows
    .filter((event) => !isCopy(event))
    .map((event) => {
      const copies = places.get(event.event_id)
      return copies === undefined ? event : { ...event, copies: [...copies.values()] }
    })
}

function isAskedFor({ ts, source, severity }: EventJson, ask: TimelineAsk): boolean {
  const at = Date.parse(ts)
  if (ask.from !== undefined && at < Date.parse(ask.from)) return false
  if (ask.to !== undefined && at >= Date.parse(ask.to)) return false
  if (ask.source !== undefined && source !== ask.source) return false
  return (
    ask.severity === undefined || SEVERITIES.indexOf(severity ?? 'info') >= SEVERITIES.indexOf(ask.severity)
  )
}

/** By the places that pages go by: time, file, generation, offset; then by rule. */
function byTime(a: EventJson, b: EventJson): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0)
  return (
    order(a.ts, b.ts) ||
    order(a.file_id, b.file_id) ||
    a.generation - b.generation ||
    a.offset - b.offset ||
    order(a.rule_id ?? '', b.rule_id ?? '')
  )
}
