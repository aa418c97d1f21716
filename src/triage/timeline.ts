import { z } from 'zod'
import { compareEvents, compareText, type EventJson, withoutUnknown } from '../event-json.ts'
import { severityRank } from '../severity.ts'
import { selectCorrelated } from '../store/correlated-query.ts'
import type { Library, Page } from './answers.ts'
import { isNamed } from './diagnosis/ask-diagnosis.ts'
import { attemptsOf } from './diagnosis/attempts/attempts.ts'
import { unassignedOf, understood } from './diagnosis/findings/findings.ts'
import { storyOf } from './diagnosis/stored-story.ts'
import { nameOf } from './diagnosis/story.ts'
import { foldCopies } from './fold-copies.ts'
import { oldestLines, pageOf, withVerdicts } from './lines.ts'
import { flag, limit, session, sessionParts, severity, text, time } from './parameters.ts'
import { cursorTo, EventPlace } from './place.ts'

export const TIMELINE = z.strictObject({
  session,
  from: time.optional(),
  to: time.optional(),
  all: flag.default(false).describe('every line of its own logs and of its hosts, not only events'),
  host: text.optional(),
  source: text.optional().describe('kind of log'),
  rule: text.optional().describe('id of a rule'),
  severity: severity.optional(),
  limit: limit.default(1000),
  cursor: cursorTo('timeline', EventPlace).optional(),
})

type TimelineAsk = z.infer<typeof TIMELINE>

/** What happened to a desktop, oldest first: its events, or all lines of its own logs and of its hosts. */
export async function askTimeline(ask: TimelineAsk, library: Library): Promise<Page<EventJson>> {
  const { store } = library
  if (!ask.all) {
    const events = await timelineOf(ask, library)
    return pageOf('timeline', ask.cursor === undefined ? events : behind(events, ask.cursor), ask.limit)
  }
  return pageOf('timeline', await withVerdicts(store, await oldestLines(ask, library)), ask.limit)
}

/** The events after the place at which the previous page ended. */
function behind(
  events: readonly EventJson[],
  [lastTs, lastFile, lastGeneration, lastOffset]: NonNullable<TimelineAsk['cursor']>,
): EventJson[] {
  return events.filter(
    ({ ts, file_id, generation, offset }) =>
      (compareText(ts, lastTs) ||
        compareText(file_id, lastFile) ||
        generation - lastGeneration ||
        offset - lastOffset) > 0,
  )
}

/**
 * Events of a desktop from all machines, in order of time: its own, those of its hosts, what others wrote about it, what several
 * events say together, and what did not follow. An event has one row for each rule.
 */
async function timelineOf(ask: TimelineAsk, library: Library): Promise<EventJson[]> {
  const { store, rules, portal } = library
  const story = await storyOf({ session: ask.session, portal: await portal() }, store, rules)
  const { attempts, unassigned } = attemptsOf(story)
  const around = unassignedOf(unassigned)
  const written = attempts
    .filter((attempt) => isNamed({ session: nameOf(attempt), host: attempt.host }, ask.session))
    .flatMap((attempt) => understood(attempt, rules, around).attempt.events)
  const all = [...written, ...(await waitsOf(ask.session, library))]
  const rows = new Map(all.map((event) => [`${event.event_id}:${event.rule_id ?? ''}`, event]))
  const events = ask.source === undefined ? foldCopies([...rows.values()]) : [...rows.values()]
  return events.filter((event) => isAskedFor(event, ask)).toSorted(compareEvents)
}

/** More absences of one desktop are not read. */
const MOST_WAITS = 1000

/**
 * Events of absence rules: something was expected and did not follow. Whether and when that was so depended on the clock at
 * that time, so they are read as they were stored, not evaluated again.
 */
async function waitsOf(name: string, { store, rules }: Library): Promise<EventJson[]> {
  const absences = rules.correlations.flatMap(({ id, type }) => (type === 'absence' ? id : []))
  const { owner, session: desktop, host } = sessionParts(name)
  const of =
    owner === undefined || desktop === undefined
      ? { host }
      : { desktop: { owner, session: desktop, logs: [] } }
  const made = await selectCorrelated(store, { ...of, rules: absences }, { limit: MOST_WAITS })
  return made.map(withoutUnknown)
}

function isAskedFor({ ts, host, source, rule_id, severity }: EventJson, ask: TimelineAsk): boolean {
  const at = Date.parse(ts)
  if (ask.from !== undefined && at < Date.parse(ask.from)) return false
  if (ask.to !== undefined && at >= Date.parse(ask.to)) return false
  if (ask.host !== undefined && host !== ask.host) return false
  if (ask.source !== undefined && source !== ask.source) return false
  if (ask.rule !== undefined && rule_id !== ask.rule) return false
  return ask.severity === undefined || severityRank(severity ?? 'info') >= severityRank(ask.severity)
}
