import type { EventJson } from '../../../event-json.ts'
import { HOST_GONE, STOPPED } from '../course/standing.ts'
import { isAnsweredBy, isRefusal } from '../shared-logs/refusal.ts'
import { isShared, lastLineOf } from '../story.ts'
import { type Draft, emptyDraft } from './draft.ts'
import { REQUEST } from './found-machines.ts'

/**
 * The attempts in a draft: a desktop that was gone when its user asked for it again and was refused is two, the second
 * without a host. While a desktop runs, a refused request of the same name changes nothing.
 */
export function withRefusedAnew(draft: Draft): Draft[] {
  const request = requestAfterEnd(draft)
  if (request === undefined) return [draft]
  const isLater = ({ source, phase, ts, ts_quality }: EventJson) =>
    isShared(source) && phase === 'launch' && ts_quality === 'parsed' && ts >= request.ts
  const later = draft.events.filter(isLater)
  if (!later.some((event) => isRefusal(event) && isAnsweredBy(request, event))) return [draft]
  const { cluster, owner, name, profile } = draft
  return [
    { ...draft, events: draft.events.filter((event) => !isLater(event)) },
    Object.assign(emptyDraft(), { cluster, owner, name, profile, events: later }),
  ]
}

/** The first request after the host wrote its last line and was seen to be gone. */
function requestAfterEnd({ events, files }: Draft): EventJson | undefined {
  if (files.length === 0) return undefined
  const end = lastLineOf(files)
  const gone = events
    .filter(({ rule_id = '', ts }) => (rule_id === HOST_GONE || STOPPED.has(rule_id)) && ts >= end)
    .map(({ ts }) => ts)
    .sort()[0]
  if (gone === undefined) return undefined
  return events
    .filter(({ rule_id, ts, ts_quality }) => rule_id === REQUEST && ts_quality === 'parsed' && ts >= gone)
    .sort((a, b) => (a.ts < b.ts ? -1 : 1))[0]
}
