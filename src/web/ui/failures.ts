import type { EventJson } from '../../event-json.ts'
import { isFailure } from './lanes-layout.ts'

/** The first failure behind a row; rows of the same line, one for each rule that knows it, are one failure. */
export function nextFailure(rows: readonly EventJson[], at: number): EventJson | undefined {
  const here = rows[at]?.event_id
  return rows.find((row, i) => i > at && row.event_id !== here && isFailure(row))
}

/** The last failure before a row. */
export function previousFailure(rows: readonly EventJson[], at: number): EventJson | undefined {
  const here = rows[at]?.event_id
  return rows.findLast((row, i) => i < at && row.event_id !== here && isFailure(row))
}

/** How many lines are failures; one that several rules know counts once. */
export function failuresIn(rows: readonly EventJson[]): number {
  return new Set(rows.filter(isFailure).map(({ event_id }) => event_id)).size
}
