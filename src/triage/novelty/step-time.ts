import type { Store } from '../../store/client.ts'
import { selectFirstAfter } from '../../store/signature-query.ts'
import type { Signature } from './signatures.ts'
import { NOVELTY } from './state.ts'

/**
 * When a signature took the step that is due, ms, by the events that caused it: the same answer however late it is asked for.
 * Undefined if events do not tell, because a rule came or went, or its count is what changed.
 */
export async function stepTime(
  { ids, seen, state, stored }: Signature,
  store: Store,
): Promise<number | undefined> {
  if (state.state === stored?.state) return undefined
  if (stored === undefined) return state.state === 'new' ? seen.firstMs : undefined
  if (state.state === 'resolved') return Math.max(seen.lastMs, stored.notedMs) + NOVELTY.quietMs
  if (state.state === 'regressed')
    return selectFirstAfter(store, { kind: seen.kind, ids, afterMs: stored.atMs })
  return stored.state === 'ignored' && stored.untilMs > 0 ? stored.untilMs : undefined
}
