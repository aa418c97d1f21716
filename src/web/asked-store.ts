import { errorText, OpsError } from '../errors.ts'
import { isRefusal, type Store } from '../store/client.ts'
import { type Code, refusal } from './problem.ts'

/** Errors of ClickHouse that are due to the question, or that may not occur another time. */
const REFUSED: Readonly<Record<string, readonly [Code, string, string]>> = {
  '396': ['E_TOO_MUCH', 'the answer would be too long', 'Ask for a shorter time, or for wider buckets.'],
  '159': ['E_TOO_SLOW', 'the answer took too long', 'Ask for a shorter time, or for less.'],
  '241': ['E_TOO_MUCH', 'the answer would need too much memory', 'Ask for a shorter time, or for less.'],
}

/** The same store, with errors that say what they mean for the question. */
export function askedStore(store: Store): Store {
  return { ...store, query: (sql, params) => asked(store.query(sql, params)) }
}

/** Waits for work in which only the store can fail. */
export async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof OpsError) throw error
    const known = isRefusal(error) ? REFUSED[error.code] : undefined
    throw known === undefined
      ? refusal('E_STORE', errorText(error), 'The store did not answer; try again.')
      : refusal(...known)
  }
}
