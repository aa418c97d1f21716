import type { EventJson } from '../../../event-json.ts'
import { lastWords } from '../absence/last-words.ts'
import { refusalsOf } from '../absence/refusals.ts'
import { lastOf, silencesOf } from '../absence/silences.ts'
import { cutOff, unregistered } from '../absence/unregistered.ts'
import { waitOf } from '../absence/waiting.ts'
import { type Mark, marksOf, type StepCourse } from '../course/course.ts'
import type { Standing } from '../course/standing.ts'
import type { DiagnosisJson, World } from '../diagnose.ts'
import { type Attempt, isShared } from '../story.ts'
import { possibleCauses } from './possible-causes.ts'
import { type RootCause, rootCauseOf } from './root-cause.ts'
import { verdictOfAbsence, verdictOfCause, verdictOfSilence, type Wording } from './verdict.ts'

/** How many of the events behind a finding are shown. */
const MOST_PARTS = 5

/** What is known about an attempt when it is judged. */
type Found = Standing & {
  readonly cause: RootCause | undefined
  readonly collected: ReadonlySet<string>
}
type Judged = Pick<DiagnosisJson, 'status' | 'evidence'> &
  Partial<Pick<DiagnosisJson, 'verdict' | 'not_checked' | 'waits_for'>> & {
    /** The cause of an attempt that failed although its own logs say it is ready. */
    readonly cause?: RootCause
  }

/** The final status and verdict: by the root cause, by a missing way to the desktop, or by its silence. */
export function judged(attempt: Attempt, course: readonly StepCourse[], found: Found, world: World): Judged {
  const { status, cause } = found
  if (cause !== undefined) return { ...failed(cause, attempt, world), status }
  // Of a host whose logs were not read only other machines can tell that it is up.
  const isUnread = status === 'stalled' && attempt.files.length === 0
  const missing = status === 'ready' || isUnread ? unreached(attempt, course, found, world) : undefined
  if (missing !== undefined) return missing
  return {
    status,
    ...(status === 'stalled' ? verdictOfStall(attempt, course, found, world) : { evidence: [] }),
  }
}

function failed(cause: RootCause, attempt: Attempt, world: World): Judged {
  const verdict = verdictOfCause(cause, wordingFor(attempt, world))
  return { status: 'failed', verdict, evidence: evidenceOf(cause, attempt) }
}

/** Why nobody can reach a desktop that is up: the load balancer is gone or does not know it, or its users were refused. */
function unreached(
  attempt: Attempt,
  course: readonly StepCourse[],
  { current }: Found,
  world: World,
): Judged | undefined {
  const missed = cutOff(attempt, world) ?? unregistered(attempt, course, world)
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
  const refused = causeOfRefusals(attempt, course, world)
  return refused && { ...failed(refused, attempt, world), cause: refused }
}

/** Refusals go on for long: the reason may be written at any time before the last of them. */
function causeOfRefusals(
  attempt: Attempt,
  course: readonly StepCourse[],
  { ruleById: rules }: World,
): RootCause | undefined {
  const refusals = refusalsOf(attempt, course)
  if (refusals.length === 0) return undefined
  const possible = possibleCauses(attempt, course)
  const known = { rules, course }
  const causeOf = (marks: readonly Mark[]) => rootCauseOf(marks, possible, known)
  const first = causeOf(refusals)
  const isRefusal = first !== undefined && refusals.some(({ event }) => event === first.root.event)
  if (!isRefusal) return first
  const last = causeOf(refusals.filter(({ event }) => event.rule_id === first.root.event.rule_id).slice(-1))
  const isExplained = last !== undefined && last.root.event.rule_id !== first.root.event.rule_id
  return isExplained ? { root: last.root, consequences: refusals } : first
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
  return {
    verdict:
      last !== undefined && current !== undefined
        ? verdictOfCause({ root: { event: last, step: current.step, at: 0 }, consequences: [] }, wording)
        : silence === undefined
          ? verdictOfSilence(phase)
          : verdictOfAbsence(silence.rule, missingPhase(named || phase, course, begun), wording),
    ...{ evidence: last === undefined ? seen : [last, ...seen], not_checked },
    ...(waits_for === undefined ? {} : { waits_for }),
  }
}

/**
 * A rule may wait for the end of everything. If the phase that it names was completed, the next one is the missing one, unless
 * the phase started again with what the rule waits for: `begun` is everything since then.
 */
function missingPhase(phase: string, course: readonly StepCourse[], begun: readonly EventJson[]): string {
  const from = course.findIndex(({ step }) => step.phase === phase)
  const named = course[from]
  const isBegunAgain =
    named?.begins.some(({ event }) => event === begun[0]) === true &&
    !named.dones.some(({ event }) => begun.includes(event))
  if (isBegunAgain) return phase
  const missing = course
    .slice(Math.max(0, from))
    .find(({ step, dones }) => !step.beside && dones.length === 0)
  return from < 0 ? phase : (missing?.step.phase ?? phase)
}

/** The root cause, with the events behind it, or with its repetitions. */
function evidenceOf({ root, consequences }: RootCause, { events }: Attempt): EventJson[] {
  const { because } = root.event
  if (because !== undefined) {
    const parts = events.filter(
      ({ event_id, because: own }) => own === undefined && because.includes(event_id),
    )
    return [root.event, ...parts.slice(-MOST_PARTS)]
  }
  const again = consequences.filter(({ event }) => event.rule_id === root.event.rule_id)
  return [root.event, ...again.slice(0, 2).map(({ event }) => event)]
}

function lastEvents(current: StepCourse | undefined): EventJson[] {
  return current === undefined
    ? []
    : [current.dones, current.claims, current.begins]
        .flatMap((marks) => marks.at(-1)?.event ?? [])
        .slice(0, 1)
}
