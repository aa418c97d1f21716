import { socaLine } from './alb-logger.ts'
import type { Cluster } from './clusters.ts'
import { watcherFile } from './controller-logs.ts'
import type { Desktop } from './desktop.ts'
import type { Random } from './random.ts'
import { type Moment, say } from './step.ts'
import { isAsked, runsOf, type Stretch, type Take } from './take.ts'

const EVERY_MS = 60_000
const FIRST_MS = 5_000
const WATCHER = 'cluster_manager/web_interface/scheduled_tasks/virtual_desktops/session_state_watcher.py'
const TASK = 'virtual_desktops_session_state_watcher'

type Plan = {
  readonly takes: readonly Take[]
  readonly ruleMs: ReadonlyMap<string, number>
  readonly values: Random
}

/** The log of session_state_watcher.py: every minute, about every session that is not running yet. */
export function watcherLog(stretch: Stretch, plan: Plan): Moment[] {
  const { cluster } = stretch
  const isDone = (take: Take, atMs: number) => opens(take, atMs, plan) && take.desktop.answers === 'session'
  const before = plan.takes.filter((take) => isDone(take, stretch.fromMs - 1))
  const done = new Set(before.map(({ desktop }) => desktop))
  return runsOf(stretch, EVERY_MS, FIRST_MS).map((atMs) => {
    const seen = plan.takes.filter((take) => isAsked(take, atMs))
    const waiting = seen.filter(({ desktop }) => !done.has(desktop))
    const lines = seen.length === 0 ? nothing() : run(cluster, { seen, waiting, atMs, plan })
    for (const take of waiting) if (isDone(take, atMs)) done.add(take.desktop)
    const step = say(0, watcherFile(cluster), lines, {
      overMs: waiting.length === 0 ? 300 : 8_000,
    })
    return { atMs, pace: 1, step }
  })
}

function line(at: number, name: string, text: string, level = 'INFO'): string {
  return socaLine(at, WATCHER, [name, text], level)
}

function nothing(): string[] {
  return [line(865, TASK, `Scheduled Task: ${TASK}`), line(927, TASK, 'No active virtual desktops found')]
}

function named(takes: readonly Take[]): string {
  return `[${takes.map(({ desktop }) => `<VirtualDesktopSessions id=${desktop.row}>`).join(', ')}]`
}

function opens({ desktop, answersMs }: Take, atMs: number, { ruleMs }: Plan): boolean {
  const rule = ruleMs.get(desktop.host)
  // The target counts as healthy after two checks, half a minute apart.
  return answersMs !== undefined && rule !== undefined && atMs >= rule && atMs >= answersMs + 20_000
}

type Run = {
  readonly seen: readonly Take[]
  readonly waiting: readonly Take[]
  readonly atMs: number
  readonly plan: Plan
}

function run(cluster: Cluster, { seen, waiting, atMs, plan }: Run): string[] {
  const hosted = waiting.filter(({ runningMs }) => runningMs <= atMs)
  const open = hosted.filter((take) => opens(take, atMs, plan))
  const chunk = (at: number, text: string): string => line(at, 'process_chunk', text)
  return [
    line(865, TASK, `Scheduled Task: ${TASK}`),
    chunk(49, `Processing chunk ${named(seen)}`),
    chunk(63, 'Finding VDI sessions with no registered EC2 Instance on DB ...'),
    hosted.length === waiting.length
      ? chunk(81, 'All VDI sessions have active EC2 instance on DB')
      : chunk(
          72,
          `Found Sessions with no EC2 Instance: ${named(waiting.filter((take) => !hosted.includes(take)))}`,
        ),
    ...(hosted.length === 0
      ? [chunk(182, 'No VDI sessions to be changed to running')]
      : [
          chunk(
            149,
            `Found running EC2 instances but session_state are not running ${named(hosted)}, checking if DCV is healthy on these machine`,
          ),
          ...hosted.flatMap((take) => checked(cluster, take, open.includes(take))),
        ]),
    ...(open.length === 0 ? [chunk(193, 'No session to update to running')] : validated(open, plan.values)),
    line(
      921,
      TASK,
      `Scheduled task completed in ${plan.values.int(1, 12)}.${plan.values.int(10, 99)} seconds for ${seen.length} sessions`,
    ),
  ]
}

function checked(cluster: Cluster, { desktop }: Take, open: boolean): string[] {
  const url = `https://${cluster.id}-viewer-2210.${cluster.region}.elb.amazonaws.com/${desktop.host}/`
  if (!open) {
    const text = `Unable to query ${url} due to 'NoneType' object has no attribute 'headers'. This is normal is the session is still being provisioned`
    return [line(178, 'process_chunk', text, 'WARNING')]
  }
  const headers = `{'Server': 'dcv', 'Content-Type': 'text/html; charset="utf-8"'}`
  return [
    line(158, 'process_chunk', `LoadBalancer Result ${url} -> {'success': True, 'status_code': 200}`),
    line(
      164,
      'process_chunk',
      `Headers response for _session.id=${desktop.row} _session.session_uuid='${desktop.sessionUuid}': ${headers}`,
    ),
  ]
}

function validated(open: readonly Take[], values: Random): string[] {
  const text = `Found EC2 running and DCV listening for ${named(open)}, will verify if dcv describe-session is correct and update status to running`
  return [
    line(185, 'process_chunk', text),
    line(289, 'ssm_get_list_command_status', `Status command for ${values.uuid()}: Success`),
    ...open.flatMap(({ desktop }) => verdict(desktop)),
  ]
}

function verdict({ answers, instanceId, os, row, sessionUuid }: Desktop): string[] {
  const offset = os === 'windows' ? 24 : 0
  const about = `on ${instanceId} for DCV Session ${sessionUuid}`
  const received = (status: string): string =>
    line(
      431 + offset,
      'validate_dcv_session',
      `Validating <VirtualDesktopSessions id=${row}>, received ssm output ${status}`,
    )
  if (answers !== 'session') {
    const text = `DCV Session not running properly ${about}, this may be because system has just started. DCV Error state will be checked by session_error_watcher.py`
    return [received('Failed'), line(433 + offset, 'validate_dcv_session', text, 'WARNING')]
  }
  const state = `_session.id=${row} _session.session_uuid='${sessionUuid}'`
  return [
    received('Success'),
    line(
      438 + offset,
      'validate_dcv_session',
      `DCV Session running properly ${about}, changing state to running`,
    ),
    line(
      827,
      'update_virtual_desktop_state',
      `Updating state for session ${state} to running in the database, current state is pending`,
    ),
    line(
      834,
      'update_virtual_desktop_state',
      `Success: state for session ${state} to new_state='running' in the database`,
    ),
  ]
}
