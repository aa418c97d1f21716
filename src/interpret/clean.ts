const TAB = 9
const NEWLINE = 10
const SPACE = 32
const TILDE = 126
const DELETE = 127
const C1_LEAD = 0xc2
const C1_END = 0xa0

/**
 * Everything from ESC to the end of a sequence: CSI; OSC and other strings with their terminator; two-byte sequences. A
 * string contains nothing that starts another, so the search for its end is never restarted from within.
 */
const SEQUENCES = [
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?/g,
  /(?:\x1b\]|\x9d)(?:[^\x07\x1b\x80-\x9f\n]*(?:\x07|\x1b\\|\x9c))?/g,
  /(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])(?:[^\x1b\x80-\x9f\n]*(?:\x1b\\|\x9c))?/g,
  /\x1b[ -/]*[0-~]?/g,
]
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g

/**
 * Does bytes[begin, end) contain anything a message must not have: ESC, carriage returns, NUL or other control characters
 * (including C1 in UTF-8)? If not, `cleanText` would change nothing.
 */
export function needsCleaning(bytes: Buffer, begin: number, end: number): boolean {
  for (let i = begin; i < end; i++) {
    const byte = bytes[i] as number
    if (byte >= SPACE && byte <= TILDE) continue
    if (byte < SPACE ? byte !== TAB && byte !== NEWLINE : byte === DELETE || isC1(bytes, i, end)) return true
  }
  return false
}

/**
 * The text as a terminal would show it: without colour and title sequences, with what was written last in each line (progress
 * bars), with lines ending in \n, and with no control characters except \n and \t.
 */
export function cleanText(text: string): string {
  if (!CONTROL.test(text)) return text
  let plain = text
  for (const sequence of SEQUENCES) plain = plain.replace(sequence, '')
  const lines = plain.includes('\r') ? plain.split('\n').map(lastWritten).join('\n') : plain
  return lines.replace(CONTROLS, '')
}

/**
 * The text after the last carriage return, not counting those at the end of the line. Without a regex, since a line of
 * nothing but \r is hostile.
 */
function lastWritten(line: string): string {
  let end = line.length
  while (end > 0 && line.charCodeAt(end - 1) === 13) end--
  return end === 0 ? '' : line.slice(line.lastIndexOf('\r', end - 1) + 1, end)
}

function isC1(bytes: Buffer, i: number, end: number): boolean {
  if (bytes[i] !== C1_LEAD || i + 1 >= end) return false
  const next = bytes[i + 1] as number
  return next >= 0x80 && next < C1_END
}
