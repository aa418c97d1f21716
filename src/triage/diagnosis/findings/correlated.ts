import type { EventJson } from '../../../event-json.ts'
import type { CorrelatedEvent, Correlation } from '../../../interpret/correlation.ts'
import { isTimed } from '../story.ts'

/** A rule about several events that holds: the events that make it hold, and the whole run of events during which it held. */
export type Hit = {
  readonly rule: Correlation
  readonly events: readonly EventJson[]
  readonly run: readonly EventJson[]
}

export type Hits = {
  readonly hits: readonly Hit[]
  /** Rules that would hold only if lines without a time had been written at the time of their file, which nobody knows. */
  readonly untimed: readonly Correlation[]
}

type Seen = CorrelatedEvent & { readonly event: EventJson }

/** Evaluates sequences and thresholds on the events of one desktop, host or cluster. */
export function hitsOf(events: readonly EventJson[], rules: readonly Correlation[]): Hits {
  const hits: Hit[] = []
  const untimed: Correlation[] = []
  const wanted = new Set(rules.flatMap(({ looksAt }) => looksAt))
  const seen = happenings(events.filter(({ rule_id }) => wanted.has(rule_id ?? ''))).map((event) => ({
    ...{ ruleId: event.rule_id ?? '', atMs: Date.parse(event.ts) },
    event,
  }))
  for (const rule of rules) {
    const ofRule = seen.filter(({ ruleId }) => rule.looksAt.includes(ruleId))
    if (ofRule.length < 2) continue
    const found = hitsIn(
      rule,
      ofRule.filter(({ event }) => isTimed(event)),
    )
    hits.push(...found)
    if (found.length === 0 && hitsIn(rule, ofRule).length > 0) untimed.push(rule)
  }
  return { hits, untimed }
}

function hitsIn(rule: Correlation, seen: readonly Seen[]): Hit[] {
  return rule.evaluate(seen, Number.POSITIVE_INFINITY).map(({ events, run }) => ({
    rule,
    events: events.map(({ event }) => event),
    run: run.map(({ event }) => event),
  }))
}

/**
 * Events in order of time, without duplicates: if several files report the same, it counts as often as in the file that
 * reports it most often.
 */
export function happenings(events: readonly EventJson[]): EventJson[] {
  const countsByHappening = new Map<string, Map<string, number>>()
  return events.toSorted(byTimeAmong(events)).filter(({ rule_id, kind, ts, ts_quality, message, file }) => {
    if (rule_id === undefined || kind === 'line') return false
    if (ts_quality !== 'parsed') return true
    const key = `${rule_id}\0${ts}\0${message}`
    const counts = countsByHappening.get(key) ?? new Map<string, number>()
    const most = Math.max(0, ...counts.values())
    const countInFile = (counts.get(file) ?? 0) + 1
    countsByHappening.set(key, counts.set(file, countInFile))
    return countInFile > most
  })
}

/**
 * Of one moment, the file that tells most of it comes first: the order there is that in which things happened, and a copy may
 * hold only some of them.
 */
function byTimeAmong(events: readonly EventJson[]): (a: EventJson, b: EventJson) => number {
  const told = new Map<string, number>()
  const toldIn = ({ ts, file }: EventJson) => told.get(`${ts}\0${file}`) ?? 0
  for (const event of events) told.set(`${event.ts}\0${event.file}`, toldIn(event) + 1)
  return (a, b) => {
    if (a.ts !== b.ts) return a.ts < b.ts ? -1 : 1
    if (a.file !== b.file) return toldIn(b) - toldIn(a) || (a.file < b.file ? -1 : 1)
    return a.generation - b.generation || a.offset - b.offset
  }
}
