import type { RecordChunk } from '../model.ts'
import { leadsToSecret, redact, secretSpans } from './redact.ts'
import { noteLeading, noteOpened } from './redact-later.ts'
import { isContinued, isMidLine, lineBefore, type RowTexts, textBefore, textOf } from './row-texts.ts'
import { LONE_KEY_LENGTHS } from './secret-looks.ts'

/** Masks secrets that no word indicates: one that begins in the record before, or one that is all there is in a record. */
export function redactUntold(chunk: RecordChunk, texts: RowTexts): void {
  const { textBegin, textEnd } = texts
  for (let row = 0; row < chunk.count; row++) {
    const begin = textBegin[row] as number
    const end = textEnd[row] as number
    if (isMidLine(chunk, row)) noteLeading(row, lineBefore(chunk) + textOf(chunk, row, texts), texts)
    if (isContinued(chunk, row) || isOneWord(chunk.bytes, begin, end)) redactRow(chunk, row, texts)
  }
}

/** Does it have the length of a lone key, and no blank? Most records are excluded by their first word. */
function isOneWord(bytes: Uint8Array, begin: number, end: number): boolean {
  const length = end - begin
  if (length < LONE_KEY_LENGTHS.least || length > LONE_KEY_LENGTHS.most) return false
  for (let at = begin + 2; at < end - 2; at++) if (bytes[at] === SPACE) return false
  return true
}

const SPACE = 32

/** Rows in which a secret may appear again without an indicating word: a trace prints what was just set. */
const AGAIN_ROWS = 4
/** Shorter secrets occur as ordinary words. */
const LEAST_AGAIN = 6

/** Masks what was masked in one row in the rows near it, too. */
export function redactAgain(chunk: RecordChunk, texts: RowTexts): void {
  for (const { row, value } of texts.masked) {
    const last = Math.min(row + AGAIN_ROWS, chunk.count - 1)
    for (let near = Math.max(0, row - 1); near <= last; near++) {
      const text = textOf(chunk, near, texts)
      if (text.includes(value)) texts.replaced.set(near, text.replaceAll(value, '«redacted:password»'))
    }
  }
}

/** Replaces the text of a row that needs no second look. */
export const REDACTED = '\0'

/**
 * Masks a record's secrets if this word leads to one; returns its text, or REDACTED. Most words lead to none, which is
 * usually decided without reading further; the whole text is searched only if bytes and characters differ.
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
  if (at >= begin) noteLeading(row, text, texts)
  if (at < begin || (isAscii && !leadsToSecret(text, needle, at - begin))) return text
  redactRow(chunk, row, texts)
  return REDACTED
}

function redactRow(chunk: RecordChunk, row: number, texts: RowTexts): void {
  const text = textOf(chunk, row, texts)
  const before = isContinued(chunk, row) ? goneBefore(chunk, row, texts) : ''
  const safe = redact(text, before)
  if (safe === text) return
  texts.replaced.set(row, safe)
  const whole = before + text
  for (const { begin, end, kind } of secretSpans(whole)) {
    if (end <= before.length) continue
    if (end === whole.length) noteOpened(row, whole, begin, texts)
    const value = whole.slice(begin, end)
    if (kind === 'password' && value.length >= LEAST_AGAIN && !value.includes('\n'))
      texts.masked.push({ row, value })
  }
}

/**
 * The text that a continuing row continues, up to the row's first byte: the row before it, or the end of the previous chunk,
 * with the line break between them.
 */
function goneBefore(chunk: RecordChunk, row: number, texts: RowTexts): string {
  if (row === 0) return textBefore(chunk)
  const between = chunk.bytes.toString('utf8', chunk.end[row - 1], chunk.begin[row])
  return textOf(chunk, row - 1, texts) + between
}
