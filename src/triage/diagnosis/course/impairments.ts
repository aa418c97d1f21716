import type { Mark, StepCourse } from './course.ts'

/**
 * Grave failures of steps that a desktop can do without, such as its GPU, while it works. Only what the step itself proves
 * afterwards makes them good: its scripts go on, and say that they are done.
 */
export function impairmentsOf(course: readonly StepCourse[]): Mark[] {
  return course.flatMap((stepCourse) =>
    stepCourse.failures.filter(
      (mark) => isImpairment(mark, stepCourse) && !stepCourse.dones.some(({ at }) => at > mark.at),
    ),
  )
}

/** Is it a grave failure of an optional step that was begun and turned out to be needed? */
export function isImpairment({ event }: Mark, { step, begins, claims }: StepCourse): boolean {
  if (!step.optional || step.beside || event.severity !== 'critical') return false
  return begins.length > 0 || claims.some((claim) => !step.none.includes(claim.event.rule_id ?? ''))
}
