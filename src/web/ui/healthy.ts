import type { DiagnosisJson } from '../../triage/diagnosis/diagnosis-json.ts'
import type { SessionItem } from './answers.ts'

/** A desktop or attempt to compare with: its name, state and traits. */
export type Comparable = {
  /** `owner/name`, or `owner/name attempt 2` if it is not the last attempt. */
  readonly name: string
  readonly status: SessionItem['status']
  readonly profile: string
}

/**
 * What an attempt may be compared with, most useful first: ready desktops of the same product and system, its own earlier
 * attempts that were ready, other ready desktops, then all others.
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

/** The desktop and the attempt that a name stands for; without an attempt, it is the last. */
export function comparedName(name: string): { readonly session: string; readonly attempt?: number } {
  const [, session, attempt] = /^(.+) attempt (\d{1,6})$/.exec(name) ?? []
  return session === undefined ? { session: name } : { session, attempt: Number(attempt) }
}
