import { type RecordChunk, RecordFlag } from '../model.ts'

/** Where the messages of a chunk's records are in its bytes, and the replacements of those that were changed. */
export type RowTexts = {
  readonly textBegin: Int32Array
  readonly textEnd: Int32Array
  readonly replaced: Map<number, string>
  /** Secrets that were masked, with their rows; never leaves the chunk. */
  readonly masked: { readonly row: number; readonly value: string }[]
  /** Rows that end within a secret whose quote may close in the following rows. */
  readonly opened: { readonly row: number; readonly quote: string }[]
  /** Rows with a secret's word whose value may be in the following rows. */
  readonly led: number[]
}

/** A line that only gives context for others is looked at only up to this length. */
export const NEAR_BYTES = 400

/** The current text of a row, including masks and repairs. */
export function textOf(chunk: RecordChunk, row: number, texts: RowTexts): string {
  const { textBegin, textEnd } = texts
  return texts.replaced.get(row) ?? chunk.bytes.toString('utf8', textBegin[row], textEnd[row])
}

/**
 * The last line of a record's text, at most its last NEAR_BYTES bytes. If the record begins in the middle of a line, with
 * the part of that line before it.
 */
export function lastLine(chunk: RecordChunk, row: number, texts: RowTexts): string {
  const end = texts.textEnd[row] as number
  const begin = Math.max(texts.textBegin[row] as number, end - NEAR_BYTES)
  const text = chunk.bytes.toString('utf8', begin, end)
  const line = text.slice(text.lastIndexOf('\n') + 1)
  return line.length === text.length && isMidLine(chunk, row) ? lineBefore(chunk) + line : line
}

/** The beginning of the line, cut by a flush, in whose middle the chunk begins. */
export function lineBefore(chunk: RecordChunk): string {
  const before = textBefore(chunk)
  return before.slice(before.lastIndexOf('\n') + 1).slice(-NEAR_BYTES)
}

/** Does it continue the record before it? */
export function isContinued(chunk: RecordChunk, row: number): boolean {
  return ((chunk.flags[row] as number) & RecordFlag.continued) > 0
}

/** Is the end of its text missing, because it is too long? */
export function isShortened(chunk: RecordChunk, row: number): boolean {
  return ((chunk.flags[row] as number) & RecordFlag.cut) > 0
}

/** Does the row begin in the middle of a line that a flush has cut? */
export function isMidLine(chunk: RecordChunk, row: number): boolean {
  return row === 0 && isContinued(chunk, row) && !textBefore(chunk).endsWith('\n')
}

/** What the first row continues; the newline that ends its last line may have come only now. */
export function textBefore({ before, bytes, begin }: RecordChunk): string {
  return before + bytes.toString('utf8', 0, begin[0])
}

/** A record with a head of its own does not continue what is before it. */
export function hasHead(chunk: RecordChunk, row: number, { textBegin }: RowTexts): boolean {
  return textBegin[row] !== chunk.begin[row]
}
