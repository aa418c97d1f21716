import { entityAt, maskAt, masked } from './entities.ts'
import { isProtected } from './protected-words.ts'

/** Words and what separates them: `seps[i]` precedes `words[i]`, the last one follows them all. */
export type Pieces = { readonly words: readonly string[]; readonly seps: readonly string[] }

const COLON = 58
const DASH = 45
const DOT = 46
const SLASH = 47
const LESS = 60
/** A value that would be split into several words contains one of these; so does a mask. */
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
  const mayHoldValues = INSIDE_VALUES.test(text)
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at)
    const digits = digitsAt(text, at)
    if (digits > at) {
      add('<num>')
      at = digits
      continue
    }
    const value = mayHoldValues ? valueAt(text, at, code) : undefined
    if (value !== undefined) {
      add(value.mask)
      at = value.end
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
  return at === text.length || (next !== COLON && !isWordy(next)) ? at : from
}

function valueAt(text: string, at: number, code: number) {
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
