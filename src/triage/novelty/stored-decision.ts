import type { StateRow } from '../../store/signature-state.ts'
import { type SignatureState, STATES } from './state.ts'

/** The newest decision under any of the ids. */
export function newestState(
  ids: readonly string[],
  states: ReadonlyMap<string, StateRow>,
): StateRow | undefined {
  return ids
    .map((id) => states.get(id))
    .filter((row) => row !== undefined)
    .sort((a, b) => b.atMs - a.atMs)[0]
}

/** The state that a stored decision left a signature in. */
export function stateOf(row: StateRow): SignatureState {
  return {
    state: STATES.find((state) => state === row.state) ?? 'new',
    // Old logs may be read only today: their silence counts from then on. What is over comes back after its end.
    sinceMs: row.state === 'resolved' ? row.atMs : row.notedMs,
    countThen: row.count,
    escalating: row.escalating,
    ...(row.untilMs > 0 ? { untilMs: row.untilMs } : {}),
    ...(row.below > 0 ? { below: row.below } : {}),
  }
}
