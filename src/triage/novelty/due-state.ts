import type { StateRow } from '../../store/signature-state.ts'
import type { Library } from '../answers.ts'
import type { Signature } from './signatures.ts'
import type { State } from './state.ts'
import { rowOf } from './state-row.ts'
import { stepTime } from './step-time.ts'

/** What can happen to a signature without a person. */
export type What = 'new' | 'regressed' | 'escalating' | 'resolved' | 'known'

/** The author of such steps. */
const OURSELVES = 'dcvlens'

/**
 * The step of a signature that is due but not written down yet; undefined if there is none, or if the signature is not yet
 * worth reporting. If events do not say when it happened, it is dated now.
 */
export async function dueRow(signature: Signature, library: Library): Promise<StateRow | undefined> {
  return isDue(signature) ? rowAt(await stepTime(signature, library.store), signature, library) : undefined
}

/** The same, but only if its date stays what it is until the step is written down. */
export async function datedDueRow(signature: Signature, library: Library): Promise<StateRow | undefined> {
  if (!isDue(signature)) return undefined
  const atMs = await stepTime(signature, library.store)
  return atMs === undefined ? undefined : rowAt(atMs, signature, library)
}

function rowAt(atMs: number | undefined, signature: Signature, { nowMs }: Library): StateRow {
  const action = happeningOf(signature) ?? signature.state.state
  const times = { atMs: Math.min(atMs ?? nowMs, nowMs), notedMs: nowMs }
  return rowOf(signature, signature.state, { action, author: OURSELVES, note: '', ...times })
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
