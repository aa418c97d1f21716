import { REQUEST } from '../attempts/found-machines.ts'
import { isOfDcv } from '../log-habits.ts'
import { isShared } from '../story.ts'
import { type Mark, marksOf, type StepCourse } from './course.ts'
import { isImpairment } from './impairments.ts'

/** `decisive`: failures that nothing afterwards makes good, in the order of the phases; empty if the desktop did not fail. */
export type Outcome = {
  readonly decisive: readonly Mark[]
  /** Somebody used the desktop, and it worked. */
  readonly isProven: boolean
  /** A script says that all is well. */
  readonly isClaimed: boolean
  /** The step after which the bootstrap was to go on, if it has not. */
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
  const awaited = awaitedIn(course)
  const isClaimed =
    isProven ||
    (awaited === undefined &&
      final.some((stepCourse) => stepCourse.claims.length > 0 && !seesServerOnly(stepCourse, final)))
  const decisive = course.flatMap((stepCourse) =>
    stepCourse.failures.filter((mark) => {
      if (isMadeGood(mark, stepCourse, final) || isLaunchedSince(mark, course) || isGuessPassed(mark, course))
        return false
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
 * The step that interrupts the bootstrap, if its host has written nothing since but that it interrupts itself, and nobody has
 * reached it.
 */
function awaitedIn(course: readonly StepCourse[]): StepCourse | undefined {
  const isOfHost = ({ event, step }: Mark) =>
    !isShared(event.source) || (step.phase === 'connect' && event.kind === 'milestone')
  return course.find(({ step, begins }) => {
    const last = begins.findLast(({ event: { rule_id = '' } }) => step.goes_on.includes(rule_id))
    if (last === undefined) return false
    const since = marksOf(course).filter(
      ({ at, event: { rule_id = '' } }) => at > last.at && !step.begin.includes(rule_id),
    )
    return !since.some(isOfHost)
  })
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

/** A line that merely looks like a failure (no rule knows its phase) does not count if a later step was completed after it. */
function isGuessPassed({ event, step, at }: Mark, course: readonly StepCourse[]): boolean {
  if (event.phase !== undefined) return false
  const later = course.slice(course.findIndex((stepCourse) => stepCourse.step === step) + 1)
  return later.some((stepCourse) => !stepCourse.step.beside && stepCourse.dones.some((mark) => mark.at > at))
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
  return proofs.some((proof) =>
    proof.dones.some(
      ({ at, event: { rule_id = '' } }) =>
        at > mark.at && (!isOnlyBy || proof === stepCourse || proven_by.includes(rule_id)),
    ),
  )
}
