import type { DiagnosisJson } from '../../triage/diagnosis/diagnosis-json.ts'

/** The facts of an attempt that are compared with those of others. */
export type AttemptFacts = {
  /** ISO 8601; undefined if no log has a time. */
  readonly start: string | undefined
  readonly duration_s: number | undefined
  /** The last phase with any evidence; '' for none. */
  readonly phase: string
}

type Shown = Pick<DiagnosisJson, 'phases' | 'evidence' | 'verdict'>

/** When an attempt began, how long its phases took altogether, and how far it came. */
export function attemptFacts({ phases, evidence, verdict }: Shown): AttemptFacts {
  const starts = phases.flatMap(({ start }) => start ?? []).sort()
  const ends = phases.flatMap(({ end, start }) => end ?? start ?? []).sort()
  const start = starts[0] ?? evidence[0]?.ts
  const end = ends.at(-1)
  const reached = phases.findLast(
    ({ state }) => state === 'done' || state === 'failed' || state === 'running',
  )
  return {
    start,
    duration_s: start === undefined || end === undefined ? undefined : secondsBetween(start, end),
    phase: verdict?.phase || (reached?.phase ?? ''),
  }
}

function secondsBetween(start: string, end: string): number | undefined {
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000
  return seconds > 0 ? seconds : undefined
}
