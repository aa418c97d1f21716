import { grouped } from '../../grouped.ts'
import { type Mark, marksOf, type StepCourse } from '../course/course.ts'
import { isOfImage } from '../course/of-image.ts'
import { EARLY } from '../course/step-of-failure.ts'
import type { Attempt } from '../story.ts'
import { searchAfter } from './search-after.ts'

/** Everything that may be a cause: the marks of the course, and warnings inserted between them. */
export function possibleCauses({ events }: Attempt, course: readonly StepCourse[]): Mark[] {
  const marks = marksOf(course)
  const [first] = course
  if (first === undefined) return marks
  const nextAfter = searchAfter(marks)
  const inFile = grouped(marks, ({ event }) => event.file)
  const warnings = events
    .filter(({ kind, severity }) => kind !== 'milestone' && severity === 'warning')
    .map((event): Mark => {
      // A warning about the setup of a host belongs to the step during which it was written.
      const place = EARLY.has(event.phase ?? '')
        ? inFile.get(event.file)?.findLast((mark) => isBeforeIn(mark, event))
        : undefined
      // Any other, to the step of the failures of its phase beside it: those of a first boot are of the user data.
      const beside = place ?? inFile.get(event.file)?.find((mark) => isFailureOf(event.phase, mark))
      const ofPhase = course.find(({ step }) => step.phase === event.phase)
      const step = (beside ?? ofPhase ?? first).step
      return { event, step, at: (nextAfter(event)?.at ?? Number.MAX_SAFE_INTEGER) - 0.5 }
    })
  return [...marks, ...warnings].filter((mark) => !isOfImage(mark, course)).sort((a, b) => a.at - b.at)
}

function isBeforeIn({ event, step }: Mark, { file, generation, offset }: Mark['event']): boolean {
  return !step.beside && event.file === file && event.generation === generation && event.offset < offset
}

function isFailureOf(phase: string | undefined, { event }: Mark): boolean {
  return phase !== undefined && event.phase === phase && event.kind !== 'milestone' && !EARLY.has(phase)
}
