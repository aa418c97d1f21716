import type { Params } from './client.ts'
import { timeParam } from './sql-time.ts'

/** A condition of a WHERE clause, and the values of its parameters. */
export type Condition = { readonly sql: string; readonly params: Params }

/** A condition without a parameter from the question. */
export function fixed(sql: string, params: Params = {}): Condition {
  return { sql, params }
}

/** The condition on a parameter of the question, by default that the column equals it; none if it has no value. */
export function given(
  name: string,
  value: Params[string] | undefined,
  sql = `t.${name} = {${name}:String}`,
): readonly Condition[] {
  return value === undefined ? [] : [{ sql, params: { [name]: value } }]
}

/** From one time on and before another (ISO 8601); a missing time is no bound. */
export function within(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  column = 't.ts',
  digits: 3 | 6 = 6,
): readonly Condition[] {
  return [
    ...given('from', from, `${column} >= ${timeParam('from', digits)}`),
    ...given('to', to, `${column} < ${timeParam('to', digits)}`),
  ]
}

/** All conditions joined with AND; true if there are none. */
export function allOf(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND ') || '1',
    params: Object.assign({}, ...conditions.map(({ params }) => params)),
  }
}
