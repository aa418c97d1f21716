import type { EventJson } from '../../../event-json.ts'
import type { Correlation } from '../../../interpret/correlation.ts'
import type { RuleDescription } from '../../../interpret/rule-description.ts'
import type { StepCourse } from '../course/course.ts'

/** What a silent desktop is waiting for. */
export type WaitJson = {
  readonly phase: string
  /** When its last sign was written; absent if the log has no time of its own. */
  readonly since?: string
  /** The title of the last event that it logged, and the titles of those that should have come next: any one would do. */
  readonly after: string
  readonly for: readonly string[]
}

const MOST = 3

/** Names what should have followed the last sign: what the rule for the missing event expects, or else what ends the step. */
export function waitOf(
  current: StepCourse | undefined,
  missing: Correlation | undefined,
  last: EventJson | undefined,
  ruleById: ReadonlyMap<string, RuleDescription>,
): WaitJson | undefined {
  if (current === undefined) return undefined
  const { phase, done, claims } = current.step
  const ends = missing?.expects ?? [...done, ...claims]
  const good = ends.filter((id) => ruleById.get(id)?.severity === 'info')
  const title = (id: string) => ruleById.get(id)?.title ?? id
  const after = last?.rule_id === undefined ? '' : title(last.rule_id)
  // What was written last is not waited for.
  const awaited = good.map(title).filter((one) => one !== after)
  return {
    phase: missing?.phase || phase,
    ...(last?.ts_quality === 'parsed' ? { since: last.ts } : {}),
    after,
    for: awaited.slice(0, MOST),
  }
}
