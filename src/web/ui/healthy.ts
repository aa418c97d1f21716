import type { DiagnosisJson } from '../../triage/diagnosis/diagnose.ts'
import type { SessionItem } from './answers.ts'

/** One that a desktop may be compared with: what it is called, how it stands and what it is. */
export type Comparable = {
  /** `owner/name`, or `owner/name attempt 2` for one that is not its last. */
  readonly name: string
  readonly status: SessionItem['status']
  readonly profile: string
}

/**
 * What an attempt may be compared with, the most telling first: ready desktops of the same product and system, earlier
 * attempts of its own that were ready, other ready desktops, then all others.
 */
export function comparablesFor(
  { session, attempt, profile, os }: Pick<DiagnosisJson, 'session' | 'attempt' | 'profile' | 'os'>,
  attempts: readonly Pick<DiagnosisJson, 'attempt' | 'status' | 'profile'>[],
  sessions: readonly SessionItem[],
): Comparable[] {
  const others = sessions.filter((one) => one.session !== session)
  const own = attempts.filter((one) => one.attempt !== attempt)
  const isAlike = (one: SessionItem) => one.profile === profile && one.os === os
  const isReady = ({ status }: { readonly status: string }) => status === 'ready'
  const ofAttempt = (one: (typeof own)[number]): Comparable => ({
    name: `${session} attempt ${one.attempt}`,
    status: one.status,
    profile: one.profile,
  })
  return [
    ...others.filter((one) => isReady(one) && isAlike(one)).map(ofSession),
    ...own.filter(isReady).toReversed().map(ofAttempt),
    ...others.filter((one) => isReady(one) && !isAlike(one)).map(ofSession),
    ...own.filter((one) => !isReady(one)).map(ofAttempt),
    ...others.filter((one) => !isReady(one)).map(ofSession),
  ]
}

function ofSession({ session, status, profile }: SessionItem): Comparable {
  return { name: session, status, profile }
}

/** The desktop and the attempt that a name means; without an attempt it is the last. */
export function comparedName(name: string): { readonly session: string; readonly attempt?: number } {
  const [, session, attempt] = /^(.+) attempt (\d{1,6})$/.exec(name) ?? []
  return session === undefined ? { session: name } : { session, attempt: Number(attempt) }
}
