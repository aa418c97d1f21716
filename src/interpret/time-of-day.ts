import { endOfDigits, readDigits, twoDigits } from './digits.ts'
import { Part, type TimeParts } from './time-layout.ts'

const SPACE = 32
const COLON = 58

/** Reads `hh:mm:ss`; returns where it ends, or -1. */
export function readClock(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  if (end - at < 8 || bytes[at + 2] !== COLON || bytes[at + 5] !== COLON) return -1
  const hour = twoDigits(bytes, at)
  const minute = twoDigits(bytes, at + 3)
  const second = twoDigits(bytes, at + 6)
  parts[Part.hour] = hour
  parts[Part.minute] = minute
  parts[Part.second] = second
  return (hour | minute | second) < 0 ? -1 : at + 8
}

/** Reads `hh:mm:ss` in which an hour of one digit is preceded by a space; returns where it ends, or -1. */
export function readPaddedClock(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  if (at >= end || bytes[at] !== SPACE) return readClock(bytes, at, end, parts)
  if (end - at < 8 || bytes[at + 2] !== COLON || bytes[at + 5] !== COLON) return -1
  const minute = twoDigits(bytes, at + 3)
  const second = twoDigits(bytes, at + 6)
  parts[Part.minute] = minute
  parts[Part.second] = second
  if ((minute | second) < 0) return -1
  return readDigits(bytes, at + 1, end, (Part.hour << 4) | 1, parts) < 0 ? -1 : at + 8
}

/**
 * Reads a comma or a dot and one to nine digits, of which those below a µs are dropped. Returns where they end; `at` if there
 * are none.
 */
export function readFraction(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
  if (at >= end || (bytes[at] !== 44 && bytes[at] !== 46)) return at
  const stop = endOfDigits(bytes, at + 1, end, 9)
  if (stop === at + 1) return at
  let micros = 0
  for (let i = at + 1; i <= at + 6; i++) micros = micros * 10 + (i < stop ? (bytes[i] as number) - 48 : 0)
  parts[Part.micros] = micros
  return stop
}

/** Reads `Z`, `+02:00` or `+0200`; returns where it ends, or -1. */
export function readZone(bytes: Uint8Array, at: number, end: number, parts: TimeParts): number {
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
