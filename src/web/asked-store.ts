import { errorText, OpsError } from '../errors.ts'
import { isRefusal, type Store } from '../store/client.ts'
import { type Code, refusal } from './problem.ts'

/** Errors of ClickHouse that are due to the question, or that may not occur another time. */
const REFUSED: Readonly<Record<string, readonly [Code, string, string]>> = {
  '396': ['E_TOO_MUCH', 'the answer would be too long', 'Ask for a shorter time, or for wider buckets.'],
  '159': ['E_TOO_SLOW', 'the answer took too long', 'Ask for a shorter time, or for less.'],
  '241': ['E_TOO_MUCH', 'the answer would need too much memory', 'Ask for a shorter time, or for less.'],
}

const AWAY =
  'Check that ClickHouse runs; `dcvlens doctor` says more. New lines wait in the journal, so nothing is lost.'
const REFUSES = 'The log of ClickHouse says more. If it is not overloaded, check it with `dcvlens doctor`.'

/** The same store, with errors that say what they mean for the question. */
export function askedStore(store: Store): Store {
  return { ...store, query: (sql, params) => asked(store.query(sql, params)) }
}

/** Waits for work in which only the store can fail. */
export async function asked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw meaning(error)
  }
}

/** The same for work that yields its result row by row. */
export async function* askedRows<Row>(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
  try {
    yield* rows
  } catch (error) {
    throw meaning(error)
  }
}

function meaning(error: unknown): OpsError {
  if (error instanceof OpsError) return error
  const text = errorText(error)
  if (!isRefusal(error)) return refusal('E_STORE', `the store does not answer: ${text}`, AWAY)
  const known = REFUSED[error.code]
  return known === undefined
    ? refusal('E_STORE', `the store refuses the question: ${text}`, REFUSES)
    : refusal(...known)
}
