import type { EventJson } from '../../../event-json.ts'
import type { RuleSet } from '../../../interpret/load-rules.ts'
import type { DiagnosisJson } from '../diagnose.ts'
import { eventOfWait, type Subject } from '../findings/event-of-rule.ts'

/** The event that the verdict on a stalled desktop stands for, if it names what should have followed and did not. */
export function eventsOfStall(
  { status, verdict, evidence: [begin] }: DiagnosisJson,
  subject: Subject,
  { correlations }: RuleSet,
): EventJson[] {
  const rule = correlations.find(({ id, type }) => type === 'absence' && id === verdict?.rule_id)
  if (status !== 'stalled' || rule === undefined || begin === undefined) return []
  return [eventOfWait(rule, begin, subject)]
}
