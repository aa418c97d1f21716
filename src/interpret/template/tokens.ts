import { withoutBrackets } from './brackets.ts'
import { inContext, repeatsSize } from './context.ts'
import { cut, type Pieces } from './cut.ts'
import { withoutDetails } from './details.ts'
import { withoutDumps } from './dumps.ts'
import { withoutHabits } from './habits.ts'
import { withoutLongValues } from './long-values.ts'
import { isMask } from './mask.ts'
import { withoutNames } from './named-things.ts'
import { inPairs } from './pairs.ts'
import { inQuotes } from './quotes.ts'
import { addMask, newRow, type Row, valueIn } from './row.ts'
import { masked } from './word-mask.ts'

/** Cuts a line into words, masks its values, and merges adjacent masks. */
export type Tokenize = (line: string) => Pieces

const MAX_CACHED = 50_000
/** Texts with digits, and longer ones, are rarely repeated: caching them costs more than cutting them. */
const MAX_CACHED_LENGTH = 120
/** `key= `, with nothing behind it. */
const NO_VALUE = /^=[\s;,)]/
const ZERO = 48
const NINE = 57
const SPACE = 32
const EQUALS = 61
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
    const line = withoutNames(
      withoutBrackets(withoutHabits(withoutLongValues(withoutDumps(withoutDetails(whole))))),
    )
    const row = newRow(line)
    while (row.at < line.length) {
      while (isSpace(line.charCodeAt(row.at))) row.at++
      const from = row.at
      row.at = endOfText(line, from)
      const text = line.slice(from, row.at)
      addAll(row, isSeldom(text) ? cut(text) : cutOf(text))
    }
    if (row.words.length === 1 && row.words[0] === '<*>') row.words[0] = lettersOf(line)
    return row
  }
}

/** Adds the words of a text without spaces. */
function addAll(row: Row, { words, seps }: Pieces): void {
  const before = row.seps[row.words.length] as string
  row.seps[row.words.length] = row.words.length > 0 ? `${before} ${seps[0]}` : before + seps[0]
  let isOpen = false
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    isOpen = i > 0 && isInValue(seps, i, isOpen)
    const goesOn = isOpen && !endsWithEquals(seps[i] as string)
    add(row, goesOn ? valueIn(word) : word, seps[i + 1] as string)
  }
}

/** `groups=wheel,adm:x`: is this word part of what a key equals? */
function isInValue(seps: readonly string[], at: number, isOpen: boolean): boolean {
  const between = seps[at] as string
  if (endsWithEquals(between)) return true
  return isOpen && (between === ',' || between === ':') && seps[at + 1]?.charCodeAt(0) !== EQUALS
}

function endsWithEquals(between: string): boolean {
  return between.charCodeAt(between.length - 1) === EQUALS
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
function ownText(text: string): string {
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

function add(row: Row, word: string, after: string): void {
  const { words, seps } = row
  const previous = words.at(-1) ?? ''
  const between = seps[words.length] as string
  if (repeatsSize(previous, between, word)) {
    const close = after.indexOf(')')
    seps[words.length] = close < 0 ? between + after : after.slice(close + 1)
    return
  }
  if (between.charCodeAt(0) === EQUALS && previous !== '' && NO_VALUE.test(between)) {
    seps[words.length] = '='
    addMask(row, '<*>', between.slice(1))
    add(row, word, after)
    return
  }
  const isStep = isArrow(between)
  if (isStep) openLast(row)
  const now = isStep
    ? valueIn(word)
    : (inQuotes(row, between, word, after) ??
      inPairs(row, between, word, after) ??
      inContext(previous, between, word))
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

function openLast({ words }: Row): void {
  const last = words.length - 1
  if (last >= 0) words[last] = valueIn(words[last] as string)
}
