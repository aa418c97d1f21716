import type { EventJson } from '../../../event-json.ts'
import { REQUEST } from '../attempts/found-machines.ts'
import { isOfDcv } from '../log-habits.ts'
import { isShared } from '../story.ts'
import type { Mark, StepCourse } from './course.ts'
import { isImpairment } from './impairments.ts'
import { isOfImage } from './of-image.ts'

/** `decisive`: failures that nothing afterwards makes good, in the order of the phases; empty if the desktop did not fail. */
export type Outcome = {
  readonly decisive: readonly Mark[]
  /** Somebody used the desktop, and it worked. */
  readonly isProven: boolean
  /** A script says that all is well. */
  readonly isClaimed: boolean
  /** The step that interrupts the bootstrap, if it is not over. */
  readonly awaited: StepCourse | undefined
}

/** Weighs failures against later proof that the desktop works. */
export function outcomeOf(course: readonly StepCourse[]): Outcome {
  const final = course.filter(({ step }) => step.phase === 'session' || step.phase === 'connect')
  const firstProof = Math.min(
    ...final.flatMap(({ dones }) => dones.map(({ at }) => at)),
    Number.POSITIVE_INFINITY,
  )
  const isProven = firstProof !== Number.POSITIVE_INFINITY
  const interrupted = interruptionIn(course)
  const since = interrupted?.since ?? Number.NEGATIVE_INFINITY
  const isUp = interrupted !== undefined && isUpSince(interrupted.by, course)
  const isClaimed =
    isProven ||
    isUp ||
    final.some(
      (stepCourse) =>
        stepCourse.claims.some((mark) => mark.at > since && !isOwnBegin(mark, interrupted?.by)) &&
        !seesServerOnly(stepCourse, final),
    )
  const isOver = interrupted === undefined || interrupted.by.claims.some(({ at }) => at >= since)
  const awaited = isClaimed || isOver ? undefined : interrupted?.by
  const decisive = course.flatMap((stepCourse) =>
    stepCourse.failures.filter((mark) => {
      if (isMadeGood(mark, stepCourse, final) || isLaunchedSince(mark, course) || isGuessPassed(mark, course))
        return false
      if (isOfImage(mark, course)) return false
      if (mark.event.cleared_at !== undefined && isClaimed) return false
      if (mark.event.severity === 'critical') return true
      // A mere error does not make a working desktop broken, except one that no other log could report.
      const isOwnWord = stepCourse.step.beside && stepCourse.step.sources.includes(mark.event.source ?? '')
      return isOwnWord ? mark.at > firstProof || !isProven || stepCourse.step.phase === 'connect' : !isClaimed
    }),
  )
  return { decisive, isProven, isClaimed, awaited }
}

/**
 * The step that interrupts the bootstrap, and the last position at which it did: what was claimed before does not count, since
 * the bootstrap goes on afterwards.
 */
function interruptionIn(
  course: readonly StepCourse[],
): { readonly by: StepCourse; readonly since: number } | undefined {
  for (const by of course) {
    const marks = [...by.begins, ...by.claims].filter(({ event: { rule_id = '' } }) =>
      by.step.goes_on.includes(rule_id),
    )
    if (marks.length > 0) return { by, since: Math.max(...marks.map(({ at }) => at)) }
  }
  return undefined
}

/** So long after its last word of a restart, a host is no longer what was to be restarted. */
const GOING_DOWN_MS = 60_000

/** Is there a sign that the desktop came up after its host was told to restart, where no script need write again? */
function isUpSince({ step, begins, claims }: StepCourse, course: readonly StepCourse[]): boolean {
  const told = [...begins, ...claims].filter(isTimed).map(({ event }) => Date.parse(event.ts))
  if (told.length === 0) return false
  const backMs = Math.max(...told) + GOING_DOWN_MS
  const signs = course.flatMap((other) => other.begins).filter(isTimed)
  return signs.some(
    ({ event: { rule_id = '', ts } }) => step.up_by.includes(rule_id) && Date.parse(ts) > backMs,
  )
}

function isTimed({ event }: Mark): boolean {
  return event.ts_quality === 'parsed'
}

/** Does the line that claims something begin the interruption itself? */
function isOwnBegin({ event: { rule_id = '' } }: Mark, by: StepCourse | undefined): boolean {
  return by?.step.begin.includes(rule_id) === true
}

/**
 * Did the host come up after a launch was refused? Then the refusal was an earlier try. Lines of the host without times may
 * be older than the refusal; they count only if they come after another request.
 */
function isLaunchedSince({ step, at }: Mark, course: readonly StepCourse[]): boolean {
  if (step.phase !== 'launch') return false
  const since = course.flatMap(({ begins }) => begins.filter((mark) => mark.at > at))
  const askedAgain = since.find(({ event }) => event.rule_id === REQUEST)?.at ?? Number.POSITIVE_INFINITY
  return since.some(
    ({ event, at: begun }) =>
      !isShared(event.source) && (event.ts_quality === 'parsed' || begun > askedAgain),
  )
}

/**
 * A line that merely looks like a failure (no rule knows its phase) does not count if a later step was completed after it, or
 * if its own log went on to the next part of the work.
 */
function isGuessPassed({ event, step, at }: Mark, course: readonly StepCourse[]): boolean {
  if (event.phase !== undefined) return false
  const own = course.findIndex((stepCourse) => stepCourse.step === step)
  const ahead = course.filter((stepCourse, index) => index >= own && !stepCourse.step.beside)
  return ahead.some(
    ({ step: other, begins, dones }) =>
      (other !== step && dones.some((mark) => mark.at > at)) ||
      begins.some((mark) => mark.at > at && mark.event.file === event.file),
  )
}

/**
 * Other machines see only the server of a desktop. That says nothing about a session that the bootstrap began and did not
 * finish.
 */
function seesServerOnly({ step }: StepCourse, final: readonly StepCourse[]): boolean {
  const session = final.find((stepCourse) => stepCourse.step.phase === 'session')
  if (step.phase !== 'connect' || session === undefined) return false
  const isBegun = session.begins.some(({ event }) => !isOfDcv(event.source))
  return isBegun && session.claims.length === 0
}

/**
 * Was the failure followed by a proof of its own step, or of a working desktop? The steps between prove nothing: scripts go
 * on after failures. A session comes up without a GPU, too; only who uses the desktop proves that it will do without. For some
 * steps the phases say what proves them.
 */
function isMadeGood(mark: Mark, stepCourse: StepCourse, final: readonly StepCourse[]): boolean {
  const proofs =
    stepCourse.step.beside || isImpairment(mark, stepCourse)
      ? [stepCourse, ...final.filter(({ step }) => step.beside)]
      : [stepCourse, ...final]
  const { proven_by } = stepCourse.step
  const isOnlyBy = mark.event.severity === 'critical' && proven_by.length > 0
  const isListed = proven_by.some((id) => stepCourse.step.done.includes(id))
  return proofs.some((proof) =>
    proof.dones.some(
      ({ at, event }) =>
        at > mark.at &&
        (proof !== stepCourse || !isElsewhere(event, mark.event)) &&
        (!isOnlyBy || proven_by.includes(event.rule_id ?? '') || (proof === stepCourse && !isListed)),
    ),
  )
}

/** Do both name a path, but not the same? That one file system is mounted says nothing of another. */
function isElsewhere({ captures: a }: EventJson, { captures: b }: EventJson): boolean {
  const [one, other] = [a?.['path'], b?.['path']]
  return one !== undefined && other !== undefined && one !== other
}
