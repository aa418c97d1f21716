import { z } from 'zod'
import { type EventJson, withoutUnknown } from '../event-json.ts'
import { SEVERITIES, type Severity } from '../model.ts'
import { selectEvents } from '../store/event-query.ts'
import type { Library, Page } from './answers.ts'
import { limit, session, sessionParts, severity, text, time } from './parameters.ts'
import { cursorText, cursorTo, microsOf, VerdictPlace } from './place.ts'

export const KINDS = ['signature', 'milestone', 'unknown'] as const

/** Parameters of events. */
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
  cursor: cursorTo(VerdictPlace).optional(),
})

/** Classified events of all machines, newest first; one for each rule that speaks of a line. */
export async function askEvents(ask: z.infer<typeof EVENTS>, { store }: Library): Promise<Page<EventJson>> {
  const { host, source, rule, template, kind, from, to } = ask
  const rows = await selectEvents(
    store,
    {
      ...{ host, ...sessionParts(ask.session), source, rule, template, kind, from, to },
      severities: severitiesFrom(ask.severity),
    },
    { limit: ask.limit + 1, after: after(ask.cursor) },
  )
  const items = rows.slice(0, ask.limit).map(withoutUnknown)
  const last = items.at(-1)
  if (rows.length <= ask.limit || last === undefined) return { items }
  const { ts, file_id, generation, offset, rule_id = '' } = last
  return { items, next: cursorText([ts, file_id, generation, offset, rule_id]) }
}

/** Severities at or above one; undefined for all. */
export function severitiesFrom(least: Severity | undefined): readonly Severity[] | undefined {
  return least === undefined || least === 'info' ? undefined : SEVERITIES.slice(SEVERITIES.indexOf(least))
}

function after(place: z.infer<typeof VerdictPlace> | undefined) {
  if (place === undefined) return undefined
  const [ts, fileId, generation, offset, ruleId] = place
  return { micros: microsOf(ts), fileId, generation, offset: String(offset), ruleId }
}
