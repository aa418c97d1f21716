import { isMethod } from './methods.ts'
import { failureIn, tellsFailure } from './protected-words.ts'
import { type Row, valueIn } from './row.ts'

/** `key="` or `key='*`: what follows is a value up to the next quote. */
const OPENS_VALUE = /=(["'])[^"']*$/
/** A phrase in quotes is a value, too, unless the line tells of a failure: then it may say what failed. */
const OPENS_PHRASE = /[\s([](["'])[^"']*$/

/** `key="some words"` is one value; undefined for a word that is in none. */
export function inQuotes(row: Row, between: string, word: string, after: string): string | undefined {
  if (row.openQuote === '' && between.length > 1) row.openQuote = quoteIn(row, between)
  if (row.openQuote === '') return undefined
  if (after.includes(row.openQuote)) row.openQuote = ''
  return isMethod(word) ? word : valueIn(word)
}

function quoteIn(row: Row, between: string): string {
  if (!between.includes('"') && !between.includes("'")) return ''
  const opened = OPENS_VALUE.exec(between)?.[1]
  const phrase = opened === undefined ? OPENS_PHRASE.exec(between)?.[1] : undefined
  if (phrase === undefined) return opened ?? ''
  row.quotesValues ??= isPaired(row.line) && !row.words.some(tellsFailure)
  const isValue = row.quotesValues && (phrase === '"' || !failureIn(row.line))
  return isValue ? phrase : ''
}

/** Is each quote closed? An apostrophe, which is in a word, is none. */
function isPaired(line: string): boolean {
  const opened = line.match(/(?<![^\s=:,([])'(?!')/g)?.length ?? 0
  const closed = line.match(/(?<!')'(?![^\s.,:;!?)\]])/g)?.length ?? 0
  if (opened !== closed) return false
  let quotes = 0
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) quotes++
  return quotes % 2 === 0
}
