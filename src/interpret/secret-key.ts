import { isOutcome, looksSecret, looksStrong, looksTelling } from './secret-looks.ts'
import {
  type Around,
  bare,
  bareEnd,
  follows,
  isHarmless,
  REST_OF_LINE,
  reach,
  readQuoted,
  readQuotedLines,
  type Value,
} from './secret-value.ts'
import { KEY_SUFFIX, NOT_A_KEY, SEPARATORS, type Separator } from './secrets.ts'

/** A key as it occurs in the text: its name, and `head`, the name with a little of what precedes it. */
type Key = { readonly kind: string; readonly name: string; readonly head: string }
/** Reads the values at `at`; `separator` is the text between key and value. */
type Reader = (text: string, at: number, key: Key, separator: string) => Value[]

const LONGEST_NAME = 64
const HEAD = 40

const HEADED = SEPARATORS.filter(({ head }) => head !== undefined)
// Most words that could be keys occur in prose: a look at what follows decides.
const PLAIN = new RegExp(
  SEPARATORS.flatMap(({ head, pattern }) => (head ? [] : [pattern.source])).join('|'),
  'y',
)

/** Finds the secret values to which the key whose word ends at `wordEnd` leads; none if it is not a key. */
export function keyValues(text: string, wordEnd: number, kind: string): Value[] {
  if (!follows(KEY_SUFFIX, text, wordEnd)) return []
  const end = KEY_SUFFIX.lastIndex
  const begin = nameBegin(text, wordEnd)
  const key = { kind, name: text.slice(begin, wordEnd), head: text.slice(Math.max(0, begin - HEAD), wordEnd) }
  const separators = follows(PLAIN, text, end) ? SEPARATORS : HEADED
  for (const { style, pattern, head } of separators) {
    if (!follows(pattern, text, end)) continue
    const at = pattern.lastIndex
    if (head?.test(key.head) === false) continue
    return NOT_A_KEY.test(key.name) ? [] : READERS[style](text, at, key, text.slice(end, at))
  }
  return []
}

function nameBegin(text: string, wordEnd: number): number {
  const least = Math.max(0, wordEnd - LONGEST_NAME)
  let at = wordEnd
  while (at > least && isNameCode(text.charCodeAt(at - 1))) at--
  return at
}

/** Letters, digits, `_`, `-` and `.` form names. */
function isNameCode(code: number): boolean {
  const letter = code | 0x20
  return (
    (letter > 0x60 && letter < 0x7b) ||
    (code > 0x2f && code < 0x3a) ||
    code === 0x5f ||
    code === 0x2d ||
    code === 0x2e
  )
}

const TO_TAG = /[^<\n]*/y
const TO_ESCAPED_TAG = /(?:[^<&\n]|&(?!lt;))*/y

const READERS: Readonly<Record<Separator['style'], Reader>> = {
  json: readJson,
  assign: readAssigned,
  colon: readAfterColon,
  argument: readArgument,
  element: (text, at, _key, separator) =>
    kept(text, bare(at, reach(separator[0] === '&' ? TO_ESCAPED_TAG : TO_TAG, text, at)), 'data'),
  substitute: readSubstitute,
  rest: (text, at) => kept(text, restOfLine(text, at), 'data'),
  prose: readProse,
}

function kept(text: string, value: Value, around: Around): Value[] {
  return isHarmless(text, value, around) ? [] : [value]
}

const NEXT_ITEM = /\s*,\s*/y
const JSON_BARE = /[\w$+.!@#%^&*~-]/y

function readJson(text: string, at: number, _key: Key, separator: string): Value[] {
  let value = readQuotedLines(text, at)
  if (value === undefined) {
    return follows(JSON_BARE, text, at) ? kept(text, bare(at, bareEnd(text, at)), 'code') : []
  }
  const values = kept(text, value, 'data')
  const list = /[[(]/.test(separator)
  while (list && value?.closed && follows(NEXT_ITEM, text, value.next)) {
    value = readQuoted(text, NEXT_ITEM.lastIndex)
    if (value !== undefined) values.push(...kept(text, value, 'data'))
  }
  return values
}

const IN_CALL = /(?:\(\s*|,\s+)[\w.-]*$/
const IN_QUERY = /(?:[?&]|&amp;|\\u0026|%26|%3F)[\w.-]*$/
// In a shell assignment only a blank ends a bare value.
const IN_SHELL =
  /(?:^|\n|\s)(?:\++ (?:(?:export|local|declare|readonly|typeset)(?: -\w+)? )?\w+|export \w+)$|(?:^|\n)[A-Z0-9_]+$/
const QUERY_VALUE = /[^\s"'<>&#\\`]*[^\s"'<>&#\\`).,;\]}]/y

function readAssigned(text: string, at: number, key: Key, separator: string): Value[] {
  const spaced = /\s/.test(separator)
  const around = spaced || IN_CALL.test(key.head) ? 'code' : 'shell'
  // In a query a quote is written %22, and is part of the value.
  const queryEnd = IN_QUERY.test(key.head) ? reach(QUERY_VALUE, text, at) : at
  if (queryEnd > at) return kept(text, bare(at, queryEnd), around)
  const quoted = readQuotedLines(text, at)
  if (quoted !== undefined) return kept(text, quoted, around)
  if (separator.includes('==') || (around === 'code' && '([{<'.includes(text[at] ?? ' '))) return []
  const end = !spaced && IN_SHELL.test(key.head) ? reach(/\S*/y, text, at) : bareEnd(text, at)
  return kept(text, bare(at, end), around)
}

const PLAIN_NAME = /^(?:password|passwd|passphrase|token|secret)$/i
const IN_PATH = /[^\s"'(,=][/\\][\w.-]*$/
const STARTS_LINE = /(?:^|\n)\s*(?:- )?[\w.-]*$/
// The end of a line, or of the quoted text that contains the key.
const LINE_ENDS = /[ \t\r]*(?:\n|$)|\\*["'`]/y

/** A colon occurs in YAML and in prose alike: a bare value must be alone on its line or look like a secret. */
function readAfterColon(text: string, at: number, key: Key, separator: string): Value[] {
  const named = key.kind === 'password' && !PLAIN_NAME.test(key.name)
  if (IN_PATH.test(key.head)) return named ? readAfterPath(text, at) : []
  // `DefaultPassword : my pass phrase` is how PowerShell lists an object.
  if (named && /^\s/.test(separator)) return kept(text, restOfLine(text, at), 'data')
  const quoted = readQuoted(text, at)
  if (quoted !== undefined) return kept(text, quoted, 'data')
  if ('([{<'.includes(text[at] ?? ' ')) return []
  const word = bare(at, bareEnd(text, at))
  const shown = text.slice(word.begin, word.end)
  if (isOutcome(shown)) return []
  if (follows(LINE_ENDS, text, word.end)) return kept(text, word, named ? 'shell' : 'code')
  if (named && STARTS_LINE.test(key.head)) return kept(text, restOfLine(text, at), 'data')
  return looksSecret(shown) ? kept(text, word, 'shell') : []
}

/** Parameters have paths for names, and lines of files are shown with their paths: the value must look like a secret. */
function readAfterPath(text: string, at: number): Value[] {
  const word = bare(at, bareEnd(text, at))
  const alone = follows(LINE_ENDS, text, word.end)
  return alone && looksTelling(text.slice(at, word.end)) ? kept(text, word, 'data') : []
}

function restOfLine(text: string, at: number): Value {
  let end = reach(REST_OF_LINE, text, at)
  while (end > at && /\s/.test(text[end - 1] ?? '')) end--
  return bare(at, end)
}

function readArgument(text: string, at: number): Value[] {
  const quoted = readQuoted(text, at)
  if (quoted !== undefined) return kept(text, quoted, 'code')
  if ('-([{<'.includes(text[at] ?? ' ')) return []
  const word = bare(at, bareEnd(text, at))
  return isOutcome(text.slice(word.begin, word.end)) ? [] : kept(text, word, 'code')
}

/** The replacement of a sed command, up to its delimiter. */
function readSubstitute(text: string, at: number): Value[] {
  const length = text.slice(at, at + 256).search(new RegExp(`[\\n${text[at - 1] ?? ''}]|$`))
  return kept(text, bare(at, at + Math.max(length, 0)), 'data')
}

const SENTENCE_ENDS = /[.,;:)]+$/
const QUOTE_FOLLOWED = /[\s.,;:!?)\]"'`\\]|$/y

/** A password in a sentence: a single quoted word, or a word that looks like nothing else. */
function readProse(text: string, at: number, key: Key): Value[] {
  const quoted = readQuoted(text, at)
  if (quoted === undefined) {
    const whole = bare(at, bareEnd(text, at))
    const word = bare(at, whole.end - (SENTENCE_ENDS.exec(text.slice(at, whole.end))?.[0].length ?? 0))
    const shown = text.slice(at, word.end)
    const alone = key.kind === 'password' && STARTS_LINE.test(key.head) && follows(LINE_ENDS, text, whole.end)
    const least = key.kind === 'password' ? 8 : 16
    const isTelling = (looksStrong(shown) && shown.length >= least) || (alone && looksTelling(shown))
    return isTelling ? kept(text, word, 'code') : []
  }
  const shown = text.slice(quoted.begin, quoted.end)
  if (!quoted.closed || /\s/.test(shown) || isOutcome(shown)) return []
  if (!follows(QUOTE_FOLLOWED, text, quoted.next)) return []
  if (key.kind !== 'password' && !looksSecret(shown)) return []
  return kept(text, quoted, 'code')
}
