import type { RuleDescription } from '../../../interpret/rule-description.ts'
import { grouped } from '../../grouped.ts'
import type { Mark } from '../course/course.ts'
import { type FindingJson, findingOf } from './findings.ts'

/** One finding for each rule by which a step failed that a working desktop does without. */
export function impairmentFindings(
  impairments: readonly Mark[],
  ruleById: ReadonlyMap<string, RuleDescription>,
): FindingJson[] {
  const events = impairments.map(({ event }) => event)
  return [...grouped(events, ({ rule_id = '' }) => rule_id)].flatMap(([id, run]) => {
    const rule = ruleById.get(id)
    return rule === undefined ? [] : [findingOf(rule, run, { type: 'impairment', per: 'session' })]
  })
}
