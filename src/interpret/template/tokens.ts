import { inContext, isDatePart, leadsValue, repeatsSize } from './context.ts'
import { cut, type Pieces } from './cut.ts'
import { withoutDumps } from './dumps.ts'
import { isMask, masked } from './entities.ts'
import { isProtected } from './protected-words.ts'

/** Cuts a line into words, masks its values, and merges adjacent masks. */
export type Tokenize = (line: string) => Pieces

const MAX_CACHED = 50_000
/** Texts with digits, and longer ones, are rarely repeated: caching them costs more than cutting them. */
const MAX_CACHED_LENGTH = 120
/** `key="` or `key='*`: what follows is a value up to the next quote. */
const OPENS_VALUE = /=(["'])[^"']*$/
const ZERO = 48
const NINE = 57
const SPACE = 32
const TAB = 9

/** Makes a tokenizer; it caches what it has cut, up to a bound. */
export function createTokenizer(): Tokenize {
  const cuts = new Map<string, Pieces>()
  const cutOf = (text: string): Pieces => {
    const known = cuts.get(text)
    if (known !== undefined) return known
    const pieces = cut(text)
    if (cuts.size >= MAX_CACHED) cuts.clear()
    cuts.set(ownText(text), pieces)
    return pieces
  }
  return (whole) => {
    const line = withoutDumps(whole)
    const row = newRow()
    for (let at = 0; at < line.length; ) {
      while (isSpace(line.charCodeAt(at))) at++
      const from = at
      at = endOfText(line, from)
      const text = line.slice(from, at)
      const { words, seps } = isSeldom(text) ? cut(text) : cutOf(text)
      const before = row.seps[row.words.length] as string
      row.seps[row.words.length] = row.words.length > 0 ? `${before} ${seps[0]}` : before + seps[0]
      for (let i = 0; i < words.length; i++) add(row, words[i] as string, seps[i + 1] as string)
    }
    if (row.words.length === 1 && row.words[0] === '<*>') row.words[0] = lettersOf(line)
    return row
  }
}

function endOfText(line: string, from: number): number {
  let at = from
  while (at < line.length && !isSpace(line.charCodeAt(at))) at++
  return at
}

function isSeldom(text: string): boolean {
  if (text.length > MAX_CACHED_LENGTH) return true
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= ZERO && code <= NINE) return true
  }
  return false
}

/** A copy that does not keep alive the text from which it was cut. */
export function ownText(text: string): string {
  return ` ${text}`.slice(1)
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB
}

/** A line of nothing but values is identified by its leading letters. */
function lettersOf(line: string): string {
  const letters = /^[^A-Za-z\d<>]*([A-Za-z]{1,40})/.exec(line)?.[1]
  return letters !== undefined && masked(letters) === letters ? letters : '<*>'
}

/** A line while it is being assembled. */
type Row = { words: string[]; seps: string[]; openQuote: string }

function newRow(): Row {
  return { words: [], seps: [''], openQuote: '' }
}

function add(row: Row, word: string, after: string): void {
  const { words, seps } = row
  const previous = words.at(-1) ?? ''
  const between = seps[words.length] as string
  if (repeatsSize(previous, between, word)) {
    const close = after.indexOf(')')
    seps[words.length] = close < 0 ? between + after : after.slice(close + 1)
    return
  }
  const isStep = isArrow(between)
  if (isStep) openLast(row)
  const now = isStep
    ? valueIn(word)
    : (inQuotes(row, between, word, after) ?? inContext(previous, between, word))
  if (isMask(now)) {
    addMask(row, now, after)
    return
  }
  words.push(now)
  seps.push(after)
}

/** `prepare -> config`: what is on both sides of an arrow are values of the same thing. */
function isArrow(between: string): boolean {
  return between.length > 2 && between.trim() === '->'
}

function valueIn(word: string): string {
  return isProtected(word) || isMask(word) ? word : '<*>'
}

function openLast({ words }: Row): void {
  const last = words.length - 1
  if (last >= 0) words[last] = valueIn(words[last] as string)
}

/** `key="some words"` is one value; undefined for a word that is in none. */
function inQuotes(row: Row, between: string, word: string, after: string): string | undefined {
  if (row.openQuote === '' && between.length > 1) row.openQuote = OPENS_VALUE.exec(between)?.[1] ?? ''
  if (row.openQuote === '') return undefined
  if (after.includes(row.openQuote)) row.openQuote = ''
  return valueIn(word)
}

/** Adds a value: adjacent values are merged, and `x 1 x 2` says no more than `x 1`. */
function addMask({ words, seps }: Row, mask: string, after: string): void {
  let now = mask
  while (words.length > 0 && leadsValue(words.at(-1) as string, seps[words.length] as string)) {
    const part = words.pop() as string
    seps.pop()
    now = isDatePart(part) ? both('<time>', now) : '<*>'
  }
  const last = words.length - 1
  if (last >= 2 && words[last] === words[last - 2] && isMask(words[last - 1] as string)) {
    words.length -= 2
    seps.length -= 2
  } else if (last < 0 || !isMask(words[last] as string)) {
    words.push(now)
    seps.push(after)
    return
  }
  // The last word, or the one before it, has become a value: the new value joins it.
  joinMask(words, seps, now, after)
}

function joinMask(words: string[], seps: string[], now: string, after: string): void {
  const last = words.length - 1
  if (isMask(words[last] as string)) {
    words[last] = both(words[last] as string, now)
    seps[last + 1] = after
    return
  }
  words.push(now)
  seps.push(after)
}

/** The kind of two adjacent values. */
function both(a: string, b: string): string {
  if (a === b) return a
  const isTime = (a === '<time>' && b === '<num>') || (a === '<num>' && b === '<time>')
  return isTime ? '<time>' : '<*>'
}
