import type { EventJson } from '../../../event-json.ts'
import { marksOf, type StepCourse } from '../course/course.ts'
import type { Attempt } from '../story.ts'

/** So often a note has to be repeated before it says what a script waits for. */
const FEWEST_REPEATS = 3

/**
 * What a desktop that went silent said last, after what it reached of its last step: a failure, or a note that it repeated. What others
 * said of it does not count, nor does a remark in a file that went on.
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
