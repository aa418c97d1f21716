import { Buffer } from 'node:buffer'

/** The longest line that gets a shape, in UTF-16 units. */
const MAX_LENGTH = 1000
const MAX_BYTES = 3 * MAX_LENGTH
const ZERO = 48
const NINE = 57
const OPEN = 40

const room = Buffer.allocUnsafe(MAX_BYTES)

/**
 * What is left of a line if its digits do not count: masks ask where digits are, not which. Two lines of one shape have the
 * same template, provided that no digit is left in it. A digit stays where it counts: before an `x`, as in `0x1f`, and after
 * a parenthesis, as in `sent (250 queued)`. Undefined for long lines, which are seldom alike.
 */
export function shapeOf(line: string): string | undefined {
  if (line.length > MAX_LENGTH) return undefined
  const length = room.write(line)
  for (let at = 0; at < length; at++) {
    if (isDigit(room[at] as number) && !isTelling(at, length)) room[at] = ZERO
  }
  // Each byte becomes a character of its own: no text, but a key that is as short in memory as the line.
  return room.toString('latin1', 0, length)
}

/** Is a digit left in a text? */
export function hasDigit(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (isDigit(text.charCodeAt(at))) return true
  return false
}

function isTelling(at: number, length: number): boolean {
  const isBeforeX = at + 1 < length && ((room[at + 1] as number) | 32) === 120
  return isBeforeX || (at > 0 && room[at - 1] === OPEN)
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE
}
