import { grouped } from '../grouped.ts'
import { EARLY, type Mark, marksOf, type StepCourse } from './course.ts'
import { searchAfter } from './search-after.ts'
import type { Attempt } from './story.ts'

/** All that may be a cause: marks of the course, and warnings at the places between them. */
export function possibleCauses({ events }: Attempt, course: readonly StepCourse[]): Mark[] {
  const marks = marksOf(course)
  const [first] = course
  if (first === undefined) return marks
  const nextAfter = searchAfter(marks)
  const inFile = grouped(marks, ({ event }) => event.file)
  const warnings = events
    .filter(({ kind, severity }) => kind !== 'milestone' && severity === 'warning')
    .map((event): Mark => {
      // What the setup of a host warns of belongs where it happens.
      const place = EARLY.has(event.phase ?? '')
        ? inFile.get(event.file)?.findLast((mark) => isBeforeIn(mark, event))
        : undefined
      const step = place?.step ?? course.find((one) => one.step.phase === event.phase)?.step ?? first.step
      return { event, step, at: (nextAfter(event)?.at ?? Number.MAX_SAFE_INTEGER) - 0.5 }
    })
  return [...marks, ...warnings].sort((a, b) => a.at - b.at)
}

function isBeforeIn({ event, step }: Mark, { file, generation, offset }: Mark['event']): boolean {
  return !step.beside && event.file === file && event.generation === generation && event.offset < offset
}
