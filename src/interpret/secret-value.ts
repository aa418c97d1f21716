/** A value as written: `closed` is false if its closing quote is not in the text. */
export type Value = {
  readonly begin: number
  readonly end: number
  /** The opening quote with its escapes; '' for a bare word. */
  readonly quote: string
  readonly closed: boolean
  /** Where the text continues after the closing quote. */
  readonly next: number
}

/** Longer values are taken for secrets without looking at them. */
const LONGEST_LOOK = 512

/** Quotes within quotes, or in another notation: they close with the same sequence. */
const QUOTE_WORDS = ["'\\''", `'"'"'`, '&quot;', '&#34;', '&#39;', '%22', '\\u0022']
const OPENER = new RegExp(`(?:[bBuUrR]{0,2}|\\$)(${QUOTE_WORDS.map(escaped).join('|')}|\\\\*["'\`])`, 'y')
const TO_WORD = new Map(QUOTE_WORDS.map((word) => [word, new RegExp(`[^\\n]*?${escaped(word)}`, 'y')]))
const TO_QUOTE: Readonly<Record<string, RegExp>> = { '"': /[^"\n]*/y, "'": /[^'\n]*/y, '`': /[^`\n]*/y }
/** Matches the rest of a line. */
export const REST_OF_LINE = /[^\n]*/y
const REOPENED = /\\''|"'"'/y
const AFTER_QUOTE = /[\s,:;)\]}|&<>"'`\\]|[.!?](?=\s|$)|\/>|$/y

function escaped(word: string): string {
  return word.replace(/\\/g, '\\\\')
}

/**
 * Reads the quoted value that opens at `at`, at any depth of escaping; undefined if none opens there. If its quote does not
 * close on its line, the value extends to the end of the line.
 */
export function readQuoted(text: string, at: number): Value | undefined {
  OPENER.lastIndex = at
  const quote = OPENER.exec(text)?.[1]
  if (quote === undefined) return undefined
  const begin = OPENER.lastIndex
  const end = /^\\*["'`]$/.test(quote) ? closingQuote(text, begin, quote) : closingWord(text, begin, quote)
  if (end >= 0) return { begin, end, quote, closed: true, next: end + quote.length }
  const stop = reach(REST_OF_LINE, text, begin)
  return { begin, end: stop, quote, closed: false, next: stop }
}

/** A value whose quote closes on a later line extends over at most this many more. */
export const LINES_MORE = 3
/** The next member of an object, or the next command of a trace. */
const NEXT_MEMBER = /\s*["'][\w .-]{1,64}["']\s*[:=]|\+{1,8} /y

/**
 * Reads a quoted value as `readQuoted` does; one that does not close on its line extends over the next lines if it closes
 * there, or if the text ends before that can be seen.
 */
export function readQuotedLines(text: string, at: number): Value | undefined {
  const value = readQuoted(text, at)
  if (value === undefined || value.closed) return value
  let stop = value.end
  for (let more = 0; more < LINES_MORE && text[stop] === '\n'; more++) {
    const end = closesLater(text, stop + 1, value.quote)
    if (end === 'never') return value
    if (end >= 0) return { ...value, end, closed: true, next: end + value.quote.length }
    stop = reach(REST_OF_LINE, text, stop + 1)
  }
  return stop === text.length ? { ...value, end: stop, next: stop } : value
}

/**
 * Where, in the line at `at`, a value that was opened on an earlier line closes; -1 if it goes on, `never` if something else
 * begins.
 */
export function closesLater(text: string, at: number, quote: string): number | 'never' {
  if (follows(NEXT_MEMBER, text, at) || !/^\\*["'`]$/.test(quote)) return 'never'
  return closingQuote(text, at, quote)
}

function closingWord(text: string, begin: number, quote: string): number {
  const toWord = TO_WORD.get(quote)
  return toWord !== undefined && follows(toWord, text, begin) ? toWord.lastIndex - quote.length : -1
}

/**
 * A quote written with b backslashes closes where the same number precede it. If there are more, it belongs to the value:
 * each further level of escaping doubles them, so they count modulo a power of two. If levels cannot be distinguished (`\\"`
 * ends a value in JSON and continues it in its Python repr), the value goes on.
 */
function closingQuote(text: string, begin: number, quote: string): number {
  const mark = quote.slice(-1)
  const escapes = quote.length - 1
  const period = Math.max(2 ** (Math.ceil(Math.log2(escapes + 1)) + 1), 4)
  const toMark = TO_QUOTE[mark] ?? REST_OF_LINE
  for (let at = reach(toMark, text, begin); text[at] === mark; at = reach(toMark, text, at + 1)) {
    if (quote === "'" && follows(REOPENED, text, at + 1)) {
      at = REOPENED.lastIndex - 1
      continue
    }
    let run = 0
    while (at - run > begin && text[at - run - 1] === '\\') run++
    if (run % period === escapes && follows(AFTER_QUOTE, text, at + 1)) return at - escapes
  }
  return -1
}

const STOP = /[\s"'`,;&)\]}<]/g
const QUOTE_ENDS = /["'`](?=[\s,;:)\]}|&>\\"'`]|$)/y
const COMMA_ENDS = /[,;&](?=\s|$|\\*["']?[\w.-]{1,40}\\*["']?\s?[=:])/y
const CLOSER_ENDS = /[)\]}](?=[\s,;)\]}>"'`]|$)|<(?=\/)/y

/**
 * Finds the end of a bare value: a blank, or a quote, comma or bracket after which the value cannot go on. Passwords contain
 * such characters too, so what follows decides.
 */
export function bareEnd(text: string, at: number): number {
  STOP.lastIndex = at
  for (let hit = STOP.exec(text); hit !== null; hit = STOP.exec(text)) {
    const mark = hit[0]
    const rule = /\s/.test(mark) ? undefined : ruleOf(mark)
    if (rule === undefined || follows(rule, text, hit.index)) return withoutEscapes(text, at, hit.index)
  }
  return text.length
}

function ruleOf(mark: string): RegExp {
  if (',;&'.includes(mark)) return COMMA_ENDS
  return '"\'`'.includes(mark) ? QUOTE_ENDS : CLOSER_ENDS
}

/** The backslashes of an escaped closing quote are not part of the value. */
function withoutEscapes(text: string, at: number, end: number): number {
  let cut = end
  while (cut > at && '"\'`'.includes(text[end] ?? ' ') && text[cut - 1] === '\\') cut--
  return cut
}

/** Makes a bare value of [begin, end). */
export function bare(begin: number, end: number): Value {
  return { begin, end, quote: '', closed: true, next: end }
}

/** Where the sticky pattern, matched at `at`, ends; `at` itself if it does not match. */
export function reach(pattern: RegExp, text: string, at: number): number {
  return follows(pattern, text, at) ? pattern.lastIndex : at
}

/** Does the sticky pattern match at `at`? Its `lastIndex` is then the end of the match. */
export function follows(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at
  return pattern.test(text)
}

/** The kind of text around a value: in a shell it may be a variable, in program code also a call or a name. */
export type Around = 'data' | 'shell' | 'code'

const MASKED = /^(?:«redacted:[\w-]{1,24}»)+$/
// What may be in the place of a secret without being one: masks, placeholders, names of things.
const HARMLESS = [
  /^(?:\*+|x{3,}|•+|\.{2,}|…|-+|hidden|masked|redacted|omitted)$/i,
  /^[<[(](?:your[\w -]*|[\w -]*(?:passw|secret|token|hidden|masked|redacted|omitted|removed|none|null)[\w -]*)[>\])]$/i,
  /^(?:none|null|nil|true|false|undefined|unset|empty|default|yes|no|on|off|str|string|bytes|object)$/i,
  /^(?:arn:aws|file:\/\/|~\/\.[a-z]{3}|\/(?:etc|root|home|apps|opt|var|tmp|usr|run|dev|data|mnt|srv|fsx|lib|s?bin)\/)/,
  /^[A-Z]:\\{1,4}(?:Program|Users|Windows|Temp)/i,
  /^\$(?:\w*(?:pass|pwd|secret|token|key|cred)\w*|\{[\w:.?!@-]*\}|env:\w+)$/i,
  /^(?:%[A-Z_][A-Z0-9_]*%|%\(\w+\)s|%s|\{\{.*\}\}|\{(?:\w*(?:pass|pwd|secret|token|key)\w*)?\}|<%.*%>|!Ref \w+)$/,
  /^\(?\.[*+]\??\)?(?:$|\/)|^\/+g?['"]?$/,
]
const VARIABLE = /^["']?\$(?:\(|[A-Za-z_]\w*(?:[.:[][^\s]*)?$|[?!@#*$0-9]$|\{)/
const CALL =
  /^(?:[A-Za-z_]\w*(?:\.\w+)+[([]|[a-z_]{3,}[([]|Optional\[|SecretStr\(|\(?(?:ConvertTo|ConvertFrom|Get|New|Read)-[A-Z]\w+)/
const NAME =
  /^(?:self|this|args|options|config|cfg|settings|params|request|event|session)\.[\w.]+$|^(?:[a-z_.]+[_.])?(?:password|passwd|passphrase|token|secret|pwd)$|^(?:[A-Z]+_)?(?:PASSWORD|PASSWD|PASS|TOKEN|SECRET|KEY|STRING|VALUE)$/

/** Is the value something other than a secret? A value that does not close may go on, so it counts as a secret. */
export function isHarmless(text: string, value: Value, around: Around): boolean {
  const length = value.end - value.begin
  if (length === 0) return true
  if (length > LONGEST_LOOK) return false
  const shown = text.slice(value.begin, value.end)
  if (MASKED.test(shown)) return true
  if (!value.closed) return false
  if (HARMLESS.some((pattern) => pattern.test(shown))) return true
  if (around === 'data' || (value.quote !== '' && value.quote !== '"')) return false
  return (
    VARIABLE.test(shown) ||
    (around === 'code' && value.quote === '' && (CALL.test(shown) || NAME.test(shown)))
  )
}
