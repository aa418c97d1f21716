import type { EventJson } from '../../../event-json.ts'
import { lastWords } from '../absence/last-words.ts'
import { lastOf, type Silence, silencesOf } from '../absence/silences.ts'
import { cutOff, unregistered } from '../absence/unregistered.ts'
import { unseenByPortal } from '../absence/unseen.ts'
import { waitOf } from '../absence/waiting.ts'
import { marksOf, type StepCourse } from '../course/course.ts'
import { isNotNeeded } from '../course/phase-states.ts'
import type { Standing } from '../course/standing.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import { SESSION_MADE } from '../log-habits.ts'
import { type Attempt, isShared } from '../story.ts'
import type { World } from '../world.ts'
import { evidenceOf } from './cause-evidence.ts'
import { causeOfRefusals } from './cause-of-refusals.ts'
import type { RootCause } from './root-cause.ts'
import { withSharedCause } from './shared-cause.ts'
import { verdictOfAbsence, verdictOfCause, verdictOfSilence, type Wording } from './verdict.ts'

/** What is known about an attempt when it is judged. */
type Found = Standing & {
  readonly cause: RootCause | undefined
  readonly collected: ReadonlySet<string>
}
type Judged = Pick<DiagnosisJson, 'status' | 'evidence'> &
  Partial<Pick<DiagnosisJson, 'verdict' | 'not_checked' | 'waits_for'>> & {
    /** The cause of an attempt that failed although its own logs say it is ready. */
    readonly cause?: RootCause
    /** What a stalled attempt waits for in vain, if that is the verdict. */
    readonly silence?: Silence
  }

/** The final status and verdict: by the root cause, by a missing way to the desktop, or by its silence. */
export function judged(attempt: Attempt, course: readonly StepCourse[], found: Found, world: World): Judged {
  const { status, cause } = found
  if (cause !== undefined) return { ...failed(cause, attempt, world), status }
  // Of a host whose logs were not read only other machines can tell that it is up; one with a session waits for them, unless
  // the session is that of an image, whose bootstrap has not come so far.
  const isLast = found.current?.step.phase === 'session' || found.current?.step.beside === true
  const isMade = isLast && attempt.events.some(({ rule_id }) => rule_id === SESSION_MADE)
  const isUp = attempt.files.length === 0 || isMade
  const isAsked = status === 'ready' || (status === 'stalled' && isUp)
  const missing = isAsked ? unreached(attempt, course, found, world) : undefined
  if (missing !== undefined) return missing
  const silence = status === 'ready' ? unseenByPortal(attempt, world.shared, world.rules) : undefined
  if (silence !== undefined) return unseen(silence, wordingFor(attempt, world))
  return {
    status,
    ...(status === 'stalled' ? verdictOfStall(attempt, course, found, world) : { evidence: [] }),
  }
}

function failed(cause: RootCause, attempt: Attempt, world: World): Judged {
  const verdict = verdictOfCause(cause, wordingFor(attempt, world))
  return { status: 'failed', verdict, evidence: evidenceOf(cause, attempt) }
}

function unseen(silence: Silence, wording: Wording): Judged {
  const { rule, begin } = silence
  return {
    status: 'stalled',
    verdict: verdictOfAbsence(rule, rule.phase, wording),
    evidence: [begin],
    silence,
  }
}

/** Why nobody can reach a desktop that is up: the load balancer is gone or does not know it, or its users were refused. */
function unreached(
  attempt: Attempt,
  course: readonly StepCourse[],
  { current }: Found,
  world: World,
): Judged | undefined {
  const missed = cutOff(attempt, course, world) ?? unregistered(attempt, course, world)
  const step = course.find((stepCourse) => stepCourse.step.phase === 'load-balancer')?.step
  const { rule, failure, shown } = missed ?? {}
  if (failure !== undefined && step !== undefined) {
    const lost = { root: { event: failure, step, at: 0 }, consequences: [] }
    return { ...failed(lost, attempt, world), cause: lost }
  }
  const expecting = world.ruleById.get(rule ?? '')
  if (expecting !== undefined) {
    const verdict = verdictOfAbsence(expecting, 'load-balancer', wordingFor(attempt, world))
    return { status: 'failed', verdict, evidence: shown === undefined ? lastEvents(current) : [shown] }
  }
  const own = causeOfRefusals(attempt, course, world)
  const refused = own && withSharedCause(own, attempt, world)
  return refused && { ...failed(refused, attempt, world), cause: refused }
}

function wordingFor({ profile }: Attempt, { ruleById, generations }: World): Wording {
  return { ruleById, generations, profile }
}

/**
 * The verdict on a silent desktop: by its last words if they mean something, otherwise by what should have followed and did
 * not.
 */
function verdictOfStall(
  attempt: Attempt,
  course: readonly StepCourse[],
  { current, collected }: Found,
  world: World,
): Omit<Judged, 'status'> {
  const wording = wordingFor(attempt, world)
  const phase = current?.step.phase ?? ''
  const events = marksOf(course).map(({ event }) => event)
  const { missing, unheard } = silencesOf(events, world.rules, {
    collected,
    steps: course.map(({ step }) => step),
    untilMs: world.nowMs,
    readsOwn: attempt.files.length > 0 || world.readsDesktops,
  })
  const silence = lastOf(missing)
  const not_checked = unheard.map(({ rule, sources }) => ({
    source: sources.join(', '),
    reason: `no such log of it was read, so "${rule.title}" is not judged`,
  }))
  const seen = silence === undefined ? lastEvents(current) : [silence.begin]
  const waits_for = waitOf(current, silence?.rule, seen[0], world.ruleById)
  const last = lastWords(attempt, current)
  const begun = silence === undefined ? [] : events.slice(events.indexOf(silence.begin))
  // A host that has written was launched, whatever the portal still waits for.
  const isLaunched = events.some(({ source }) => !isShared(source))
  const named = silence?.rule.phase === 'launch' && isLaunched ? '' : silence?.rule.phase
  const around = { not_checked, ...(waits_for === undefined ? {} : { waits_for }) }
  if (last !== undefined && current !== undefined) {
    const root = { event: last, step: current.step, at: 0 }
    const verdict = verdictOfCause({ root, consequences: [] }, wording)
    return { verdict, evidence: [last, ...seen], ...around }
  }
  if (silence === undefined)
    return { verdict: verdictOfSilence(missingPhase(phase, course, begun)), evidence: seen, ...around }
  const verdict = verdictOfAbsence(silence.rule, missingPhase(named || phase, course, begun), wording)
  return { verdict, silence, evidence: seen, ...around }
}

/**
 * A rule may wait for the end of everything, and a log may stop between two steps. If the phase that is named was completed, the
 * first one after it that was not is the missing one (or the one that it is inside of), unless the phase started again with what
 * the rule waits for: `begun` is everything since then.
 */
function missingPhase(phase: string, course: readonly StepCourse[], begun: readonly EventJson[]): string {
  const named = course.find(({ step }) => step.phase === phase)
  if (named === undefined) return phase
  const isUnderWay = ({ step, begins, dones }: StepCourse) =>
    !step.beside &&
    begins.some(({ event }) => begun.includes(event)) &&
    !dones.some(({ event }) => begun.includes(event))
  const isBegunAgain = named.begins.some(({ event }) => event === begun[0]) && isUnderWay(named)
  // The scripts of the setup go through other phases, too: they hang in the one that they began last.
  if (isBegunAgain && phase === 'setup') return course.findLast(isUnderWay)?.step.phase ?? phase
  if (isBegunAgain) return phase
  const around = isOpen(named) ? phase : (named.step.inside ?? phase)
  const open = course.slice(course.findIndex(({ step }) => step.phase === around)).filter(isOpen)
  const missing = open.find((stepCourse, index) => !isPassed(stepCourse, open[index + 1]))
  return missing?.step.phase ?? phase
}

/** Is the end of a step of the bootstrap unproven? One that this machine does not need has none. */
function isOpen(stepCourse: StepCourse): boolean {
  const { step, begins, dones, claims } = stepCourse
  const isLeftOut = step.optional && begins.length + claims.length === 0
  return !step.beside && dones.length === 0 && !isLeftOut && !isNotNeeded(stepCourse)
}

/** Did the next step begin at or after the last claim of this one? Then this one was passed. */
function isPassed({ claims }: StepCourse, next: StepCourse | undefined): boolean {
  const last = claims.at(-1)
  return last !== undefined && next?.begins.some(({ at }) => at >= last.at) === true
}

function lastEvents(current: StepCourse | undefined): EventJson[] {
  return current === undefined
    ? []
    : [current.dones, current.claims, current.begins]
        .flatMap((marks) => marks.at(-1)?.event ?? [])
        .slice(0, 1)
}
