import { endOfDigits } from './digits.ts'
import { DAY_SECONDS, daysFromCivil } from './instant.ts'
import { Part, TimeKind, type TimeParts } from './time-layout.ts'
import { readFraction } from './time-of-day.ts'

/** µs are exact in a double up to the year 2255. */
export const LAST_YEAR = 2199
const LAST_DAY = daysFromCivil(LAST_YEAR, 12, 31)
const SPACE = 32

/** Reads seconds since the epoch, 1973 to 2199, with an optional fraction; returns where they end, or -1. */
export function readEpoch(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  const stop = endOfDigits(bytes, at, end, 11)
  if (stop - at < 9 || stop - at > 10) return -1
  let seconds = 0
  for (let i = at; i < stop; i++) seconds = seconds * 10 + (bytes[i] as number) - 48
  const days = Math.floor(seconds / DAY_SECONDS)
  if (days > LAST_DAY) return -1
  parts[Part.kind] = TimeKind.epoch
  parts[Part.days] = days
  parts[Part.hour] = 0
  parts[Part.minute] = 0
  parts[Part.second] = seconds - days * DAY_SECONDS
  return readFraction(bytes, stop, end, parts)
}

/** Reads seconds since the machine started, padded on the left, always with a fraction; returns where they end, or -1. */
export function readUptime(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  let begin = at
  while (begin < end && begin < at + 8 && bytes[begin] === SPACE) begin++
  const stop = endOfDigits(bytes, begin, end, 9)
  if (stop === begin) return -1
  parts[Part.kind] = TimeKind.uptime
  const last = readFraction(bytes, stop, end, parts)
  return last === stop ? -1 : last
}
