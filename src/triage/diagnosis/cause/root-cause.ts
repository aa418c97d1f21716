import type { RuleDescription } from '../../../interpret/rule-description.ts'
import type { Mark, StepCourse } from '../course/course.ts'
import { EARLY } from '../course/step-of-failure.ts'
import { isHostWide, isOfX } from '../log-habits.ts'
import { isShared } from '../story.ts'
import { causeBehind } from './cause-behind.ts'

/** What causes are looked up in: the rules, and the course with its steps in their order. */
type Known = {
  readonly rules: ReadonlyMap<string, RuleDescription>
  readonly course: readonly StepCourse[]
}

export type RootCause = { readonly root: Mark; readonly consequences: readonly Mark[] }

/**
 * Finds the one failure that explains the others: the first critical one in the order of the phases (if none is critical, the
 * first that a rule knows), and from there back through its causes. `others` are all events that may be a cause, including
 * warnings, and the milestones between them.
 */
export function rootCauseOf(
  decisive: readonly Mark[],
  others: readonly Mark[],
  { rules, course }: Known,
): RootCause | undefined {
  const goingOn = decisive.filter(({ event }) => event.cleared_at === undefined)
  const first = firstOf(goingOn, rules) ?? firstOf(decisive, rules)
  if (first === undefined) return undefined
  const known = { rules, course }
  const named = causeOf(first, others, known)
  // Another machine that finds the desktop broken has not seen why.
  const isUntold = named.event === first.event && isShared(first.event.source)
  const untold = isUntold ? failureReported(first, decisive, rules) : undefined
  const root = untold === undefined ? named : causeOf(untold, others, known)
  const consequences = decisive.filter(({ event }) => event !== root.event)
  const isFirst = first.event === root.event
  return {
    root,
    consequences: consequences.includes(first) || isFirst ? consequences : [first, ...consequences],
  }
}

function firstOf(decisive: readonly Mark[], rules: Known['rules']): Mark | undefined {
  const critical = decisive.filter(({ event }) => event.severity === 'critical')
  const [first] = critical
  // What a script says when it ends itself is of a late step or of none in particular; what it gave up at came before.
  const earlier = first === undefined ? undefined : failureReported(first, critical, rules)
  return (
    earlier ??
    first ??
    decisive.find(({ event }) => event.kind !== 'unknown' && event.phase !== undefined) ??
    decisive[0]
  )
}

/**
 * If this only reports that something failed: the first failure before it that a rule knows the phase of, otherwise the first
 * line before it that looks like one.
 */
function failureReported(report: Mark, failures: readonly Mark[], rules: Known['rules']): Mark | undefined {
  const onlyReports = ({ event }: Mark) => rules.get(event.rule_id ?? '')?.reports === true
  if (!onlyReports(report)) return undefined
  const before = failures.filter((mark) => mark.at < report.at && !onlyReports(mark))
  return before.find(({ event }) => event.phase !== undefined) ?? before[0]
}

/** Follows causes back to the one that has none. */
function causeOf(mark: Mark, others: readonly Mark[], { rules, course }: Known): Mark {
  let found = mark
  const seen = new Set([found.event.rule_id])
  for (;;) {
    const unseen = others.filter(({ event }) => !seen.has(event.rule_id))
    const earlier = causeBehind(found, unseen, rules)
    if (earlier === undefined) return found
    seen.add(earlier.event.rule_id)
    found = withStepOf(earlier, found, course)
  }
}

/**
 * A shortage of the host itself (memory, disk, network) belongs to the step that it broke, if a host-wide log reports it or the
 * log of that step had warned of it. The same holds for a failure of phase `session` that the host or the log of an earlier step
 * reports, for what refuses a user to a connection and to an earlier step alike, and for what had worked before: the mount of a
 * file system that the script then meets gone, or that the host loses, the identity of a user who then may not log in.
 */
function withStepOf({ event, step, at }: Mark, found: Mark, course: readonly StepCourse[]): Mark {
  const places = [step, found.step].map((one) => course.findIndex((stepCourse) => stepCourse.step === one))
  const [own = 0, broken = 0] = places
  const isOfHost =
    EARLY.has(event.phase ?? '') &&
    (isHostWide(event.source) || (own < broken && isWarnedAbove(event, found)))
  const isLater =
    own > broken &&
    ((event.phase === 'connect' && !found.step.beside) ||
      (event.phase === 'session' && (isAboveIn(event, found) || isHostWide(event.source))))
  const hadWorked =
    own < broken &&
    ((step.phase === 'mount' && (event.file === found.event.file || isHostWide(event.source))) ||
      (step.phase === 'identity' && found.step.phase === 'connect')) &&
    course.slice(own, broken).some((one) => !one.step.beside && one.dones.some((done) => done.at < at))
  return { event, at, step: isOfHost || isLater || hadWorked ? found.step : step }
}

/** Did the log of the failure itself tell it, as part of the same work? */
function isAboveIn({ file, source }: Mark['event'], { event: found }: Mark): boolean {
  return file === found.file && !isOfX(source)
}

/** Did the log of the failure itself warn of it? */
function isWarnedAbove({ severity, file }: Mark['event'], { event: found }: Mark): boolean {
  return severity === 'warning' && file === found.file
}
