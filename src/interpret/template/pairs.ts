import { tellsFailure } from './protected-words.ts'
import { type Row, valueIn } from './row.ts'

const YES_NO = /^(?:yes|no)$/i
const ENDS_VALUE = /^\s*(?:[,;[()\]]|$)/
const COMMA = 44

/** `current: Installed, pending: Default` are pairs of a key and a value; undefined for a word that is no value of one. */
export function inPairs(row: Row, between: string, word: string, after: string): string | undefined {
  if (between !== ': ') return undefined
  if (word.length < 4 && YES_NO.test(word)) return isEnd(row, after) ? '<bool>' : undefined
  const key = row.words.length - 1
  if (key < 1 || row.seps[key] !== ', ') return undefined
  if (after.charCodeAt(0) !== COMMA && !(after.trim() === '' && row.at >= row.line.length)) return undefined
  return isFailure(row) ? undefined : valueIn(word)
}

/** Does what is no value tell of a failure? A value like `Absent` says how something is. */
function isFailure({ words, seps }: Row): boolean {
  return words.some((word, at) => seps[at] !== ': ' && tellsFailure(word))
}

function isEnd(row: Row, after: string): boolean {
  return ENDS_VALUE.test(after + row.line.slice(row.at, row.at + 20))
}
