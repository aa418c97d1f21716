import type { EventJson } from '../../../event-json.ts'
import { marksOf, type StepCourse } from '../course/course.ts'
import type { Attempt } from '../story.ts'

/** A note of severity info must be repeated at least this often to count as what a script is waiting for. */
const FEWEST_REPEATS = 3

/**
 * The last thing a silent desktop wrote after the latest milestone of its current step, in the same file: a failure, or a
 * note that it kept repeating. Undefined if its last line there is neither.
 */
export function lastWords({ events }: Attempt, current: StepCourse | undefined): EventJson | undefined {
  const reached = marksOf(current === undefined ? [] : [current])
    .filter(({ event }) => event.kind === 'milestone')
    .at(-1)?.event
  if (reached === undefined) return undefined
  const after = events
    .filter(
      ({ file, generation, offset }) =>
        file === reached.file && generation === reached.generation && offset > reached.offset,
    )
    .sort((a, b) => a.offset - b.offset)
  const last = after.at(-1)
  if (last?.kind !== 'signature') return undefined
  const repeats = after.filter(({ rule_id }) => rule_id === last.rule_id).length
  return last.severity !== 'info' || repeats >= FEWEST_REPEATS ? last : undefined
}
