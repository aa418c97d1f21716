import { z } from 'zod'
import { type EventJson, withoutUnknown } from '../event-json.ts'
import { SEVERITIES, type Severity } from '../model.ts'
import { selectEvents } from '../store/event-query.ts'
import type { Library, Page } from './answers.ts'
import { recentOf } from './page-span.ts'
import { limit, session, severity, text, time } from './parameters.ts'
import { cursorText, cursorTo, microsOf, VerdictPlace } from './place.ts'
import { rowsOf } from './sessions/session-logs.ts'

export const KINDS = ['signature', 'milestone', 'unknown'] as const

export const EVENTS = z.strictObject({
  session: session.optional(),
  host: text.optional(),
  source: text.optional().describe('kind of log'),
  rule: text.optional().describe('id of a rule'),
  template: text.optional().describe('id of a template'),
  kind: z.enum(KINDS, `must be one of ${KINDS.join(', ')}`).optional(),
  severity: severity.optional(),
  from: time.optional(),
  to: time.optional(),
  limit: limit.default(100),
  cursor: cursorTo('events', VerdictPlace).optional(),
})

/** Frequent events are found within the last days, without reading anything older. */
const RECENT_MS = 3 * 86_400_000

/** Classified events of all machines, newest first; one for each rule that matched a line. */
export async function askEvents(ask: z.infer<typeof EVENTS>, library: Library): Promise<Page<EventJson>> {
  const { store, nowMs } = library
  const { host, source, rule, template, kind, from, to } = ask
  const filter = {
    ...{ host, ...(await rowsOf(ask.session, library)), source, rule, template, kind, from, to },
    severities: severitiesFrom(ask.severity),
  }
  const page = { limit: ask.limit + 1, after: after(ask.cursor) }
  const since = recentOf(ask, nowMs, RECENT_MS)
  const found = since === undefined ? [] : await selectEvents(store, { ...filter, from: since }, page)
  const rows = found.length > ask.limit ? found : await selectEvents(store, filter, page)
  const items = rows.slice(0, ask.limit).map(withoutUnknown)
  const last = items.at(-1)
  if (rows.length <= ask.limit || last === undefined) return { items }
  const { ts, file_id, generation, offset, rule_id = '' } = last
  return { items, next: cursorText('events', [ts, file_id, generation, offset, rule_id]) }
}

/** The severities at or above `least`; undefined for all. */
export function severitiesFrom(least: Severity | undefined): readonly Severity[] | undefined {
  return least === undefined || least === 'info' ? undefined : SEVERITIES.slice(SEVERITIES.indexOf(least))
}

function after(place: z.infer<typeof VerdictPlace> | undefined) {
  if (place === undefined) return undefined
  const [ts, fileId, generation, offset, ruleId] = place
  return { micros: microsOf(ts), fileId, generation, offset: String(offset), ruleId }
}
