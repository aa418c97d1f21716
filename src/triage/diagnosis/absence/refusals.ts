import type { Mark, StepCourse } from '../course/course.ts'
import { type Attempt, isShared } from '../story.ts'

/**
 * Those who wanted the desktop after it had last worked and found no way to it, if that went on for as long as its phase
 * allows; empty if it is not so, or if a desktop is only just coming back.
 */
export function refusalsOf(attempt: Attempt, course: readonly StepCourse[]): Mark[] {
  const final = course.filter(({ step }) => step.phase === 'session' || step.phase === 'connect')
  const dones = final.flatMap((own) => own.dones)
  const claims = final.flatMap((own) => own.claims)
  const failed = final.flatMap((own) => own.failures).filter(({ event }) => !isShared(event.source))
  const lastDone = Math.max(...dones.map(({ at }) => at), -1)
  // Others see the server of a desktop: what they say counts little where its host told how the session came to its end.
  const hasEnded = ({ at, event: { source } }: Mark) =>
    !isShared(source) && lastDone >= 0 && failed.some((mark) => mark.at > lastDone && mark.at < at)
  const isProvenSince = (mark: Mark) =>
    lastDone > mark.at ||
    claims.some((proof) => proof.at > mark.at && !(isShared(proof.event.source) && hasEnded(mark)))
  return course.flatMap(({ step, refusals }) =>
    step.refused.flatMap(({ rule, for: forMs }) => {
      const own = refusals.filter(
        (mark) => mark.event.rule_id === rule && !isProvenSince(mark) && !isOfAnother(mark.event, attempt),
      )
      const [first] = own
      const last = own.at(-1)
      if (first === undefined || last === undefined) return []
      return Date.parse(last.event.ts) - Date.parse(first.event.ts) >= forMs ? own : []
    }),
  )
}

/**
 * Was a session asked for that this attempt never had, or did somebody else ask? A browser that was left open asks for one of
 * yesterday.
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

/** The name of a user without that of his domain, in lower case. */
export function accountOf(user: string): string {
  return (user.split('\\').at(-1) ?? '').split('@')[0]?.toLowerCase() ?? ''
}
