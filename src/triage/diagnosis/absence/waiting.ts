import type { EventJson } from '../../../event-json.ts'
import type { Correlation } from '../../../interpret/correlation.ts'
import type { Told } from '../../../interpret/told.ts'
import type { StepCourse } from '../course/course.ts'

/** What a desktop that went silent waits for. */
export type WaitJson = {
  readonly phase: string
  /** When the last sign of it was written; absent where the log does not say. */
  readonly since?: string
  /** The last thing that was seen of it, and what should have come: one of these. */
  readonly after: string
  readonly for: readonly string[]
}

const MOST = 3

/** Says what should have come after the last sign, by the rule that misses it or by what ends the step. */
export function waitOf(
  current: StepCourse | undefined,
  missing: Correlation | undefined,
  last: EventJson | undefined,
  told: ReadonlyMap<string, Told>,
): WaitJson | undefined {
  if (current === undefined) return undefined
  const { phase, done, claims } = current.step
  const ends = missing?.expects ?? [...done, ...claims]
  const good = ends.filter((id) => told.get(id)?.severity === 'info')
  const title = (id: string) => told.get(id)?.title ?? id
  return {
    phase: missing?.phase || phase,
    ...(last?.ts_quality === 'parsed' ? { since: last.ts } : {}),
    after: last?.rule_id === undefined ? '' : title(last.rule_id),
    for: good.slice(0, MOST).map(title),
  }
}
