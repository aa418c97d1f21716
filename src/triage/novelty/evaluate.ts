import { appendStates } from '../../store/signature-state.ts'
import type { Library } from '../answers.ts'
import { inTurn, OURSELVES, rowOf } from './change-state.ts'
import { type Signature, signaturesNow } from './signatures.ts'
import type { State } from './state.ts'

/** What became of a signature without a person's doing. */
export type Happening = {
  readonly what: 'new' | 'regressed' | 'escalating' | 'resolved' | 'known'
  readonly signature: Signature
}

/** Takes the steps that are due, writes them down, and gives those that happened; each is given once. */
export function evaluateSignatures(library: Library): Promise<Happening[]> {
  return inTurn(library.store, async () => {
    const signatures = await signaturesNow({}, library)
    const due = signatures.filter(isDue)
    await appendStates(
      library.store,
      due.map((signature) => {
        const { state, nowMs } = { state: signature.state, nowMs: library.nowMs }
        const what = {
          action: happeningOf(signature) ?? state.state,
          author: OURSELVES,
          note: '',
          atMs: nowMs,
        }
        return rowOf(signature, state, what)
      }),
    )
    return due.flatMap((signature) => {
      const what = happeningOf(signature)
      return what === undefined ? [] : [{ what, signature }]
    })
  })
}

/** Does its state differ from the one that is stored? What is not yet worth telling has none. */
function isDue({ state, stored, seen, novel }: Signature): boolean {
  if (stored !== undefined) return state.state !== stored.state || state.escalating !== stored.escalating
  return seen.kind === 'rule' || seen.explained ? state.escalating : novel
}

function happeningOf({ state, stored, seen }: Signature): Happening['what'] | undefined {
  const before = stored?.state as State | undefined
  if (state.state !== before) {
    if (state.state === 'regressed' || state.state === 'resolved') return state.state
    if (state.state === 'known' && before !== undefined && before !== 'ignored') return 'known'
    if (state.state === 'new' && seen.kind === 'template') return 'new'
  }
  return state.escalating && stored?.escalating !== true ? 'escalating' : undefined
}
