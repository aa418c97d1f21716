import type { EventJson } from '../../../event-json.ts'
import type { RuleDescription } from '../../../interpret/rule-description.ts'
import { isOfDcv } from '../log-habits.ts'
import type { Status } from '../status.ts'
import { type Attempt, compareByPlace, isShared, lastLineOf } from '../story.ts'
import type { Mark, StepCourse } from './course.ts'
import type { Outcome } from './outcome.ts'

/** What says that a desktop was switched off or deleted. */
export const STOPPED: ReadonlySet<string> = new Set([
  'milestone-state-stopped',
  'milestone-desktop-deleted',
  'milestone-host-powered-off',
])
/** Only running instances have a rule on the load balancer. */
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

/** What standings are judged by. */
type Judging = { readonly ruleById: ReadonlyMap<string, RuleDescription>; readonly nowMs: number }

/** Judges an attempt as a whole, as of `nowMs`. */
export function standingOf(
  attempt: Attempt,
  course: readonly StepCourse[],
  { decisive, isClaimed, isProven, awaited }: Outcome,
  { ruleById, nowMs }: Judging,
): Standing {
  const current =
    awaited ?? course.findLast((one, index) => !one.step.beside && isUnderWay(one, course.slice(0, index)))
  const isQuiet = nowMs - lastActivityMs(attempt) > (current?.step.silent ?? 0)
  const isGrave = decisive.some(({ event }) => event.severity === 'critical')
  const isWaiting = !isClaimed && isHung(decisive, ruleById)
  const status = (): Status => {
    // What services report while a host that had worked is shut down is not a failure.
    const isStopped = isOff(attempt, decisive, isClaimed)
    if (isProven && isStopped) return 'stopped'
    if (isWaiting) return isQuiet ? 'stalled' : 'in_progress'
    if (decisive.length > 0 && (isGrave || isQuiet || isClaimed)) return 'failed'
    if (isStopped) return 'stopped'
    if (isClaimed) return 'ready'
    if (current === undefined) return 'unknown'
    return isQuiet ? 'stalled' : 'in_progress'
  }
  return { status: status(), current }
}

/**
 * Was anything written of the step? Where only DCV did, an earlier step must not have begun after it: the DCV server of an image
 * may run before the bootstrap, which does not mean that the bootstrap has come so far.
 */
function isUnderWay({ begins, dones, claims }: StepCourse, before: readonly StepCourse[]): boolean {
  if (dones.length + claims.length > 0) return true
  const last = begins.at(-1)
  if (last === undefined || !begins.every(({ event }) => isOfDcv(event.source))) return last !== undefined
  return !before.some(({ step, begins }) => !step.beside && begins.some(({ at }) => at > last.at))
}

/** Is all that went wrong something that makes whatever meets it wait? */
function isHung(decisive: readonly Mark[], ruleById: Judging['ruleById']): boolean {
  const known = decisive.filter(({ event }) => event.phase !== undefined)
  return known.length > 0 && known.every(({ event }) => ruleById.get(event.rule_id ?? '')?.hangs === true)
}

/** A host still writes for this long after it was told to stop. */
const SHUTDOWN_MS = 10 * 60_000

/**
 * Is its instance gone, or was the desktop stopped, and has its host since written nothing that only a running host can write?
 * One that was asked to start again and could not is not just stopped.
 */
function isOff({ events, isReplaced }: Attempt, decisive: readonly Mark[], hasWorked: boolean): boolean {
  if (isReplaced) return hasWorked
  if (decisive.some(({ event, step }) => step.phase === 'launch' && event.severity === 'critical'))
    return false
  const last = statesOf(events, hasWorked).at(-1)
  if (last === undefined || RUNS.has(last.rule_id ?? '')) return false
  const offMs = Date.parse(last.ts) + SHUTDOWN_MS
  return !decisive.some(
    ({ event: { ts, ts_quality, source, severity } }) =>
      severity === 'critical' && ts_quality === 'parsed' && !isShared(source) && Date.parse(ts) > offMs,
  )
}

/**
 * Events that say whether the desktop runs, in order of time. The time of a file is later than that of most of its lines. So
 * an undated event that it runs proves nothing, since it may have been stopped since; of an undated log of the load balancer
 * only the last word counts, and only that the host is gone. For a desktop that never worked, not being on the load balancer
 * means nothing.
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
 * When its host last wrote. If it never did: when other machines last reported something new about it, since the portal lists
 * a desktop every few minutes, whatever its state.
 */
function lastActivityMs({ files, events }: Attempt): number {
  const lastLineMs = Date.parse(lastLineOf(files))
  if (!Number.isNaN(lastLineMs)) return lastLineMs
  let newsMs = 0
  let reported = new Set<string>()
  for (const { rule_id = '', ts } of events.toSorted((a, b) => (a.ts < b.ts ? -1 : 1))) {
    if (STARTS.has(rule_id)) reported = new Set()
    if (!reported.has(rule_id)) newsMs = Date.parse(ts)
    reported.add(rule_id)
  }
  return newsMs
}
