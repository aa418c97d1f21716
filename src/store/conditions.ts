import type { Params } from './client.ts'
import { timeParam } from './sql-time.ts'

/** A condition of a WHERE clause, and the values of the parameters in it. */
export type Condition = { readonly sql: string; readonly params: Params }

/** A condition that every question of its kind has. */
export function fixed(sql: string, params: Params = {}): Condition {
  return { sql, params }
}

/** A condition on the parameter of this name, by default that its column is equal to it; none where it has no value. */
export function given(
  name: string,
  value: Params[string] | undefined,
  sql = `t.${name} = {${name}:String}`,
): readonly Condition[] {
  return value === undefined ? [] : [{ sql, params: { [name]: value } }]
}

/** What was written from one time on, before another (ISO 8601); no bound where there is no time. */
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

/** All of them together; true where there is none. */
export function allOf(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND ') || '1',
    params: Object.assign({}, ...conditions.map(({ params }) => params)),
  }
}
