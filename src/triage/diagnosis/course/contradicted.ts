import type { PhaseJson } from './phase-states.ts'

/**
 * Phases with one in another state than its own lines say: the script that ended it may go on at something else, and the
 * newest answer of an address counts. The times of its end no longer hold; `evidence` takes the place of what was told.
 */
export function contradicted(
  phases: readonly PhaseJson[],
  phase: string | undefined,
  state: PhaseJson['state'],
  evidence: readonly string[] = [],
): PhaseJson[] {
  return phases.map((each) => {
    if (each.phase !== phase || each.state === state || each.state === 'failed') return each
    const { end: _end, duration_s: _duration, evidence: _evidence, ...rest } = each
    return { ...rest, state, ...(evidence.length > 0 ? { evidence } : {}) }
  })
}
