import { appendStates, type StateRow } from '../../store/signature-state.ts'
import type { Library } from '../answers.ts'
import { inTurn } from './change-state.ts'
import { dueRow, happeningOf, type What } from './due-state.ts'
import { type Signature, signaturesNow } from './signatures.ts'

/** What happened to a signature without a person. */
type Happening = { readonly what: What; readonly signature: Signature }

/** Writes down the steps that are due and returns what happened; each step is returned once. */
export function evaluateSignatures(library: Library): Promise<Happening[]> {
  return inTurn(library.store, async () => {
    const due: { readonly signature: Signature; readonly row: StateRow }[] = []
    for (const signature of await signaturesNow({}, library)) {
      const row = await dueRow(signature, library)
      if (row !== undefined) due.push({ signature, row })
    }
    await appendStates(
      library.store,
      due.map(({ row }) => row),
    )
    return due.flatMap(({ signature }) => {
      const what = happeningOf(signature)
      return what === undefined ? [] : [{ what, signature }]
    })
  })
}
