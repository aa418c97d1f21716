import { LAST_YEAR, readEpoch, readUptime } from './counted-time.ts'
import { endOfDigits, readDigits, twoDigits } from './digits.ts'
import { isLeap, NO_OFFSET } from './instant.ts'
import { After, Part, TimeKind, type TimeLayout, type TimeParts, Token } from './time-layout.ts'
import { readClock, readFraction, readPaddedClock, readZone } from './time-of-day.ts'

const MONTHS = packed('jan feb mar apr may jun jul aug sep oct nov dec')
const WEEKDAYS = packed('mon tue wed thu fri sat sun')
const MONTH_DAYS = Uint8Array.of(0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
const FIRST_YEAR = 1970
const SPACE = 32
const LETTER_T = 84

/**
 * Reads a time in a layout. Returns where it ends, -1 if there is none, or `impossible(end)` if it has the shape of a time
 * but cannot be one (month 13, 25:00).
 */
export function readTime(
  layout: TimeLayout,
  bytes: Uint8Array,
  at: number,
  end: number,
  parts: TimeParts,
): number {
  const { steps } = layout
  parts[Part.micros] = 0
  parts[Part.offset] = NO_OFFSET
  parts[Part.kind] = layout.dated ? TimeKind.dated : TimeKind.yearless
  let i = at
  for (let s = 0; s < steps.length; s++) {
    const step = steps[s] as number
    if (step >= Token.digits) i = readDigits(bytes, i, end, step - Token.digits, parts)
    else if (step >= Token.moment) i = readMoment(bytes, i, end, step - Token.moment, parts)
    else if (step >= 256) i = readToken(step, bytes, i, end, parts)
    else i = i < end && bytes[i] === step ? i + 1 : -1
    if (i < 0) return -1
  }
  return isValid(parts) ? i : impossible(i)
}

/** Encodes the end of an impossible time as a number that no end is; its own inverse. */
export function impossible(end: number): number {
  return -2 - end
}

/** Reads what a token stands for; returns where it ends, or -1. */
function readToken(token: number, bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  switch (token) {
    case Token.month: {
      const month = readName(bytes, at, end, MONTHS)
      parts[Part.month] = month + 1
      return month < 0 ? -1 : at + 3
    }
    case Token.weekday:
      return readName(bytes, at, end, WEEKDAYS) < 0 ? -1 : at + 3
    case Token.paddedDay:
      return readPaddedDay(bytes, at, end, parts)
    case Token.zone:
      return readZone(bytes, at, end, parts)
    case Token.maybeZone:
      return Math.max(readZone(bytes, at, end, parts), at)
    case Token.maybeFraction:
      return readFraction(bytes, at, end, parts)
    case Token.tee:
      return at < end && (bytes[at] === LETTER_T || bytes[at] === SPACE) ? at + 1 : -1
    case Token.epoch:
      return readEpoch(bytes, at, end, parts)
    case Token.uptime:
      return readUptime(bytes, at, end, parts)
    case Token.paddedClock:
      return readPaddedClock(bytes, at, end, parts)
    default:
      return readClock(bytes, at, end, parts)
  }
}

/** Reads `YYYY-MM-DD hh:mm:ss`, the commonest shape, in one go; `shape` is what its token says beyond `Token.moment`. */
function readMoment(bytes: Uint8Array, at: number, end: number, shape: number, parts: TimeParts): number {
  const separator = shape & 127
  if (end - at < 19 || bytes[at + 4] !== separator || bytes[at + 7] !== separator) return -1
  const between = bytes[at + 10]
  if (between !== SPACE ? between !== LETTER_T || shape < After.tee : (shape & After.tee) !== 0) return -1
  const century = twoDigits(bytes, at)
  const year = twoDigits(bytes, at + 2)
  const month = twoDigits(bytes, at + 5)
  const day = twoDigits(bytes, at + 8)
  parts[Part.year] = century * 100 + year
  parts[Part.month] = month
  parts[Part.day] = day
  return (century | year | month | day) < 0 ? -1 : readClock(bytes, at + 11, end, parts)
}

/** Reads a day of one or two digits; one digit may be preceded by a space. */
function readPaddedDay(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  const begin = at < end && bytes[at] === SPACE ? at + 1 : at
  const stop = endOfDigits(bytes, begin, end, 2)
  return stop === begin ? -1 : readDigits(bytes, begin, end, (Part.day << 4) | (stop - begin), parts)
}

/** Index of a three-letter name, in any case. */
function readName(bytes: Uint8Array, at: number, end: number, names: Int32Array): number {
  if (end - at < 3) return -1
  const first = (bytes[at] as number) | 0x20
  const second = (bytes[at + 1] as number) | 0x20
  return names.indexOf((first << 16) | (second << 8) | (bytes[at + 2] as number) | 0x20)
}

/** Checks every part; a leap second becomes the last µs before it. */
function isValid(parts: TimeParts): boolean {
  const kind = parts[Part.kind]
  if (kind === TimeKind.epoch || kind === TimeKind.uptime) return true
  if ((parts[Part.hour] as number) > 23 || (parts[Part.minute] as number) > 59) return false
  const second = parts[Part.second] as number
  if (second > 60) return false
  if (second === 60) {
    parts[Part.second] = 59
    parts[Part.micros] = 999_999
  }
  const month = parts[Part.month] as number
  const day = parts[Part.day] as number
  if (month < 1 || month > 12 || day < 1 || day > (MONTH_DAYS[month] as number)) return false
  if (kind === TimeKind.yearless) return true
  const year = parts[Part.year] as number
  return year >= FIRST_YEAR && year <= LAST_YEAR && (month !== 2 || day < 29 || isLeap(year))
}

/** Names of three letters, each as the number that its bytes are. */
function packed(names: string): Int32Array {
  return Int32Array.from(names.split(' '), (name) => Buffer.from(name).readUIntBE(0, 3))
}
