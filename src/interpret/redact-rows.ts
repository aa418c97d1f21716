import { type RecordChunk, RecordFlag } from '../model.ts'
import { leadsToSecret, redact, secretSpans } from './redact.ts'
import { LONE_KEY_LENGTHS } from './secret-looks.ts'
import { readerIn } from './secret-pipe.ts'
import { closesLater, LINES_MORE } from './secret-value.ts'

/** Where the messages of a chunk's records lie in its bytes, and what stands for those that were changed. */
export type RowTexts = {
  readonly textBegin: Int32Array
  readonly textEnd: Int32Array
  readonly replaced: Map<number, string>
  /** Secrets that were masked, with their rows; never leaves the chunk. */
  readonly masked: { readonly row: number; readonly value: string }[]
  /** Rows that end within a secret, whose quote may close in the rows after them. */
  readonly opened: { readonly row: number; readonly quote: string }[]
}

type InQuote = NonNullable<RecordChunk['memory']['inQuote']>

/** What no word tells: a secret may begin in the record before, or be all there is in a record. */
export function redactUntold(chunk: RecordChunk, texts: RowTexts): void {
  const { textBegin, textEnd } = texts
  for (let row = 0; row < chunk.count; row++) {
    const begin = textBegin[row] as number
    const end = textEnd[row] as number
    const continued = ((chunk.flags[row] as number) & RecordFlag.continued) > 0
    if (continued || isOneWord(chunk.bytes, begin, end)) redactRow(chunk, row, texts)
  }
}

/** Of the length of a key that stands alone, and without a blank: most records are told by their first word. */
function isOneWord(bytes: Uint8Array, begin: number, end: number): boolean {
  const length = end - begin
  if (length < LONE_KEY_LENGTHS.least || length > LONE_KEY_LENGTHS.most) return false
  for (let at = begin + 2; at < end - 2; at++) if (bytes[at] === SPACE) return false
  return true
}

const SPACE = 32

const NEAR_ROWS = 2
const NEAR_BYTES = 400

/** Secrets that the rows around them tell: both ends of a pipe in a trace, what a command reads. */
export function redactAcross(chunk: RecordChunk, across: ReadonlySet<number>, texts: RowTexts): void {
  const rows = new Set<number>()
  for (const row of across) {
    for (let near = Math.max(0, row - NEAR_ROWS); near <= row + NEAR_ROWS; near++) rows.add(near)
  }
  if (chunk.memory.reads) for (let row = 0; row < NEAR_ROWS; row++) rows.add(row)
  for (const row of rows) {
    if (row >= chunk.count || ((chunk.flags[row] as number) & RecordFlag.continued) > 0) continue
    const text = textOf(chunk, row, texts)
    const safe = redact(text, linesBefore(chunk, row, texts), linesAfter(chunk, row))
    if (safe !== text) texts.replaced.set(row, safe)
  }
  const reads = [chunk.count - 2, chunk.count - 1]
    .map((row) => (row < 0 ? '' : readerIn(lastLine(chunk, row, texts))))
    .filter((reader) => reader !== '')
    .join('\n')
  if (reads !== '' || chunk.memory.reads) chunk.memory.reads = reads
}

const OPENED = /\\*["'`]$/

/** Rows in which a secret may stand again without a word that tells: a trace prints what was set just before. */
const AGAIN_ROWS = 4
/** Shorter ones are words of their own. */
const LEAST_AGAIN = 6

/** Masks what was masked in a row in the rows near it, too. */
export function redactAgain(chunk: RecordChunk, texts: RowTexts): void {
  for (const { row, value } of texts.masked) {
    const last = Math.min(row + AGAIN_ROWS, chunk.count - 1)
    for (let near = Math.max(0, row - 1); near <= last; near++) {
      const text = textOf(chunk, near, texts)
      if (text.includes(value)) texts.replaced.set(near, text.replaceAll(value, '«redacted:password»'))
    }
  }
}

/** The rest of a secret whose quote closes a few rows on, where each line is a record. What does not close is left alone. */
export function redactOpened(chunk: RecordChunk, texts: RowTexts): void {
  const { inQuote } = chunk.memory
  delete chunk.memory.inQuote
  if (inQuote !== undefined) redactRest(chunk, -1, inQuote, texts)
  for (const { row, quote } of texts.opened) redactRest(chunk, row, { quote, lines: LINES_MORE }, texts)
}

function redactRest(chunk: RecordChunk, row: number, { quote, lines }: InQuote, texts: RowTexts): void {
  for (let more = 1; more <= lines; more++) {
    const at = row + more
    if (at >= chunk.count) {
      chunk.memory.inQuote = { quote, lines: lines - more + 1 }
      return
    }
    // A record with a head of its own is something else.
    if (texts.textBegin[at] !== chunk.begin[at]) return
    const text = textOf(chunk, at, texts)
    const end = closesLater(text, 0, quote)
    if (end === 'never') return
    if (end < 0) continue
    for (let within = row + 1; within < at; within++) texts.replaced.set(within, '«redacted:password»')
    if (end > 0) texts.replaced.set(at, `«redacted:password»${text.slice(end)}`)
    return
  }
}

const KEY_BEGINS = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----\s*$/
const KEY_LINE = /^\s*(?:[\w+/=]{30,100}|(?:Proc-Type|DEK-Info|Version|Comment): .{0,80})?\s*$/
const KEY_LAST_LINE = /^\s*[\w+/=]{1,100}\s*$/

/** The lines of a private key that a logger wrote as a record each; `across` are the rows where one may begin. */
export function redactKeyBodies(chunk: RecordChunk, across: ReadonlySet<number>, texts: RowTexts): void {
  const begins = chunk.memory.inKey === true ? [-1] : []
  delete chunk.memory.inKey
  for (const row of across) if (KEY_BEGINS.test(lastLine(chunk, row, texts))) begins.push(row)
  for (const begin of begins) {
    let row = begin + 1
    for (; row < chunk.count && isKeyLine(chunk, row, texts); row++) {
      texts.replaced.set(row, '«redacted:private-key»')
    }
    if (row === chunk.count) chunk.memory.inKey = true
  }
}

function isKeyLine(chunk: RecordChunk, row: number, texts: RowTexts): boolean {
  if (((chunk.flags[row] as number) & RecordFlag.multiline) > 0) return false
  const line = lastLine(chunk, row, texts)
  if (KEY_LINE.test(line)) return true
  return KEY_LAST_LINE.test(line) && linesAfter(chunk, row).split('\n', 2)[1]?.includes('-----END ') === true
}

function linesBefore(chunk: RecordChunk, row: number, texts: RowTexts): string {
  let lines = row < NEAR_ROWS && chunk.memory.reads ? `${chunk.memory.reads}\n` : ''
  for (let near = Math.max(0, row - NEAR_ROWS); near < row; near++) {
    const line = lastLine(chunk, near, texts)
    // What a key leads to is told line by line: it must not reach over other lines.
    lines += KEY_BEGINS.test(line) ? '\n' : `${line}\n`
  }
  return lines
}

/** The bytes of a record that is not yet complete lie behind the last row. */
function linesAfter(chunk: RecordChunk, row: number): string {
  const end = chunk.end[row] as number
  return chunk.bytes.toString('utf8', end, Math.min(end + NEAR_ROWS * NEAR_BYTES, chunk.used))
}

/** A record has one line, mostly; of others the last one counts, of long ones its end. */
function lastLine(chunk: RecordChunk, row: number, texts: RowTexts): string {
  const end = texts.textEnd[row] as number
  const begin = Math.max(texts.textBegin[row] as number, end - NEAR_BYTES)
  const text = chunk.bytes.toString('utf8', begin, end)
  return text.slice(text.lastIndexOf('\n') + 1)
}

/** Stands for the text of a row that needs no second look. */
export const REDACTED = '\0'

/**
 * Masks a record's secrets if this word leads to one; gives its text, or REDACTED. Most words lead to none, which is seen
 * without reading on; only where bytes and characters differ must the whole text be searched.
 */
export function redactAt(
  chunk: RecordChunk,
  row: number,
  text: string,
  needle: number,
  at: number,
  texts: RowTexts,
): string {
  const begin = texts.textBegin[row] as number
  const isAscii = text.length === (texts.textEnd[row] as number) - begin && !texts.replaced.has(row)
  if (at < begin || (isAscii && !leadsToSecret(text, needle, at - begin))) return text
  redactRow(chunk, row, texts)
  return REDACTED
}

function redactRow(chunk: RecordChunk, row: number, texts: RowTexts): void {
  const text = textOf(chunk, row, texts)
  const continued = ((chunk.flags[row] as number) & RecordFlag.continued) > 0
  const before = continued ? (row === 0 ? chunk.before : textOf(chunk, row - 1, texts)) : ''
  const safe = redact(text, before)
  if (safe === text) return
  texts.replaced.set(row, safe)
  for (const { begin, end, kind } of secretSpans(text)) {
    const quote = OPENED.exec(text.slice(Math.max(0, begin - 8), begin))?.[0]
    if (end === text.length && quote !== undefined) texts.opened.push({ row, quote })
    const value = text.slice(begin, end)
    if (kind === 'password' && value.length >= LEAST_AGAIN && !value.includes('\n'))
      texts.masked.push({ row, value })
  }
}

export function textOf(chunk: RecordChunk, row: number, texts: RowTexts): string {
  const { textBegin, textEnd } = texts
  return texts.replaced.get(row) ?? chunk.bytes.toString('utf8', textBegin[row], textEnd[row])
}
