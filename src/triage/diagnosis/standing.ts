import type { StepCourse } from './course.ts'
import type { Outcome } from './outcome.ts'
import type { Status } from './status.ts'
import { type Attempt, lastLineOf } from './story.ts'

const STOPPED = new Set([
  'milestone-state-stopped',
  'milestone-desktop-deleted',
  'milestone-host-powered-off',
])
const RUNS = new Set([
  'milestone-reboot-done',
  'milestone-dcv-server-started',
  'milestone-session-constructed',
  'milestone-client-connected',
  'milestone-instance-running',
  'milestone-state-running',
  'milestone-session-running',
  'milestone-portal-sees-desktop',
])

/** How an attempt stands: its status, and the last of its steps that was begun. */
export type Standing = { readonly status: Status; readonly current: StepCourse | undefined }

/** Judges an attempt as a whole, as of `nowMs`. */
export function standingOf(
  attempt: Attempt,
  course: readonly StepCourse[],
  { decisive, isClaimed, isProven }: Outcome,
  nowMs: number,
): Standing {
  const current = course.findLast(
    ({ step, begins, dones, claims }) => !step.beside && begins.length + dones.length + claims.length > 0,
  )
  const isQuiet = nowMs - lastActivityMs(attempt) > (current?.step.silent ?? 0)
  const isGrave = decisive.some(({ event }) => event.severity === 'critical')
  const status = (): Status => {
    // What services say while a host that worked is shut down is no failure of it.
    if (isProven && isStopped(attempt)) return 'stopped'
    if (decisive.length > 0 && (isGrave || isQuiet || isClaimed)) return 'failed'
    if (isStopped(attempt)) return 'stopped'
    if (isClaimed) return 'ready'
    if (current === undefined) return 'unknown'
    return isQuiet ? 'stalled' : 'in_progress'
  }
  return { status: status(), current }
}

function isStopped({ events }: Attempt): boolean {
  const states = events.filter(({ rule_id }) => STOPPED.has(rule_id ?? '') || RUNS.has(rule_id ?? ''))
  return STOPPED.has(states.toSorted((a, b) => (a.ts < b.ts ? -1 : 1)).at(-1)?.rule_id ?? '')
}

/** Other machines go on writing of a desktop that is silent. */
function lastActivityMs({ files, events }: Attempt): number {
  const own = Date.parse(lastLineOf(files))
  return Number.isNaN(own) ? Math.max(0, ...events.map(({ ts }) => Date.parse(ts))) : own
}
