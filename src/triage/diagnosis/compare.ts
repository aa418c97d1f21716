import type { DiagnosisJson } from './diagnose.ts'

/** One thing in which two desktops differ. */
export type Difference = {
  readonly what: 'status' | 'profile' | 'phase' | 'time' | 'rule'
  readonly of: string
  readonly a: string
  readonly b: string
}

/** One phase took at least so many times as long, and so many seconds more. */
const SLOWER = 2
const SLOWER_S = 60

/** Says in what two attempts differ: how they stand, their phases and times, and what failed in one only. */
export function differences(a: DiagnosisJson, b: DiagnosisJson): Difference[] {
  const of = (what: Difference['what'], name: string, left: string, right: string): Difference[] =>
    left === right ? [] : [{ what, of: name, a: left, b: right }]
  return [
    ...of('status', 'status', a.status, b.status),
    ...of('profile', 'profile', a.profile, b.profile),
    ...a.phases.flatMap(({ phase, state, duration_s }) => {
      const other = b.phases.find((one) => one.phase === phase)
      if (other === undefined) return of('phase', phase, state, '')
      return [...of('phase', phase, state, other.state), ...timesOf(phase, duration_s, other.duration_s)]
    }),
    ...rulesOf(a, b),
  ]
}

function timesOf(phase: string, a: number | undefined, b: number | undefined): Difference[] {
  if (a === undefined || b === undefined) return []
  const [less, more] = [Math.min(a, b), Math.max(a, b)]
  if (more < SLOWER * less || more - less < SLOWER_S) return []
  return [{ what: 'time', of: phase, a: `${a} s`, b: `${b} s` }]
}

/** Failures that one of them has and the other has not. */
function rulesOf(a: DiagnosisJson, b: DiagnosisJson): Difference[] {
  const [left, right] = [failuresOf(a), failuresOf(b)]
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((id) => (left.get(id) ?? 0) === 0 || (right.get(id) ?? 0) === 0)
    .map((id) => ({ what: 'rule', of: id, a: String(left.get(id) ?? 0), b: String(right.get(id) ?? 0) }))
}

function failuresOf({ verdict, consequences }: DiagnosisJson): ReadonlyMap<string, number> {
  const counts = new Map(consequences.map(({ rule_id, count }) => [rule_id, count]))
  if (verdict !== undefined) counts.set(verdict.rule_id, (counts.get(verdict.rule_id) ?? 0) + 1)
  return counts
}
