const TAB = 9
const NEWLINE = 10
const SPACE = 32
const TILDE = 126
const DELETE = 127
const C1_LEAD = 0xc2
const C1_END = 0xa0

/**
 * Everything from ESC to the end of a sequence: CSI; OSC and other strings with their end; two-byte sequences. A string
 * holds nothing that begins one, so that the search for its end is never taken up again from within.
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
 * Has bytes[begin, end) what a message must not have: ESC, carriage returns, NUL or another control character (C1 in
 * UTF-8 too)? Where the answer is no, `cleanText` would change nothing.
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
 * Gives text as a terminal would have left it: without colour and title sequences, of each line what was written last
 * (progress bars), lines ending in \n, and no control character but \n and \t.
 */
export function cleanText(text: string): string {
  if (!CONTROL.test(text)) return text
  let plain = text
  for (const sequence of SEQUENCES) plain = plain.replace(sequence, '')
  const lines = plain.includes('\r') ? plain.split('\n').map(lastWritten).join('\n') : plain
  return lines.replace(CONTROLS, '')
}

/** What follows the last carriage return; those at the end of a line overwrite nothing. No regex: a line of \r alone is hostile. */
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
