import type { DiagnosisJson } from '../../triage/diagnosis/diagnose.ts'
import type { SessionItem } from './answers.ts'

/** The newest ready desktop of the same product and system; else of any. */
export function healthyFor(
  { session, profile, os }: Pick<DiagnosisJson, 'session' | 'profile' | 'os'>,
  sessions: readonly SessionItem[],
): SessionItem | undefined {
  const ready = sessions.filter((one) => one.status === 'ready' && one.session !== session)
  return ready.find((one) => one.profile === profile && one.os === os) ?? ready[0]
}
