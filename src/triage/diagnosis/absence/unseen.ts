import type { RuleSet } from '../../../interpret/load-rules.ts'
import type { SharedLogs } from '../shared-logs/shared-logs.ts'
import { type Attempt, isTimed, lastLineOf } from '../story.ts'
import type { Silence } from './silences.ts'

const UNSEEN = 'absence-ready-not-running'
const WATCHER = 'state-watcher'

/**
 * A host that calls itself ready, while the portal looks for its session every minute and does not find one. The watcher must
 * have written of this desktop and have gone on for long enough: one that does not know it proves nothing. Undated events are
 * left out. Source: EDH 26.4, `session_state_watcher.py`.
 */
export function unseenByPortal(
  { cluster, events }: Attempt,
  shared: SharedLogs,
  { correlations }: RuleSet,
): Silence | undefined {
  const rule = correlations.find(({ id }) => id === UNSEEN)
  const watched = events.filter(({ source }) => source === WATCHER)
  // What it says of one that it cannot reach is judged by how long it goes on.
  const isOnlyFound = watched.length > 0 && watched.every(({ kind }) => kind === 'milestone')
  const isSeen = events.some(({ rule_id = '' }) => rule?.expects.includes(rule_id))
  if (rule === undefined || !isOnlyFound || isSeen) return undefined
  const seen = events
    .filter(isTimed)
    .map((event) => ({ ruleId: event.rule_id ?? '', atMs: Date.parse(event.ts), event }))
    .sort((a, b) => a.atMs - b.atMs)
  const watchedMs = Date.parse(lastLineOf(shared.logsOf(WATCHER, cluster)))
  const [missing] = Number.isNaN(watchedMs) ? [] : rule.evaluate(seen, watchedMs)
  const begin = missing?.events[0]
  return missing === undefined || begin === undefined
    ? undefined
    : { rule, begin: begin.event, atMs: missing.atMs }
}
