import { usageError } from '../errors.ts'
import { instant, timeOf } from '../triage/parameters.ts'

/** The zone in which times are read and shown: that of this machine, or UTC. */
type Zoned = { readonly utc?: boolean }

const WRITTEN = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:[.,]\d{1,9})?)?)? ?(Z|[+-]\d\d(?::?\d\d)?)?$/

/** The text about times in `--help`. */
export const TIMES = '30m, 2h, 7d ago, or a time (local unless it names a zone; with --utc in UTC)'
/** The same for commands that show no times. */
export const LOCAL_TIMES = '30m, 2h, 7d ago, or a time (local unless it names a zone)'

/**
 * Converts `2h` or `7d` (ago), or a time, to ISO 8601 in UTC. A time without a zone is in the zone in which times are shown,
 * so that printed times can be given back.
 */
export function pointInTime(
  option: string,
  value: string | undefined,
  nowMs: number,
  zoned: Zoned = {},
): string | undefined {
  if (value === undefined) return undefined
  const time = writtenTime(value, zoned) ?? timeOf(value, nowMs)
  if (instant.safeParse(time).success) return time
  throw usageError(
    'E_OPTION',
    `--${option} ${value} is not a time`,
    'Use 30m, 2h, 7d or 2026-01-31T08:00:00Z.',
  )
}

function writtenTime(value: string, { utc }: Zoned): string | undefined {
  const [, day, minutes = '00:00', seconds = ':00', zone] = WRITTEN.exec(value) ?? []
  if (day === undefined) return undefined
  const clock = `${day}T${minutes}${seconds.replace(',', '.')}`
  // Only the strict form rejects 31 February.
  if (!instant.safeParse(`${clock}Z`).success) return undefined
  const offset =
    zone === undefined && utc === true ? 'Z' : (zone ?? '').replace(/^([+-]\d\d):?(\d\d)?$/, '$1:$2')
  const date = new Date(clock + (offset.endsWith(':') ? `${offset}00` : offset))
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/** Converts `2h` or `7d` (from now), or a time, which must be in the future. */
export function futureTime(
  option: string,
  value: string | undefined,
  nowMs: number,
  zoned: Zoned = {},
): string | undefined {
  const at = pointInTime(option, value, nowMs, zoned)
  if (at === undefined || value === undefined) return undefined
  const ms = value.includes('-') || value.includes(':') ? Date.parse(at) : 2 * nowMs - Date.parse(at)
  if (ms > nowMs) return new Date(ms).toISOString()
  throw usageError('E_OPTION', `--${option} ${value} is in the past`, 'Use 2h, 7d or a time in the future.')
}
