import type { PortalSession } from '../../portal/portal-session.ts'
import { type VerdictJson, verdictOfAbsence, type Wording } from '../cause/verdict.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import type { Status } from '../status.ts'
import { portalJson } from './portal-json.ts'

/** What a desktop without logs is judged by: the words of the rules, the time, and whether its logs would have been read. */
export type PortalContext = Omit<Wording, 'profile'> & {
  readonly nowMs: number
  /** Is a folder read in which the logs of new desktops appear? */
  readonly readsDesktops: boolean
}

/** Rules for a desktop without logs: its instance wrote nothing, it has no instance, or the portal gave it up. */
const NO_FOLDER = 'absence-log-folder'
const NO_INSTANCE = 'absence-instance'
const GIVEN_UP = 'watch-session-error'

/** By then a new desktop has created its log folder. */
const SOON_MS = 10 * 60_000
/** How long a Windows desktop may take to start. It writes nothing where others can read it. */
const WINDOWS_MS = 45 * 60_000

const WINDOWS_LOGS =
  String.raw`Windows keeps its logs on the host: C:\ProgramData\EDH or SOCA, up to 25.1 ` +
  String.raw`C:\ProgramData\Amazon\EC2-Windows\Launch\Log`

/** The diagnosis of a desktop that only the portal knows. */
export function diagnosisWithoutLogs(
  row: PortalSession,
  attempt: number,
  context: PortalContext,
): DiagnosisJson {
  const status = statusOf(row, context)
  const verdict = status === 'failed' ? verdictOn(row, context) : undefined
  const where = row.os === 'windows' ? `. ${WINDOWS_LOGS}` : ''
  const reason = `no log of it was read; the portal says ${row.state}${where}`
  return {
    session: `${row.owner}/${row.name}`,
    attempt,
    ...{ host: row.host, instance: row.instance, session_uuid: row.uuid, cluster: row.cluster },
    ...{ profile: row.profile, os: row.os, status },
    ...(verdict === undefined ? {} : { verdict }),
    ...{
      evidence: [],
      again: 0,
      consequences: [],
      before: [],
      beside: [],
      findings: [],
      phases: [],
      evidence_incomplete: false,
    },
    traits: row.instanceType === '' ? {} : { instance_type: row.instanceType },
    unexplained: [],
    not_checked: [{ source: 'bootstrap logs', reason }],
    portal: portalJson(row),
  }
}

/** Logs of Windows are never missing: they do not reach the shared storage. */
function statusOf({ state, createdAt, os }: PortalSession, { nowMs, readsDesktops }: PortalContext): Status {
  if (state === 'stopped') return 'stopped'
  const isWindows = os === 'windows'
  const isYoung = nowMs - Date.parse(createdAt) < (isWindows ? WINDOWS_MS : SOON_MS)
  if (state === 'pending' && isYoung) return 'in_progress'
  const isMissing = state === 'error' || (state === 'pending' && !isWindows)
  return isMissing && readsDesktops ? 'failed' : 'unknown'
}

function verdictOn(row: PortalSession, context: PortalContext): VerdictJson | undefined {
  const isLaunched = row.instance !== '' || row.host !== ''
  const [id, phase] = !isLaunched
    ? [NO_INSTANCE, 'launch']
    : row.os === 'windows'
      ? [GIVEN_UP, 'session']
      : [NO_FOLDER, 'user-data']
  const rule = context.ruleById.get(id)
  const captures = { session: row.uuid || row.name, instance: row.instance || row.host }
  return rule === undefined
    ? undefined
    : verdictOfAbsence(rule, phase, { ...context, profile: row.profile }, captures)
}
