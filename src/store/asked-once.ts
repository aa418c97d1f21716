import type { Params, Store } from './client.ts'

/**
 * The same store, which answers an equal question with the same rows: for one answer made of parts that ask alike. To be let go
 * with that answer, since nothing that is stored later is seen.
 */
export function askedOnce(store: Store): Store {
  const answers = new Map<string, Promise<unknown[]>>()
  const query = <Row>(sql: string, params?: Params): Promise<Row[]> => {
    const question = JSON.stringify([sql, params])
    const rows = answers.get(question) ?? store.query<Row>(sql, params)
    answers.set(question, rows)
    return rows as Promise<Row[]>
  }
  return { ...store, query }
}
