import type { Mark, StepCourse } from '../course/course.ts'
import { SESSION_MADE } from '../log-habits.ts'
import { type Attempt, isShared, isTimed } from '../story.ts'

/** Somebody asks the DCV server of the desktop for a session that it does not have. */
const UNKNOWN_SESSION = 'dcv-unknown-session'

/**
 * Failed attempts to reach a desktop after it had last worked, if they went on for as long as the phase requires. Empty if not, or
 * if the desktop is only just coming back.
 */
export function refusalsOf(attempt: Attempt, course: readonly StepCourse[]): Mark[] {
  const final = course.filter(({ step }) => step.phase === 'session' || step.phase === 'connect')
  const dones = final.flatMap((stepCourse) => stepCourse.dones)
  const claims = final.flatMap((stepCourse) => stepCourse.claims)
  const made = final
    .flatMap(({ begins }) => begins)
    .filter(({ event: { rule_id } }) => rule_id === SESSION_MADE)
  const failed = final
    .flatMap((stepCourse) => stepCourse.failures)
    .filter(({ event }) => !isShared(event.source))
  const lastDone = Math.max(...dones.map(({ at }) => at), -1)
  const follows = (proof: Mark, mark: Mark) => proof.at > mark.at && !isOfCopy(proof, mark)
  // Other machines see only the server of a desktop. Their claims do not count once its own host has reported how the session
  // ended.
  const hasEnded = ({ at, event: { source } }: Mark) =>
    !isShared(source) && lastDone >= 0 && failed.some((mark) => mark.at > lastDone && mark.at < at)
  // Nor do they prove a session where somebody asks for one and gets none: its server may answer without.
  const isUnknown = ({ event }: Mark) => event.rule_id === UNKNOWN_SESSION
  const isOfServer = (proof: Mark, mark: Mark) =>
    isShared(proof.event.source) && (mark.event.phase === 'session' || isUnknown(mark) || hasEnded(mark))
  const isProvenSince = (mark: Mark) =>
    dones.some((proof) => follows(proof, mark)) ||
    (isUnknown(mark) && made.some((proof) => follows(proof, mark))) ||
    claims.some((proof) => follows(proof, mark) && !isOfServer(proof, mark))
  return course.flatMap(({ step, refusals }) =>
    step.refused.flatMap(({ rule, for: forMs }) => {
      const unproven = refusals.filter(
        (mark) => mark.event.rule_id === rule && !isProvenSince(mark) && !isOfAnother(mark.event, attempt),
      )
      const [first] = unproven
      const last = unproven.at(-1)
      if (first === undefined || last === undefined) return []
      return Date.parse(last.event.ts) - Date.parse(first.event.ts) >= forMs ? unproven : []
    }),
  )
}

/** No desktop comes up so long after others began to ask for it. */
const LONGEST_BOOT_MS = 3 * 3_600_000

/**
 * Is the proof dated by its file alone, and by far too late? The time of a log that was copied is that of the copy, and says
 * nothing of what was before.
 */
function isOfCopy({ event }: Mark, { event: refusal }: Mark): boolean {
  return (
    !isTimed(event) && isTimed(refusal) && Date.parse(event.ts) - Date.parse(refusal.ts) > LONGEST_BOOT_MS
  )
}

/**
 * Is the refusal about a session that this attempt never had, or about another user? A browser tab that was left open asks
 * for yesterday's session.
 */
function isOfAnother({ captures }: Mark['event'], { uuid, owner, events }: Attempt): boolean {
  const { session, id, other, user } = (captures ?? {}) as Partial<Record<string, string>>
  if (user !== undefined && owner !== '' && accountOf(user) !== accountOf(owner)) return true
  const asked = session ?? id ?? other
  if (asked === undefined || asked === 'console' || asked === uuid) return false
  return !events.some(
    ({ kind, phase, message }) => kind === 'milestone' && phase === 'session' && message.includes(asked),
  )
}

/** A user name without its domain, in lower case. */
export function accountOf(user: string): string {
  return (user.split('\\').at(-1) ?? '').split('@')[0]?.toLowerCase() ?? ''
}
