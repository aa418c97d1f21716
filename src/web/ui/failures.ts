import type { EventJson } from '../../event-json.ts'
import { isFailure } from './lanes-layout.ts'

/** The first failure after a row; rows of the same line, one for each rule that matches it, count as one. */
export function nextFailure(rows: readonly EventJson[], at: number): EventJson | undefined {
  const here = rows[at]?.event_id
  return rows.find((row, i) => i > at && row.event_id !== here && isFailure(row))
}

/** The last failure before a row. */
export function previousFailure(rows: readonly EventJson[], at: number): EventJson | undefined {
  const here = rows[at]?.event_id
  return rows.findLast((row, i) => i < at && row.event_id !== here && isFailure(row))
}

/** The number of failures; rows of the same line count as one, as does what a rule says of several events. */
export function failuresIn(rows: readonly EventJson[]): number {
  return new Set(rows.filter(isFailure).map(({ event_id }) => event_id)).size
}
