import type { EventJson } from '../../../event-json.ts'

/** A request is answered within this time; a refusal need not repeat which desktop was asked for. */
export const ANSWER_MS = 60_000

/** May the later event be the answer to this request? */
export function isAnsweredBy(request: EventJson, { file, ts }: EventJson): boolean {
  const sinceMs = Date.parse(ts) - Date.parse(request.ts)
  return request.file === file && sinceMs >= 0 && sinceMs <= ANSWER_MS
}

/** Does it end a launch? A warning is about something that is tried again. */
export function isRefusal({ kind, severity, ts_quality }: EventJson): boolean {
  return kind !== 'milestone' && ts_quality === 'parsed' && (severity === 'error' || severity === 'critical')
}
