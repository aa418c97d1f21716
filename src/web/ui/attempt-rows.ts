import type { EventJson } from '../../event-json.ts'
import type { DiagnosisJson } from '../../triage/diagnosis/diagnosis-json.ts'

/**
 * The rows of one attempt: those of its host, and those of other machines from its first sign until that of the next
 * attempt.
 */
export function rowsOfAttempt(
  rows: readonly EventJson[],
  attempts: readonly DiagnosisJson[],
  number: number,
): readonly EventJson[] {
  if (attempts.length < 2) return rows
  const diagnosis = attempts.find(({ attempt }) => attempt === number)
  if (diagnosis === undefined) return rows
  const hosts = new Set(attempts.map(({ host }) => host))
  const begin = firstSign(rows, diagnosis)
  const end = attempts
    .filter(({ attempt }) => attempt > number)
    .map((next) => firstSign(rows, next))
    .sort()[0]
  return rows.filter(({ ts, host = '' }) =>
    hosts.has(host) && host !== '' ? host === diagnosis.host : ts >= begin && (end === undefined || ts < end),
  )
}

function firstSign(rows: readonly EventJson[], { host, phases }: DiagnosisJson): string {
  const starts = phases.flatMap(({ start }) => start ?? [])
  const own = rows.find((row) => row.host === host)?.ts
  return [...starts, ...(own === undefined ? [] : [own])].sort()[0] ?? ''
}
