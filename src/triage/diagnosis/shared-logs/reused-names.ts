import type { EventJson } from '../../../event-json.ts'
import type { Draft } from '../attempts/draft.ts'
import type { DraftIndex } from '../attempts/draft-index.ts'
import { LONGEST_LAUNCH_MS } from '../attempts/found-machines.ts'
import { HOST_GONE, STOPPED } from '../course/standing.ts'

/** A host's address may have belonged to another desktop before: the attempt nearest in time is meant. */
export function atTheTime(drafts: readonly Draft[], event: EventJson, index: DraftIndex): Draft[] {
  const { ts, ts_quality, rule_id = '' } = event
  // What ends a desktop cannot be about one that does not exist yet.
  const isEnd = rule_id === HOST_GONE || STOPPED.has(rule_id)
  const begun = drafts.filter((draft) =>
    isEnd ? draft.files.some(({ first_ts }) => first_ts <= ts) : isNear(draft, event),
  )
  const possible = begun.length > 0 ? begun : drafts
  if (ts_quality !== 'parsed') return [...possible]
  const byEnd = possible.toSorted((a, b) => (index.lastLine(a) < index.lastLine(b) ? -1 : 1))
  const nearest = byEnd.find((draft) => index.lastLine(draft) >= ts) ?? byEnd.at(-1)
  return nearest === undefined ? [] : [nearest]
}

/**
 * Names are reused (nearly everybody has a `LinuxDesktop1`): an event from long before a desktop began is about another one.
 */
export function isNear({ files }: Draft, { ts, ts_quality }: EventJson): boolean {
  if (ts_quality !== 'parsed' || files.length === 0) return true
  const begin = Math.min(...files.map(({ first_ts }) => Date.parse(first_ts)))
  return Date.parse(ts) >= begin - LONGEST_LAUNCH_MS
}
