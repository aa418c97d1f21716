import type { EventJson } from '../../../event-json.ts'
import {
  filledIn,
  type RuleDescription,
  remedySteps,
  titleWith,
} from '../../../interpret/rule-description.ts'
import type { Generations } from '../../../product-versions.ts'
import type { Mark } from '../course/course.ts'
import { isShared } from '../story.ts'
import type { RootCause } from './root-cause.ts'

/** What is wrong with an attempt, and what to do. */
export type VerdictJson = {
  readonly phase: string
  readonly rule_id: string
  readonly title: string
  readonly severity: string
  readonly layer: string
  readonly confidence: 'certain' | 'likely' | 'possible'
  readonly explain: string
  readonly remedy: readonly string[]
}

/** What a verdict is worded with. */
export type Wording = {
  readonly ruleById: ReadonlyMap<string, RuleDescription>
  readonly generations: Generations
  readonly profile: string
}

/** The verdict on an attempt whose root cause is an event. */
export function verdictOfCause({ root }: RootCause, wording: Wording): VerdictJson {
  const { event, step } = root
  const rule = wording.ruleById.get(event.rule_id ?? '')
  const { phase } = step
  // What made a desktop fail is an error, even if the rule has it as a warning because a retry usually succeeds.
  const severity = event.severity === 'critical' ? 'critical' : 'error'
  if (rule === undefined) return unexplained(event, phase, severity)
  const confidence = severity === 'critical' ? 'certain' : event.phase === undefined ? 'possible' : 'likely'
  return { phase, severity, confidence, ...inWords(rule, event.captures ?? {}, wording) }
}

function unexplained({ message }: EventJson, phase: string, severity: string): VerdictJson {
  return {
    phase,
    rule_id: '',
    title: 'Failure that no rule explains',
    severity,
    layer: '',
    confidence: 'possible',
    explain: message.split('\n', 1)[0] ?? '',
    remedy: ['Read the lines around it.', 'Write a rule for it: `dcvlens rules new --from LINE`.'],
  }
}

/**
 * The verdict on an attempt in which something is missing, worded by the rule that expects it; `named` are the values for the
 * rule's placeholders.
 */
export function verdictOfAbsence(
  rule: RuleDescription,
  phase: string,
  wording: Wording,
  named: Readonly<Record<string, string>> = {},
): VerdictJson {
  return {
    phase,
    severity: rule.severity,
    confidence: 'likely',
    ...inWords(rule, named, wording),
  }
}

/** The verdict on a silent attempt if no rule says what the silence means. */
export function verdictOfSilence(phase: string): VerdictJson {
  return {
    phase,
    rule_id: '',
    title: `The log stops in phase ${phase}`,
    severity: 'error',
    layer: '',
    confidence: 'possible',
    explain: 'Nothing has been written for longer than this phase is ever silent, and its end is not there.',
    remedy: [
      'See on the host which command still runs: `ps -ef --forest`.',
      'Look at the state of the instance in EC2, and at its screenshot.',
    ],
  }
}

function inWords(
  rule: RuleDescription,
  captures: Readonly<Record<string, string>>,
  { generations, profile }: Wording,
) {
  return {
    rule_id: rule.id,
    title: titleWith(rule, captures),
    layer: rule.layer,
    explain: filledIn(rule.explain, captures),
    remedy: remedySteps(rule, profile, generations, captures),
  }
}

/** Failures by rule, with their number. */
type FoldedJson = { readonly rule_id: string; readonly title: string; readonly count: number }

/** The other failures, as seen from the root cause. */
export type AroundCause = {
  /** How often the cause itself was written again. */
  readonly again: number
  readonly consequences: readonly FoldedJson[]
  /** What was written before the cause, and so cannot follow from it. */
  readonly before: readonly FoldedJson[]
  /** What fails besides: the ALB manager does not fail for what happens on a host. */
  readonly beside: readonly FoldedJson[]
}

/** Sorts the other failures by their relation to the root cause. */
export function aroundCause(
  cause: RootCause | undefined,
  ruleById: ReadonlyMap<string, RuleDescription>,
): AroundCause {
  if (cause === undefined) return { again: 0, consequences: [], before: [], beside: [] }
  const { root, consequences } = cause
  const all = consequences.filter(({ event }) => event.rule_id !== root.event.rule_id)
  const isBeside = ({ event }: Mark) => event.source === 'alb-manager' && !isShared(root.event.source)
  const others = all.filter((mark) => !isBeside(mark))
  const isEarlier = ({ event }: Mark) => isSurelyBefore(event, root.event)
  return {
    again: consequences.length - all.length,
    consequences: folded(
      others.filter((mark) => !isEarlier(mark)),
      ruleById,
    ),
    before: folded(others.filter(isEarlier), ruleById),
    beside: folded(all.filter(isBeside), ruleById),
  }
}

/** Within one file, by position; otherwise both must have a time of their own. */
function isSurelyBefore(event: EventJson, other: EventJson): boolean {
  if (event.file === other.file && event.generation === other.generation) return event.offset < other.offset
  return event.ts_quality === 'parsed' && other.ts_quality === 'parsed' && event.ts < other.ts
}

/** Counts by rule, the most frequent first. */
function folded(marks: readonly Mark[], ruleById: ReadonlyMap<string, RuleDescription>): FoldedJson[] {
  const counts = new Map<string, number>()
  for (const { event } of marks) counts.set(event.rule_id ?? '', (counts.get(event.rule_id ?? '') ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([rule_id, count]) => ({
      rule_id,
      title: ruleById.get(rule_id)?.title ?? 'Failures that no rule explains',
      count,
    }))
}
