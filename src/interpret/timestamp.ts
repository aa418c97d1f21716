import { DAY_SECONDS, daysFromCivil, isLeap, NO_OFFSET } from './instant.ts'
import { After, Part, TimeKind, type TimeLayout, type TimeParts, Token } from './time-layout.ts'

const MONTHS = packed('jan feb mar apr may jun jul aug sep oct nov dec')
const WEEKDAYS = packed('mon tue wed thu fri sat sun')
const MONTH_DAYS = Uint8Array.of(0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
/** µs are exact in a double up to the year 2255. */
const FIRST_YEAR = 1970
const LAST_YEAR = 2199
const LAST_DAY = daysFromCivil(LAST_YEAR, 12, 31)
const SPACE = 32
const COLON = 58
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

function readDigits(bytes: Uint8Array, at: number, end: number, what: number, parts: TimeParts): number {
  const stop = at + (what & 15)
  if (stop > end) return -1
  let value = 0
  for (let i = at; i < stop; i++) {
    const digit = (bytes[i] as number) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  const part = what >> 4
  parts[part] = part === Part.micros && stop - at === 3 ? value * 1000 : value
  return stop
}

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

/** The commonest shape, read in one go. */
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

function readClock(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  if (end - at < 8 || bytes[at + 2] !== COLON || bytes[at + 5] !== COLON) return -1
  const hour = twoDigits(bytes, at)
  const minute = twoDigits(bytes, at + 3)
  const second = twoDigits(bytes, at + 6)
  parts[Part.hour] = hour
  parts[Part.minute] = minute
  parts[Part.second] = second
  return (hour | minute | second) < 0 ? -1 : at + 8
}

/** An hour of one digit is preceded by a space. */
function readPaddedClock(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  if (at >= end || bytes[at] !== SPACE) return readClock(bytes, at, end, parts)
  if (end - at < 8 || bytes[at + 2] !== COLON || bytes[at + 5] !== COLON) return -1
  const minute = twoDigits(bytes, at + 3)
  const second = twoDigits(bytes, at + 6)
  parts[Part.minute] = minute
  parts[Part.second] = second
  if ((minute | second) < 0) return -1
  return readDigits(bytes, at + 1, end, (Part.hour << 4) | 1, parts) < 0 ? -1 : at + 8
}

/** Index of a three-letter name, in any case. */
function readName(bytes: Uint8Array, at: number, end: number, names: Int32Array): number {
  if (end - at < 3) return -1
  const first = (bytes[at] as number) | 0x20
  const second = (bytes[at + 1] as number) | 0x20
  return names.indexOf((first << 16) | (second << 8) | (bytes[at + 2] as number) | 0x20)
}

function readPaddedDay(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  const begin = at < end && bytes[at] === SPACE ? at + 1 : at
  const stop = endOfDigits(bytes, begin, end, 2)
  return stop === begin ? -1 : readDigits(bytes, begin, end, (Part.day << 4) | (stop - begin), parts)
}

/** `Z`, `+02:00` or `+0200`. */
function readZone(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  if (at >= end) return -1
  const sign = bytes[at]
  if (sign === 90) {
    parts[Part.offset] = 0
    return at + 1
  }
  if (sign !== 43 && sign !== 45) return -1
  const colon = at + 3 < end && bytes[at + 3] === COLON ? 1 : 0
  if (endOfDigits(bytes, at + 1, end, 2) !== at + 3) return -1
  const stop = at + 5 + colon
  if (endOfDigits(bytes, stop - 2, end, 2) !== stop) return -1
  const hours = twoDigits(bytes, at + 1)
  const minutes = twoDigits(bytes, stop - 2)
  if (hours > 23 || minutes > 59) return -1
  parts[Part.offset] = (hours * 60 + minutes) * (sign === 45 ? -1 : 1)
  return stop
}

/** A comma or a dot and one to nine digits, or nothing; digits below a µs are dropped. */
function readFraction(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  if (at >= end || (bytes[at] !== 44 && bytes[at] !== 46)) return at
  const stop = endOfDigits(bytes, at + 1, end, 9)
  if (stop === at + 1) return at
  let micros = 0
  for (let i = at + 1; i <= at + 6; i++) micros = micros * 10 + (i < stop ? (bytes[i] as number) - 48 : 0)
  parts[Part.micros] = micros
  return stop
}

/** Seconds since the epoch, 1973 to 2199, with an optional fraction. */
function readEpoch(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
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

/** Seconds since the machine started, padded on the left, always with a fraction. */
function readUptime(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  let begin = at
  while (begin < end && begin < at + 8 && bytes[begin] === SPACE) begin++
  const stop = endOfDigits(bytes, begin, end, 9)
  if (stop === begin) return -1
  parts[Part.kind] = TimeKind.uptime
  const last = readFraction(bytes, stop, end, parts)
  return last === stop ? -1 : last
}

function endOfDigits(bytes: Uint8Array, at: number, end: number, most: number): number {
  const stop = Math.min(end, at + most)
  let i = at
  while (i < stop && (bytes[i] as number) >= 48 && (bytes[i] as number) <= 57) i++
  return i
}

/** -1 if a byte is not a digit. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48
  const ones = (bytes[at + 1] as number) - 48
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : tens * 10 + ones
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

function packed(names: string): Int32Array {
  return Int32Array.from(names.split(' '), (name) => Buffer.from(name).readUIntBE(0, 3))
}
