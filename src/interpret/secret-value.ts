/** A value as it was written: `closed` is false where its closing quote is not in the text. */
export type Value = {
  readonly begin: number
  readonly end: number
  /** The opening quote with its escapes, '' for a bare word. */
  readonly quote: string
  readonly closed: boolean
  /** Where the text goes on after the closing quote. */
  readonly next: number
}

/** Values longer than this are taken for secrets without a look at them. */
const LONGEST_LOOK = 512

const OPENER = /(?:[bBuUrR]{0,2}|\$)('\\''|'"'"'|&quot;|&#3[49];|%22|\\u0022|\\*["'`])/y
const TO_QUOTE: Readonly<Record<string, RegExp>> = { '"': /[^"\n]*/y, "'": /[^'\n]*/y, '`': /[^`\n]*/y }
/** Matches what is left of a line. */
export const REST_OF_LINE = /[^\n]*/y
const REOPENED = /\\''|"'"'/y

/**
 * Reads the quoted value that opens at `at`, at any depth of escaping; undefined when none opens there.
 * A value whose quote does not close on its line reaches to the end of the line.
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

function closingWord(text: string, begin: number, quote: string): number {
  const at = text.slice(begin, reach(REST_OF_LINE, text, begin)).indexOf(quote)
  return at < 0 ? -1 : begin + at
}

/**
 * A quote written with b backslashes closes where as many stand before it. More of them belong to the
 * value: each further level of escaping doubles them, so they count modulo a power of two.
 */
function closingQuote(text: string, begin: number, quote: string): number {
  const mark = quote.slice(-1)
  const escapes = quote.length - 1
  const period = 2 ** (Math.ceil(Math.log2(escapes + 1)) + 1)
  const toMark = TO_QUOTE[mark] ?? REST_OF_LINE
  for (let at = reach(toMark, text, begin); text[at] === mark; at = reach(toMark, text, at + 1)) {
    let run = 0
    while (at - run > begin && text[at - run - 1] === '\\') run++
    if (run % period !== escapes) continue
    if (mark !== "'" || escapes > 0 || !follows(REOPENED, text, at + 1)) return at - escapes
    at = REOPENED.lastIndex - 1
  }
  return -1
}

const STOP = /[\s"'`,;&)\]}<]/g
const QUOTE_ENDS = /["'`](?=[\s,;:)\]}|&>\\"'`]|$)/y
const COMMA_ENDS = /[,;&](?=\s|$|\\*["']?[\w.-]{1,40}\\*["']?\s?[=:])/y
const CLOSER_ENDS = /[)\]}](?=[\s,;)\]}>"'`]|$)|<(?=\/)/y

/**
 * Finds the end of a bare value: a blank, or a quote, comma or bracket behind which the value cannot go
 * on. Passwords hold such characters too, so what follows decides.
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

/** The backslashes of an escaped closing quote are no part of the value. */
function withoutEscapes(text: string, at: number, end: number): number {
  let cut = end
  while (cut > at && '"\'`'.includes(text[end] ?? ' ') && text[cut - 1] === '\\') cut--
  return cut
}

/** Makes a bare value of [begin, end). */
export function bare(begin: number, end: number): Value {
  return { begin, end, quote: '', closed: true, next: end }
}

/** Gives where the sticky pattern, matched at `at`, ends; `at` itself when it does not match. */
export function reach(pattern: RegExp, text: string, at: number): number {
  return follows(pattern, text, at) ? pattern.lastIndex : at
}

/** Does the sticky pattern match at `at`? Its `lastIndex` is then the end of the match. */
export function follows(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at
  return pattern.test(text)
}

// What stands where a secret would, and is none: nothing, masks, places to fill in, names of things.
const HARMLESS = [
  /^(?:«redacted:[\w-]+»)+$/,
  /^(?:\*+|[xX]{3,}|•+|\.{2,}|…|-+|<[A-Za-z][\w -]*>|\[[A-Za-z][\w -]*\]|\(?(?:hidden|masked|redacted|omitted)\)?)$/i,
  /^(?:none|null|nil|true|false|undefined|unset|empty|default|yes|no|on|off|str|string|bytes|object)$/i,
  /^(?:arn:aws|file:\/\/|[A-Z]:\\{1,4}[A-Z]\w|~\/|\/(?:etc|root|home|apps|opt|var|tmp|usr|run|dev|data|mnt|srv|fsx|lib|s?bin)\/)/,
  /^\$(?:[A-Z_][A-Z0-9_]*|\{[^{}]*\}|env:\w+)$/,
  /^(?:%\w+%|%\(\w+\)s|%s|\{\{.*\}\}|\{\w*\}|<%.*%>|!Ref \w+)$/,
  /^\(?\.[*+]|^\/+g?['"]?$/,
]
const VARIABLE = /^["']?\$(?:\(|[A-Za-z_]\w*(?:[.:[][^\s]*)?$|[?!@#*$0-9]$|\{)/
const CODE = /^(?:[A-Za-z_][\w.]*[([]|\(?(?:ConvertTo|ConvertFrom|Get|New|Read|Import)-[A-Z]\w+)/
const REFERENCE = /^(?:[A-Za-z_]\w*\.)+[a-z_]\w*$|^[a-z_]*(?:password|passwd|passphrase|token|secret|pwd)$/

/** Is the value something else than a secret? `code` says that program text is likely there. */
export function isHarmless(text: string, value: Value, code: boolean): boolean {
  const length = value.end - value.begin
  if (length === 0) return true
  if (length > LONGEST_LOOK) return false
  const shown = text.slice(value.begin, value.end)
  if (HARMLESS[0]?.test(shown)) return true
  if (!value.closed) return false
  if (HARMLESS.some((pattern) => pattern.test(shown))) return true
  if (value.quote === '' || value.quote === '"') {
    if (VARIABLE.test(shown) && (code || value.quote === '')) return true
  }
  return code && value.quote === '' && (CODE.test(shown) || REFERENCE.test(shown))
}

const OUTCOME =
  /^(?:files|sss|compat|systemd|ldap|nis|db|winbind|required|optional|requisite|sufficient|include|set|unset|changed|updated|expired|invalid|incorrect|wrong|missing|rejected|denied|failed|failure|error|unknown|locked|disabled|enabled|accepted|ok|success|mismatch|done|created|generated|skipped|configured|completed?|to|or|and|is|for|prompt)[.!]?$/i

/** Is this word, met in prose behind `password:`, what happened rather than a password? */
export function isOutcome(word: string): boolean {
  return OUTCOME.test(word) || /^[a-z_]+=|^ip-\d|^pam_/.test(word)
}

/** Does a word met in prose look like a password: letters with digits or signs, not a plain word? */
export function looksSecret(word: string): boolean {
  if (word.length > 64) return true
  if (word.length < 6 || isOutcome(word)) return false
  return /[A-Za-z]/.test(word) && (/\d/.test(word) || /[!@#$%^&*+=~?]./.test(word))
}

const PLAIN_START = /^(?:[-/~.$[{(<*]|arn:|\w+:\/\/|[A-Za-z_]\w*=)/

/** Does a lone quoted or bare word look like a password that a command is given on its standard input? */
export function looksGenerated(word: string, quoted: boolean): boolean {
  const core = word.replace(/[.!?:]+$/, '')
  if (core.length < 8 || core.length > 256 || PLAIN_START.test(core) || core.includes('«')) return false
  const classes = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(core)).length
  if (quoted) return !/\s/.test(core) && classes + (/[^\w.:/-]/.test(core) ? 1 : 0) >= 3
  if (classes < 3 || core.length < 10 || /[./:]/.test(core)) return false
  const changes = core.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|\d(?=[A-Za-z])/g)?.length ?? 0
  return changes >= core.length * (core.length < 16 ? 0.4 : 0.3)
}
