import type { PhaseJson } from '../../triage/diagnosis/course/phase-states.ts'

/** The state of a phase as every part of the page shows it: one without any evidence was not reached. */
export function shownState({
  state,
  start,
  evidence,
}: Pick<PhaseJson, 'state' | 'start' | 'evidence'>): string {
  return state === 'missing' && start === undefined && evidence === undefined ? 'not_reached' : state
}
