import { entityAt } from './entities.ts'
import { maskAt } from './mask.ts'
import { failureIn, isProtected } from './protected-words.ts'
import { masked } from './word-mask.ts'

/** Words and what separates them: `seps[i]` precedes `words[i]`, the last one follows them all. */
export type Pieces = { readonly words: readonly string[]; readonly seps: readonly string[] }

const COLON = 58
const DASH = 45
const DOT = 46
const SLASH = 47
const LESS = 60
const PIPE = 124
const EQUALS = 61
/** A name of code within a class or a module. */
const QUALIFIED = /[A-Za-z_]\w*(?:::~?[A-Za-z_]\w*)+/y
/** Fields between numbers: `0|com.android.systemui|1|null|10`. */
const FIELDS = /\d[^\s"'<>,;()=|]*(?:\|[^\s"'<>,;()=|]*){2,20}\|\d[^\s"'<>,;()=|]*/y
/** `r00=`: the key of a register, in short. */
const REGISTER = /^[A-Za-z]{1,3}\d{1,2}$/
/** A value that would be split into several words contains one of these; so do a mask and a name of code. */
const INSIDE_VALUES = /[-:/.\\<]/
const WORDY = charSet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$%@/\\~.+-^')

/**
 * Cuts a text without spaces at `= : , ; ( ) [ ] { } < > " ' |` and the like, and masks values by their form. Full stops,
 * dashes around a word and rows of dots are not part of a word.
 */
export function cut(text: string): Pieces {
  const words: string[] = []
  const seps: string[] = ['']
  const add = (word: string) => {
    words.push(word)
    seps.push('')
  }
  const mayHold = { values: INSIDE_VALUES.test(text), fields: text.includes('|'), names: text.includes('::') }
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    const digits = digitsAt(text, at)
    if (digits > at) {
      add('<num>')
      at = digits
      continue
    }
    const whole = wholeAt(text, at, code, mayHold)
    if (whole !== undefined) {
      add(whole.mask)
      at = whole.end
    } else if (isWordy(code)) {
      const end = endOfWord(text, at)
      const { begin, stop } = trimmed(text, at, end)
      seps[words.length] += text.slice(at, begin)
      if (begin < stop) add(wordAt(text, begin, stop, seps[words.length] as string))
      seps[words.length] += text.slice(stop, end)
      at = end
    } else {
      seps[words.length] += text.charAt(at)
      at++
    }
  }
  return { words, seps }
}

/** The end of a plain number that begins at `at`; `at` itself if there is none. */
function digitsAt(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at++
  const next = text.charCodeAt(at)
  if (next === PIPE && fieldsAt(text, from) !== undefined) return from
  return at === text.length || (next !== COLON && !isWordy(next)) ? at : from
}

/** What a text may contain, judged once, since most contain none of it. */
type MayHold = { readonly values: boolean; readonly fields: boolean; readonly names: boolean }
type Whole = { readonly end: number; readonly mask: string }

/** Finds what begins at `at` and is one although it contains characters at which words are split. */
function wholeAt(
  text: string,
  at: number,
  code: number,
  { values, fields, names }: MayHold,
): Whole | undefined {
  if (!values && !fields) return undefined
  return (
    (fields ? fieldsAt(text, at) : undefined) ??
    (values ? valueAt(text, at, code) : undefined) ??
    (names ? qualifiedAt(text, at) : undefined)
  )
}

/** Finds fields, unless one tells of a failure. */
function fieldsAt(text: string, at: number): Whole | undefined {
  FIELDS.lastIndex = at
  return FIELDS.test(text) && !failureIn(text.slice(at, FIELDS.lastIndex))
    ? { end: FIELDS.lastIndex, mask: '<*>' }
    : undefined
}

/** Finds a name of code, which stays as it is. */
function qualifiedAt(text: string, at: number): Whole | undefined {
  QUALIFIED.lastIndex = at
  const name = QUALIFIED.exec(text)?.[0]
  return name === undefined ? undefined : { end: at + name.length, mask: name }
}

function valueAt(text: string, at: number, code: number): Whole | undefined {
  if (code === LESS) return maskAt(text, at)
  return isWordy(code) || code === COLON ? entityAt(text, at) : undefined
}

function endOfWord(text: string, from: number): number {
  let at = from
  while (at < text.length && isWordy(text.charCodeAt(at)) && !isEllipsis(text, at)) at++
  while (at > from && text.charCodeAt(at) === DOT) at++
  if (at === from) while (text.charCodeAt(at) === DOT) at++
  return at
}

function trimmed(text: string, from: number, end: number): { begin: number; stop: number } {
  let begin = from
  let stop = end
  if (isAxis(text.slice(from, end))) return { begin, stop }
  while (stop > begin && (text.charCodeAt(stop - 1) === DOT || text.charCodeAt(stop - 1) === DASH)) stop--
  while (begin < stop && text.charCodeAt(begin) === DASH) begin++
  return { begin, stop }
}

function wordAt(text: string, begin: number, stop: number, before: string): string {
  const word = text.slice(begin, stop)
  if (isAxis(word)) return '<*>'
  // The name of a function stays, even with digits.
  if (text.startsWith('()', stop) && /^[A-Za-z]\w*$/.test(word)) return word
  if (text.charCodeAt(stop) === EQUALS && REGISTER.test(word)) return word
  const value = masked(word)
  const quote = before.at(-1)
  const isQuoted = (quote === "'" || quote === '"') && text[stop] === quote
  return isQuoted && value === word && !isProtected(word) ? '<*>' : value
}

/** `x+` and `Z-` name a direction. */
function isAxis(word: string): boolean {
  return word.length === 2 && /^[A-Za-z][+-]$/.test(word)
}

function isEllipsis(text: string, at: number): boolean {
  return text.charCodeAt(at) === DOT && text.charCodeAt(at + 1) === DOT && text.charCodeAt(at + 2) !== SLASH
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isWordy(code: number): boolean {
  return code < 128 ? WORDY[code] === 1 : code > 0xbf
}

function charSet(chars: string): Uint8Array {
  const set = new Uint8Array(128)
  for (const char of chars) set[char.charCodeAt(0)] = 1
  return set
}
