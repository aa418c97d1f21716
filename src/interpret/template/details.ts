import { cut } from './cut.ts'
import { isMask } from './mask.ts'
import { failureIn } from './protected-words.ts'

/**
 * What a message lists after its sentence, as Windows does: `... logged off. Subject: Security ID: S-1-5-18 Account Name: bob
 * Account Domain: NT AUTHORITY`. Only the next key ends a value, which has none, one or several words, so that the list
 * counts as one value. What tells of a failure, or is a sentence, stays.
 */

/** The last word of a key; the words before it may belong to it or to the value before. */
const KEY = /(?<=\s)[A-Z][A-Za-z]*(?: \([A-Z]+\))?:(?=\s|$)/g
const LEAD = /(?<=\s|^)(?:[A-Z][a-z]+ )*$/
const SENTENCE = /[a-z)]\.\s+$/
/** So far back is looked for the words of a key, so that a hostile line takes no longer. */
const MAX_LEAD = 80
/** Fewer keys are no list. */
const MIN_KEYS = 3
/** What these keys hold is why something happened: it must not be lost. */
const WHY = /\b(?:Reason|Cause|Message|Description|Details?|Text|Result)$/
/** What is run, with its arguments. */
const OF_COMMAND = /\bCommand(?: Line)?$/
const COMMAND = /^"?(?:[A-Za-z]:)?[/\\]/
const PARENTHESES = /\([^()]*\)/g
/** A word of a sentence; the words of a value are names or numbers. */
const OF_SENTENCE = /(?<=\s|^)[a-z]+(?=[\s,;]|\.?$|\.\s)/

/** A key with its value as they are in a line. */
type Detail = { readonly name: string; readonly value: string; readonly text: string }

/** A line with its list of details replaced by the first key and a mask. */
export function withoutDetails(line: string): string {
  const begin = mayList(line) ? listIn(line) : undefined
  if (begin === undefined) return line
  let left = line.slice(0, begin)
  let isListing = false
  for (const detail of detailsIn(line.slice(begin))) {
    const wasListing = isListing
    isListing = isValue(detail)
    if (!isListing) left += detail.text
    else if (!wasListing) left += `${detail.name}: <*> `
  }
  return left.trimEnd()
}

/** A cheap check, since most lines list nothing. */
function mayList(line: string): boolean {
  let colons = 0
  for (let at = line.indexOf(': '); at >= 0; at = line.indexOf(': ', at + 1)) colons++
  return colons >= MIN_KEYS - 1 && line.includes('. ')
}

/** Where the list begins, right after a sentence. */
function listIn(line: string): number | undefined {
  const keys = [...line.matchAll(KEY)].map(({ index }) => {
    const before = line.slice(Math.max(0, index - MAX_LEAD), index)
    return { index, begin: index - (LEAD.exec(before)?.[0].length ?? 0) }
  })
  const first = keys.findIndex(({ begin }) => SENTENCE.test(line.slice(Math.max(0, begin - MAX_LEAD), begin)))
  return first >= 0 && keys.length - first >= MIN_KEYS ? keys[first]?.begin : undefined
}

function detailsIn(list: string): Detail[] {
  const keys = [...` ${list}`.matchAll(KEY)]
  let begin = 0
  return keys.map((key, at) => {
    const from = key.index - 1
    const after = from + key[0].length
    const next = (keys[at + 1]?.index ?? list.length + 1) - 1
    const end = next - leadOf(list.slice(after, next), at + 1 < keys.length).length
    const name = list.slice(begin, after - 1)
    const detail = { name, value: list.slice(after, end).trim(), text: list.slice(begin, end) }
    begin = end
    return detail
  })
}

/** The words that belong to the next key; of several that are all there is, the first is the value. */
function leadOf(text: string, hasNext: boolean): string {
  const lead = hasNext ? (LEAD.exec(text.slice(-MAX_LEAD))?.[0] ?? '') : ''
  const first = /^[A-Z][a-z]+ (?=[A-Z])/.exec(lead)?.[0] ?? ''
  return lead.length === text.trimStart().length ? lead.slice(first.length) : lead
}

function isValue({ name, value }: Detail): boolean {
  if (value === '' || isMasked(value)) return !failureIn(name)
  if (WHY.test(name) || failureIn(name) || failureIn(value)) return false
  const bare = value.replace(PARENTHESES, '').trim()
  return !bare.includes(' ') || OF_COMMAND.test(name) || COMMAND.test(bare) || !OF_SENTENCE.test(bare)
}

/** Is a value one by its form? */
function isMasked(value: string): boolean {
  if (value.includes(' ')) return false
  const { words } = cut(value)
  return words.length === 1 && words.every(isMask)
}
