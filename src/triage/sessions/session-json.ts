import type { SessionRow } from '../../store/session-query.ts'
import type { WaitJson } from '../diagnosis/absence/waiting.ts'
import type { DiagnosisJson } from '../diagnosis/diagnosis-json.ts'
import type { Status } from '../diagnosis/status.ts'
import { nameOf } from '../diagnosis/story.ts'

/** A desktop in a list, or a host without one; keys as in the command's `--json`. */
export type SessionJson = {
  readonly session: string
  readonly cluster: string
  readonly owner: string
  readonly name: string
  readonly attempts: number
  readonly host: string
  readonly profile: string
  readonly os: 'linux' | 'windows'
  readonly status: Status
  readonly phase: string
  readonly first_seen: string
  readonly last_seen: string
  readonly failures: number
  readonly last_rule_id: string
  /** What is wrong, if anything. */
  readonly verdict_title?: string
  /** What a stalled desktop is waiting for. */
  readonly waits_for?: WaitJson
  /** The portal's own term, or `inactive`. */
  readonly portal_state?: string
}

/** A desktop, from its row and the diagnosis of its last attempt. */
export function sessionJson(row: SessionRow, diagnosis: DiagnosisJson | undefined): SessionJson {
  const { cluster, owner, name, attempts, host, profile, first_seen, last_seen, failures } = row
  const title = diagnosis?.verdict?.title
  const waits_for = diagnosis?.waits_for
  return {
    ...{
      session: nameOf(row),
      cluster,
      owner,
      name,
      attempts: Math.max(attempts, diagnosis?.attempt ?? 0),
      host: diagnosis?.host || host,
      profile,
    },
    os: diagnosis?.os ?? (row.windows > 0 ? 'windows' : 'linux'),
    status: diagnosis?.status ?? 'unknown',
    phase: diagnosis?.verdict?.phase ?? (diagnosis && reachedIn(diagnosis)) ?? row.phase,
    ...{ first_seen, last_seen, failures: Math.max(failures, failuresIn(diagnosis)) },
    last_rule_id: diagnosis?.verdict?.rule_id ?? row.last_rule_id,
    ...(title === undefined ? {} : { verdict_title: title }),
    ...(waits_for === undefined ? {} : { waits_for }),
  }
}

/** A desktop that only the portal names, with the diagnosis of the machine whose logs turned out to be its own. */
export function withDiagnosis(session: SessionJson, diagnosis: DiagnosisJson | undefined): SessionJson {
  if (diagnosis === undefined || diagnosis.phases.length === 0) return session
  const { host, status, verdict, waits_for } = diagnosis
  return {
    ...session,
    ...{ host: host || session.host, status, failures: failuresIn(diagnosis) },
    phase: verdict?.phase ?? reachedIn(diagnosis) ?? '',
    last_rule_id: verdict?.rule_id ?? '',
    ...(verdict === undefined ? {} : { verdict_title: verdict.title }),
    ...(waits_for === undefined ? {} : { waits_for }),
  }
}

/** Includes what others wrote about a desktop, if it is why the desktop failed. */
function failuresIn(diagnosis: DiagnosisJson | undefined): number {
  if (diagnosis?.status !== 'failed' || diagnosis.evidence.length === 0) return 0
  const { again, consequences, before, beside } = diagnosis
  return [...consequences, ...before, ...beside].reduce((sum, { count }) => sum + count, again + 1)
}

/** The phase that runs; if none does, the last one with any sign of it: other machines may be done before the desktop is. */
function reachedIn({ phases }: DiagnosisJson): string | undefined {
  const running = phases.findLast(({ state }) => state === 'running')
  return (running ?? phases.findLast(({ state }) => state === 'done' || state === 'failed'))?.phase
}
