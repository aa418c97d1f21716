import { usageError } from '../errors.ts'
import { timeOf } from '../triage/parameters.ts'

/** `2h` or `7d` ago, or an ISO 8601 time as it is. */
export function pointInTime(option: string, value: string | undefined, nowMs: number): string | undefined {
  if (value === undefined) return undefined
  const time = timeOf(value, nowMs)
  if (Number.isNaN(Date.parse(time))) {
    throw usageError(
      'E_OPTION',
      `--${option} ${value} is not a time`,
      'Use 30m, 2h, 7d or 2026-01-31T08:00:00Z.',
    )
  }
  return time
}

/** `2h` or `7d` from now, or an ISO 8601 time in the future. */
export function futureTime(option: string, value: string | undefined, nowMs: number): string | undefined {
  const at = pointInTime(option, value, nowMs)
  if (at === undefined || value === undefined) return undefined
  const ms = value.includes('-') || value.includes(':') ? Date.parse(at) : 2 * nowMs - Date.parse(at)
  if (ms > nowMs) return new Date(ms).toISOString()
  throw usageError('E_OPTION', `--${option} ${value} is in the past`, 'Use 2h, 7d or a time in the future.')
}
