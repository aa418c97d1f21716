import type { EventJson } from '../../../event-json.ts'
import type { Status } from '../status.ts'
import { type Attempt, compareByPlace, isShared, lastLineOf } from '../story.ts'
import type { Mark, StepCourse } from './course.ts'
import type { Outcome } from './outcome.ts'

const STOPPED = new Set([
  'milestone-state-stopped',
  'milestone-desktop-deleted',
  'milestone-host-powered-off',
])
/** Only instances that run have a rule on the load balancer. */
export const HOST_GONE = 'milestone-alb-host-gone'
const HOST_NEW = 'milestone-alb-host-new'
const RUNS = new Set([
  HOST_NEW,
  'milestone-reboot-done',
  'milestone-dcv-server-started',
  'milestone-session-constructed',
  'milestone-client-connected',
  'milestone-instance-running',
  'milestone-instance-started',
  'sched-stop-failed',
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
    const isStopped = isOff(attempt, decisive, isClaimed)
    if (isProven && isStopped) return 'stopped'
    if (decisive.length > 0 && (isGrave || isQuiet || isClaimed)) return 'failed'
    if (isStopped) return 'stopped'
    if (isClaimed) return 'ready'
    if (current === undefined) return 'unknown'
    return isQuiet ? 'stalled' : 'in_progress'
  }
  return { status: status(), current }
}

/** So long after it was told to stop a host still writes. */
const SHUTDOWN_MS = 10 * 60_000

/** Was it stopped, and did its host say nothing since that only one that runs again can say? */
function isOff({ events }: Attempt, decisive: readonly Mark[], hasWorked: boolean): boolean {
  const last = statesOf(events, hasWorked).at(-1)
  if (last === undefined || RUNS.has(last.rule_id ?? '')) return false
  const offMs = Date.parse(last.ts) + SHUTDOWN_MS
  return !decisive.some(
    ({ event: { ts, ts_quality, source, severity } }) =>
      severity === 'critical' && ts_quality === 'parsed' && !isShared(source) && Date.parse(ts) > offMs,
  )
}

/**
 * What tells that it runs or does not, by time. The time of a file is no time of its lines, which are older: what runs may
 * have been stopped since, so of what an undated log of the load balancer tells only the last word counts, and only that it
 * is gone. Of one that never worked, its absence from the load balancer says nothing.
 */
function statesOf(events: readonly EventJson[], hasWorked: boolean): EventJson[] {
  const ordered = events.toSorted((a, b) => (a.ts === b.ts ? compareByPlace(a, b) : a.ts < b.ts ? -1 : 1))
  const isUndated = ({ ts_quality }: EventJson) => ts_quality === 'mtime'
  const balanced = ordered.findLast(
    (event) => isUndated(event) && (event.rule_id === HOST_GONE || event.rule_id === HOST_NEW),
  )
  return ordered.filter((event) => {
    const { rule_id = '' } = event
    if (rule_id === HOST_GONE) return hasWorked && (!isUndated(event) || event === balanced)
    return STOPPED.has(rule_id) || (RUNS.has(rule_id) && !isUndated(event))
  })
}

const STARTS = new Set(['milestone-launch-requested', 'milestone-instance-started'])

/**
 * When its host wrote last. Of one that never did, when others told something new of it: the portal lists a desktop every few
 * minutes, whatever becomes of it.
 */
function lastActivityMs({ files, events }: Attempt): number {
  const own = Date.parse(lastLineOf(files))
  if (!Number.isNaN(own)) return own
  let newsMs = 0
  let told = new Set<string>()
  for (const { rule_id = '', ts } of events.toSorted((a, b) => (a.ts < b.ts ? -1 : 1))) {
    if (STARTS.has(rule_id)) told = new Set()
    if (!told.has(rule_id)) newsMs = Date.parse(ts)
    told.add(rule_id)
  }
  return newsMs
}
