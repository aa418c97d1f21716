import { refusalsOf } from '../absence/refusals.ts'
import type { Mark, StepCourse } from '../course/course.ts'
import type { Attempt } from '../story.ts'
import type { World } from '../world.ts'
import { possibleCauses } from './possible-causes.ts'
import { type RootCause, rootCauseOf } from './root-cause.ts'

/**
 * Why the users of a desktop are refused; undefined if they are not. Refusals go on for long: the reason may be written at any
 * time before the last of them.
 */
export function causeOfRefusals(
  attempt: Attempt,
  course: readonly StepCourse[],
  { ruleById: rules }: World,
): RootCause | undefined {
  const refusals = refusalsOf(attempt, course)
  if (refusals.length === 0) return undefined
  const possible = possibleCauses(attempt, course)
  const known = { rules, course }
  const causeOf = (marks: readonly Mark[]) => rootCauseOf(marks, possible, known)
  const first = causeOf(refusals)
  const isRefusal = first !== undefined && refusals.some(({ event }) => event === first.root.event)
  if (!isRefusal) return first
  const last = causeOf(refusals.filter(({ event }) => event.rule_id === first.root.event.rule_id).slice(-1))
  const isExplained = last !== undefined && last.root.event.rule_id !== first.root.event.rule_id
  return isExplained ? { root: last.root, consequences: refusals } : first
}
