import type { StateRow } from '../../store/signature-state.ts'
import type { Signature } from './signatures.ts'
import type { SignatureState } from './state.ts'

/** A state in stored form, with the version after the previous one. */
export function rowOf(
  signature: Pick<Signature, 'id' | 'stored'>,
  state: SignatureState,
  { action, author, note, atMs, notedMs }: Pick<StateRow, 'action' | 'author' | 'note' | 'atMs' | 'notedMs'>,
): StateRow {
  const { id, stored } = signature
  return {
    ...{ id, action, author, note, atMs, notedMs },
    version: (stored?.version ?? 0) + 1,
    state: state.state,
    escalating: state.escalating,
    untilMs: state.untilMs ?? 0,
    below: state.below ?? 0,
    count: state.countThen,
  }
}
