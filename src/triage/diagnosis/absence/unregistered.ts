import type { EventJson } from '../../../event-json.ts'
import type { StepCourse } from '../course/course.ts'
import type { SharedLogs } from '../shared-logs/shared-logs.ts'
import { type Attempt, type FileFacts, lastLineOf } from '../story.ts'

/** Why the load balancer does not know a desktop that is up: nobody took it in, or nobody was there to do so. */
export type Unregistered = { readonly rule: string; readonly failure: EventJson | undefined }

/** Two runs of the ALB manager: what is not there after them does not come by itself. */
const RUNS_MS = 6 * 60_000
const SILENT_MS = 10 * 60_000

/**
 * Did the run that began to take it in never end? Did the ALB manager take in other hosts and never this one, though it ran
 * after the desktop was up; or has it been silent since before, and the portal finds no way to the desktop? A log that begins
 * later than the desktop says nothing. The failure is the last that ended a run early.
 */
export function unregistered(
  attempt: Attempt,
  course: readonly StepCourse[],
  { shared, nowMs }: { readonly shared: SharedLogs; readonly nowMs: number },
): Unregistered | undefined {
  const balancer = course.find(({ step }) => step.phase === 'load-balancer')
  const connect = course.find(({ step }) => step.phase === 'connect')
  if (balancer === undefined || attempt.host === '') return undefined
  if (connect !== undefined && connect.dones.length + connect.claims.length > 0) return undefined
  const logs = shared.balancerLogs(attempt.cluster)
  if (isTold(balancer)) {
    const isBegun = balancer.dones.length + balancer.failures.length === 0
    const isHung = isBegun && logs.some((log) => shared.isLeftOpen(log, nowMs - SILENT_MS))
    return isHung ? { rule: 'absence-alb-run-end', failure: undefined } : undefined
  }
  const up = lastLineOf(attempt.files)
  const isMissed = attempt.events.some(({ rule_id, ts }) => rule_id === 'api-check-no-rule' && ts > up)
  const covering = logs.filter((log) => isMissed || shared.reachesTo(log, up))
  const failure = shared.balancerFailure(attempt.cluster)
  if (
    covering.some((log) => isLater(log, up, RUNS_MS) && (failure !== undefined || shared.hasTakenIn(log)))
  ) {
    return { rule: 'absence-alb-host', failure }
  }
  const isSilent =
    attempt.events.some(({ rule_id }) => rule_id === 'api-check-no-rule') &&
    logs.length > 0 &&
    lastLineOf(logs) < up &&
    Date.parse(shared.lastLine) - Date.parse(lastLineOf(logs)) > SILENT_MS
  return isSilent ? { rule: 'absence-alb-silent', failure } : undefined
}

function isTold({ begins, dones, claims, failures }: StepCourse): boolean {
  return begins.length + dones.length + claims.length + failures.length > 0
}

function isLater({ last_ts }: FileFacts, up: string, ms: number): boolean {
  return Date.parse(last_ts) - Date.parse(up) > ms
}
