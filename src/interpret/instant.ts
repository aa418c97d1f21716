import { Part, TimeKind, type TimeParts } from './time-layout.ts'
import type { Zone } from './zone.ts'

/** What is needed to place a file's times: the zone of its clock, and when it was last written (for times without a year). */
export type TimeContext = { readonly zone: Zone; readonly mtimeMs: number }

/** `Part.offset` if no zone was written. */
export const NO_OFFSET = -0x8000
export const DAY_SECONDS = 86_400
const DAY_MS = 86_400_000
/** Leap years can be eight years apart (1896, 1904). */
const LEAP_GAP = 8
/** Marks a time without a day. */
const NO_DAY = -1_000_000

/** Local time minus UTC in the quarter of an hour of the last time. Zones change only at quarters of an hour. */
const last = { zone: undefined as Zone | undefined, quarter: 0, offset: Number.NaN }

/**
 * Sets `out.ts` to the instant of parts that `readTime` accepted, in µs since the epoch; NaN for an uptime. Numbers this
 * large are allocated when passed between functions: hence no result, and a single function.
 */
export function setTime(parts: TimeParts, context: TimeContext, out: { ts: number }): void {
  const kind = parts[Part.kind] as number
  const days =
    kind === TimeKind.dated ? dayInYear(parts, parts[Part.year] as number) : otherDay(kind, parts, context)
  const second = secondOfDay(parts)
  const local = (days * DAY_SECONDS + second) * 1_000_000 + (parts[Part.micros] as number)
  const minutes = parts[Part.offset] as number
  if (days === NO_DAY) out.ts = Number.NaN
  else if (minutes !== NO_OFFSET) out.ts = local - minutes * 60_000_000
  else if (kind === TimeKind.epoch) out.ts = local
  else {
    const quarter = days * 96 + ((second / 900) | 0)
    if (quarter !== last.quarter || context.zone !== last.zone) {
      last.zone = context.zone
      last.quarter = quarter
      last.offset = local - context.zone.toUtcMicros(local)
    }
    out.ts = local - last.offset
  }
}

function otherDay(kind: number, parts: TimeParts, context: TimeContext): number {
  if (kind === TimeKind.yearless) return latestDay(parts, context)
  return kind === TimeKind.epoch ? (parts[Part.days] as number) : NO_DAY
}

/** The day of a time without a year: in the latest year in which it is at most a day after the file was last written. */
function latestDay(parts: TimeParts, context: TimeContext): number {
  const limitMs = context.mtimeMs + DAY_MS
  const limitDay = Math.floor(limitMs / DAY_MS)
  const highest = 1970 + Math.ceil((limitDay + 2) / 365)
  for (let year = highest; year >= highest - LEAP_GAP - 2; year--) {
    if (parts[Part.month] === 2 && parts[Part.day] === 29 && !isLeap(year)) continue
    const day = dayInYear(parts, year)
    // A zone shifts a time by at most a day, so only these days need the exact comparison.
    if (day < limitDay - 1) return day
    if (day > limitDay + 1) continue
    const local = (day * DAY_SECONDS + secondOfDay(parts)) * 1_000_000 + (parts[Part.micros] as number)
    if (context.zone.toUtcMicros(local) <= limitMs * 1000) return day
  }
  return NO_DAY
}

function dayInYear(parts: TimeParts, year: number): number {
  return daysFromCivil(year, parts[Part.month] as number, parts[Part.day] as number)
}

/** Does this year have a 29 February? */
export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Days since the epoch for a Gregorian date; years begin in March here, so that leap days come last. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const dayOfYear = (((month + 9) % 12) * 153 + 2) / 5
  const days = 365 * y + (y >> 2) - ((y / 100) | 0) + ((y / 400) | 0)
  return days + (dayOfYear | 0) + day - 719_469
}

function secondOfDay(parts: TimeParts): number {
  const minutes = (parts[Part.hour] as number) * 60 + (parts[Part.minute] as number)
  return minutes * 60 + (parts[Part.second] as number)
}
