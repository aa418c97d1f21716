import { isDatePart, leadsValue } from './context.ts'
import { isMask } from './mask.ts'
import { isProtected } from './protected-words.ts'

/** A line while it is being assembled: words and what separates them, as in `Pieces`. */
export type Row = {
  readonly words: string[]
  readonly seps: string[]
  readonly line: string
  /** Where the rest of the line begins, after the text whose words are added now. */
  at: number
  /** The quote within which the next word is; '' if it is in none. */
  openQuote: string
  /** Is each quoted phrase of the line a value? Undefined until somebody asks. */
  quotesValues: boolean | undefined
}

/** Lengths of what may be repeated. */
const PERIODS = [3, 4, 6]

/** Begins the assembly of a line. */
export function newRow(line: string): Row {
  return { words: [], seps: [''], line, at: 0, openQuote: '', quotesValues: undefined }
}

/** The mask of a word in the place of a value; a protected word stays. */
export function valueIn(word: string): string {
  return isProtected(word) || isMask(word) ? word : '<*>'
}

/** Adds a value: adjacent values are merged, and `x 1 x 2` says no more than `x 1`. */
export function addMask({ words, seps }: Row, mask: string, after: string): void {
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
    dropRepeat(words, seps)
    return
  }
  // The last word, or the one before it, has become a value: the new value joins it.
  joinMask(words, seps, now, after)
  dropRepeat(words, seps)
}

/** Lists of things with several values each are as long as they are: `a 1 b 2 a 1 b 2` says no more than `a 1 b 2`. */
function dropRepeat(words: string[], seps: string[]): void {
  for (const period of PERIODS) {
    const from = words.length - period
    if (from < period || !isRepeated(words, from, period)) continue
    const after = seps[words.length] as string
    words.length = from
    seps.length = from
    seps.push(after)
    return
  }
}

function isRepeated(words: readonly string[], from: number, period: number): boolean {
  for (let at = from; at < words.length; at++) {
    const [word, other] = [words[at] as string, words[at - period] as string]
    if (word !== other && !(isMask(word) && isMask(other))) return false
  }
  return true
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
