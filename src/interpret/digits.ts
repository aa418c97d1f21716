import { Part, type TimeParts } from './time-layout.ts'

/**
 * Reads a run of digits into a part of a time; `what` is the part * 16 + the number of digits. Returns where the run ends, or
 * -1 if it is shorter. Three digits of a fraction are ms.
 */
export function readDigits(
  bytes: Uint8Array,
  at: number,
  end: number,
  what: number,
  parts: TimeParts,
): number {
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

/** Where the digits that begin at `at` end, of which at most `most` are looked at; `at` if there are none. */
export function endOfDigits(bytes: Uint8Array, at: number, end: number, most: number): number {
  const stop = Math.min(end, at + most)
  let i = at
  while (i < stop && (bytes[i] as number) >= 48 && (bytes[i] as number) <= 57) i++
  return i
}

/** The number that two digits stand for; -1 if one of them is none. Both bytes must lie within the line. */
export function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48
  const ones = (bytes[at + 1] as number) - 48
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : tens * 10 + ones
}
