import { z } from 'zod'
import type { Store } from '../../store/client.ts'
import { appendStates } from '../../store/signature-state.ts'
import type { Library } from '../answers.ts'
import { instant, text, wholeNumber } from '../parameters.ts'
import { dueRow } from './due-state.ts'
import type { Signature } from './signatures.ts'
import { signaturesNow } from './signatures.ts'
import { ACTIONS, decide } from './state.ts'
import { rowOf } from './state-row.ts'

const MAX_NOTE = 2000

/** A person's decision about a signature; the body of a request. */
export const ChangeSchema = z
  .strictObject({
    action: z.enum(ACTIONS, `must be one of ${ACTIONS.join(', ')}`),
    until: instant.optional(),
    below: wholeNumber(1).optional(),
    note: text.max(MAX_NOTE, `must not be longer than ${MAX_NOTE} characters`).optional(),
    author: text.max(200, 'must not be longer than 200 characters').optional(),
  })
  .superRefine((change, context) => {
    for (const name of ['until', 'below'] as const) {
      if (change.action === 'ignore' || change[name] === undefined) continue
      context.addIssue({ code: 'custom', path: [name], message: 'is only for ignore' })
    }
  })
export type Change = z.input<typeof ChangeSchema>

/**
 * Stores a decision about a signature and returns its new state; undefined if there is no signature of this id. `change` must
 * have the shape of ChangeSchema. Decisions within one process are written one after the other.
 */
export function changeState(id: string, change: Change, library: Library): Promise<Signature | undefined> {
  return inTurn(library.store, async () => {
    const { action, until, below, note, author } = ChangeSchema.parse(change)
    const untilMs = until === undefined ? undefined : Date.parse(until)
    const found = findSignature(await signaturesNow({}, library), id)
    if (found === undefined) return undefined
    const state = decide({ action, untilMs, below }, found.seen.count, library.nowMs)
    // What happened to it without a person until now belongs to its history, too.
    const due = await dueRow(found, library)
    const before = due === undefined ? found : { ...found, stored: due }
    const times = { atMs: library.nowMs, notedMs: library.nowMs }
    const row = rowOf(before, state, { action, author: author ?? '', note: note ?? '', ...times })
    await appendStates(library.store, due === undefined ? [row] : [due, row])
    return { ...found, state, stored: row }
  })
}

/** Finds a signature by any of its ids. */
export function findSignature(signatures: readonly Signature[], id: string): Signature | undefined {
  return signatures.find((signature) => signature.id === id || signature.ids.includes(id))
}

const turns = new WeakMap<Store, Promise<unknown>>()

/** Runs work on the states of a store after earlier work has finished, so that what it reads still holds when it writes. */
export function inTurn<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  const before = turns.get(store) ?? Promise.resolve()
  const result = before.then(work, work)
  turns.set(store, result)
  return result
}
