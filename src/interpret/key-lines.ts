/** A part of a line: [begin, end). */
export type Part = { readonly begin: number; readonly end: number }

/** What is known of a line besides its text. */
export type AroundLine = {
  /** How many other lines may still come before parts of a key are no longer expected. */
  readonly others: number
  /** The line below ends the key, or may. */
  readonly mayBeLast: boolean
  /** A flush or a limit has cut it. */
  readonly isCut: boolean
}

/** Within a key: the lines of other writers that may come before the next part of it, counted down. */
export const IN_KEY = 8
/** Nothing is known of the line before: a key may have begun there. */
export const UNKNOWN = 1

const BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/g
const ENDS = '-----END '
const ENDS_KEY = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY/
/** A line of the head of an encrypted key, whatever a logger puts before it. */
const HEADER =
  /^(?:[^\n]{0,400}[\s"'`>|])?(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID): .{0,80}$/
/** Paths and rules of dashes are shorter, or have no letters of both kinds and digits. */
const LEAST_CLEAR = 40
/** Among the lines of a private key, a word of at least this length that is alone on its line is a part of the key. */
const LEAST_ALONE = 30

/** Does the text end within a private key? */
export function endsInKey(text: string): boolean {
  const begin = [...text.matchAll(BEGINS)].at(-1)?.index
  return begin !== undefined && !endsKey(text.slice(begin))
}

/** Is the end of a key in this line? */
export function endsKey(line: string): boolean {
  return line.includes(ENDS)
}

/** Does a key end in this line that has begun in another? */
export function endsUnbegun(line: string): boolean {
  const at = line.search(ENDS_KEY)
  return at >= 0 && !line.slice(0, at).includes('-----BEGIN ')
}

/** How many other lines may come after this one, of which a part belongs to a key or not; 0 outside of keys. */
export function othersAfter(
  line: string,
  others: number,
  { isPart, isCut }: { isPart: boolean; isCut: boolean },
) {
  if (endsInKey(line)) return IN_KEY
  if (endsKey(line)) return 0
  if (isPart) return IN_KEY
  // A line that is not whole is judged again when it is.
  return isCut ? others : Math.max(others - 1, 0)
}

/** The part of a line that belongs to the key in which the line is. */
export function partOfKey(line: string, { others, mayBeLast, isCut }: AroundLine): Part | undefined {
  if (endsKey(line)) return gluedToEnd(line)
  const word = lastWord(line)
  const isNext = others === IN_KEY
  if (word !== undefined && isBody(line, word, isNext)) return word
  if (others === UNKNOWN) return undefined
  if (HEADER.test(line)) return { begin: 0, end: line.length }
  return isCut || (mayBeLast && isNext) ? word : undefined
}

/** The part of a line above the end of a key; the line right above it may be short. */
export function partAboveEnd(line: string, isNext: boolean): Part | undefined {
  const word = lastWord(line)
  return word !== undefined && (isNext || isBody(line, word, true)) ? word : undefined
}

function isBody(line: string, { begin, end }: Part, isInKey: boolean): boolean {
  const word = line.slice(begin, end)
  if (isInKey && (word.includes('«') || (word.length >= LEAST_ALONE && line.slice(0, begin).trim() === '')))
    return true
  return word.length >= LEAST_CLEAR && [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(word))
}

/** What loggers put around a line; a backslash is that of an escaped newline or quote. */
const BEFORE = new Set([...' \t"\'`>|'])
const BEHIND = new Set([...' \t\r"\'`,;\\'])
const LONGEST_MASK = 40

/** The base64 at the end of a line, including masks in it. Without a regex, which hostile lines would keep busy. */
function lastWord(line: string): Part | undefined {
  let end = line.length
  while (end > 0 && BEHIND.has(line[end - 1] ?? '')) end--
  const begin = wordBegin(line, end)
  const isApart = begin === 0 || BEFORE.has(line[begin - 1] ?? '') || line.slice(begin, end).includes('«')
  return begin < end && isApart ? { begin, end } : undefined
}

function wordBegin(line: string, end: number): number {
  let at = end
  for (; at > 0; at--) {
    if (isBase64(line.charCodeAt(at - 1))) continue
    const mask = line[at - 1] === '»' ? line.lastIndexOf('«redacted:', at) : -1
    if (mask < 0 || at - mask > LONGEST_MASK) return at
    at = mask + 1
  }
  return at
}

/** Letters, digits, `+`, `/`, `=` and `_`. */
function isBase64(code: number): boolean {
  const letter = code | 0x20
  return (
    (letter > 0x60 && letter < 0x7b) ||
    (code > 0x2e && code < 0x3a) ||
    code === 0x2b ||
    code === 0x3d ||
    code === 0x5f
  )
}

/** What stands right before the end of a key, in the same line. */
function gluedToEnd(line: string): Part | undefined {
  let end = line.indexOf(ENDS)
  while (/\\[nr]/.test(line.slice(Math.max(0, end - 2), end))) end -= 2
  const begin = wordBegin(line, end)
  return begin < end ? { begin, end } : undefined
}
