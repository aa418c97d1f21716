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
  return [...rows.values()].filter((event) => isAskedFor(event, ask)).sort(byTime)
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
