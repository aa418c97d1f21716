import type { Mark, StepCourse } from './course.ts'
import type { Attempt } from './story.ts'

/**
 * Those who wanted the desktop after it had last worked and found no way to it, if that went on for as long as its phase
 * allows; empty if it is not so, or if a desktop is only just coming back.
 */
export function refusalsOf(attempt: Attempt, course: readonly StepCourse[]): Mark[] {
  const proofs = course
    .filter(({ step }) => step.phase === 'session' || step.phase === 'connect')
    .flatMap(({ dones, claims }) => [...dones, ...claims])
  const lastProof = Math.max(...proofs.map(({ at }) => at), -1)
  return course.flatMap(({ step, refusals }) =>
    step.refused.flatMap(({ rule, for: forMs }) => {
      const own = refusals.filter(
        ({ event, at }) => event.rule_id === rule && at > lastProof && !isOfAnother(event, attempt),
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

/** The name of a user without that of his domain. */
function accountOf(user: string): string {
  return (user.split('\\').at(-1) ?? '').split('@')[0]?.toLowerCase() ?? ''
}
