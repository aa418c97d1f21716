import type { EventJson } from '../../../event-json.ts'
import { REQUEST } from '../attempts/found-machines.ts'
import type { StepCourse } from '../course/course.ts'
import type { SharedLogs } from '../shared-logs/shared-logs.ts'
import { type Attempt, type FileFacts, lastLineOf } from '../story.ts'
import type { World } from '../world.ts'

/**
 * Why the load balancer does not know a desktop that is up: its host was never registered, or the ALB manager was not
 * running.
 */
export type Unregistered = {
  readonly rule: string
  /** The last failure that ended a run early. */
  readonly failure: EventJson | undefined
  /** What shows it, if anything does: the place where a run broke off, or the last time the portal found no rule. */
  readonly shown: EventJson | undefined
}

/**
 * A failure of the ALB manager that cuts off all desktops of a cluster, if no run completed after it. One that was reached before
 * may still be, by another load balancer or a rule that is left.
 */
export function cutOff(
  { cluster }: Attempt,
  course: readonly StepCourse[],
  { shared, ruleById }: Pick<World, 'shared' | 'ruleById'>,
): Unregistered | undefined {
  if (wasReached(course)) return undefined
  const failure = shared.balancerFailure(cluster)
  const rule = ruleById.get(failure?.rule_id ?? '')
  return rule?.cutsOff === true ? { rule: rule.id, failure, shown: undefined } : undefined
}

/** Two runs of the ALB manager: a host that is not registered after them will not be. */
const RUNS_MS = 6 * 60_000
const SILENT_MS = 10 * 60_000
/** How the portal says that it finds no rule for a desktop: SOCA 2.x, and later generations. */
const NO_RULE = new Set(['api-check-no-rule', 'watch-no-rule'])
/** How it says that it gets no answer of the desktop. It says so while a desktop comes up, too. */
const NO_ANSWER = 'watch-no-answer-yet'
/** A desktop that is up answers within this time, if the ALB manager runs. */
const ANSWER_MS = 30 * 60_000

/**
 * Why a desktop that is up is not behind the load balancer. Either the run that began to register it never ended, or no run
 * of the ALB manager does any more; or it ran after the desktop was up and registered other hosts but not this one; or it
 * fails, or has been silent since before, and the portal finds no rule for the desktop. A log that begins later than the desktop proves nothing.
 */
export function unregistered(
  attempt: Attempt,
  course: readonly StepCourse[],
  { shared, nowMs }: { readonly shared: SharedLogs; readonly nowMs: number },
): Unregistered | undefined {
  const balancer = course.find(({ step }) => step.phase === 'load-balancer')
  const missed = attempt.events.filter(({ rule_id = '' }) => NO_RULE.has(rule_id))
  if (balancer === undefined || (!isKnownTo(attempt) && missed.length === 0)) return undefined
  if (wasReached(course)) return undefined
  const logs = shared.logsOf('alb-manager', attempt.cluster)
  if (isTold(balancer)) {
    const isBegun = balancer.dones.length + balancer.failures.length === 0
    const begin = balancer.begins.at(-1)?.event
    const first = balancer.begins[0]?.event
    const isHung = (log: FileFacts) =>
      shared.isLeftOpen(log, nowMs - SILENT_MS, begin) || shared.brokeOff(log, first)
    return isBegun && logs.some(isHung)
      ? { rule: 'absence-alb-run-end', failure: undefined, shown: begin }
      : undefined
  }
  const up = lastLineOf(attempt.files) || (missed[0]?.ts ?? '')
  const isMissed = missed.some(({ ts }) => ts > up)
  const covering = logs.filter((log) => isMissed || shared.reachesTo(log, up))
  const failure = shared.balancerFailure(attempt.cluster)
  const isPassedOver = covering.some(
    (log) => isLater(log, up, RUNS_MS) && (failure !== undefined || shared.hasTakenIn(log)),
  )
  const isCovered = covering.length > 0
  const isFailing = (isCovered || isMissed) && isBroken(failure, attempt, nowMs - RUNS_MS)
  if (isPassedOver || isFailing) return { rule: 'absence-alb-host', failure, shown: missed.at(-1) }
  // From 26.x on a run that breaks off says nothing; only its end is missing.
  const [broken] = covering
    .filter((log) => isLater(log, up, RUNS_MS))
    .flatMap((log) => shared.brokenOff(log) ?? [])
  if (broken !== undefined) return { rule: 'absence-alb-run-end', failure: undefined, shown: broken }
  const isLate = (ts: string) => Date.parse(ts) - Date.parse(up) > ANSWER_MS
  const unanswered =
    missed.at(-1) ?? attempt.events.findLast(({ rule_id, ts }) => rule_id === NO_ANSWER && isLate(ts))
  const isSilent =
    unanswered !== undefined &&
    logs.length > 0 &&
    lastLineOf(logs) < up &&
    Date.parse(shared.lastLine) - Date.parse(lastLineOf(logs)) > SILENT_MS
  return isSilent ? { rule: 'absence-alb-silent', failure, shown: unanswered } : undefined
}

/** Has the portal or a user reached it? */
function wasReached(course: readonly StepCourse[]): boolean {
  const connect = course.find(({ step }) => step.phase === 'connect')
  return connect !== undefined && connect.dones.length + connect.claims.length > 0
}

/** Did the runs fail since the desktop was asked for, the last one included, and is it up since before `sinceMs`? */
function isBroken(failure: EventJson | undefined, { files, events }: Attempt, sinceMs: number): boolean {
  const asked = events.filter(({ rule_id }) => rule_id === REQUEST).map(({ ts }) => ts)
  const begin = [...files.map(({ first_ts }) => first_ts), ...asked].sort()[0]
  if (failure === undefined || begin === undefined) return false
  return failure.ts >= begin && Date.parse(lastLineOf(files)) < sinceMs
}

/** The ALB manager calls hosts by their address or instance; the name that Windows gives itself is neither. */
function isKnownTo({ host, instance }: Attempt): boolean {
  return instance !== '' || /^i(?:p(?:-\d{1,3}){4}|-[0-9a-f]{8,17})\b/.test(host)
}

function isTold({ begins, dones, claims, failures }: StepCourse): boolean {
  return begins.length + dones.length + claims.length + failures.length > 0
}

function isLater({ last_ts }: FileFacts, up: string, ms: number): boolean {
  return Date.parse(last_ts) - Date.parse(up) > ms
}
