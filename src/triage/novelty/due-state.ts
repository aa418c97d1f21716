import type { StateRow } from '../../store/signature-state.ts'
import type { Signature } from './signatures.ts'
import type { State } from './state.ts'
import { rowOf } from './state-row.ts'

/** What can happen to a signature without a person. */
export type What = 'new' | 'regressed' | 'escalating' | 'resolved' | 'known'

/** The author of such steps. */
const OURSELVES = 'dcvlens'

/**
 * The step of a signature that is due but not written down yet; undefined if there is none, or if the signature is not yet
 * worth reporting.
 */
export function dueRow(signature: Signature, nowMs: number): StateRow | undefined {
  if (!isDue(signature)) return undefined
  const action = happeningOf(signature) ?? signature.state.state
  return rowOf(signature, signature.state, { action, author: OURSELVES, note: '', atMs: nowMs })
}

/** What happened to a signature since its last step was written down. */
export function happeningOf({ state, stored, seen }: Signature): What | undefined {
  const before = stored?.state as State | undefined
  if (state.state !== before) {
    if (state.state === 'regressed' || state.state === 'resolved') return state.state
    if (state.state === 'known' && before !== undefined && before !== 'ignored') return 'known'
    if (state.state === 'new' && seen.kind === 'template') return 'new'
  }
  return state.escalating && stored?.escalating !== true ? 'escalating' : undefined
}

function isDue({ state, stored, seen, novel }: Signature): boolean {
  if (stored !== undefined) return state.state !== stored.state || state.escalating !== stored.escalating
  return seen.kind === 'rule' || seen.explained ? state.escalating : novel
}
