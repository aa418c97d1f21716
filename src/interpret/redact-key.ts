import type { RecordChunk } from '../model.ts'
import {
  endsInKey,
  endsKey,
  endsUnbegun,
  IN_KEY,
  othersAfter,
  type Part,
  partAboveEnd,
  partOfKey,
  UNKNOWN,
} from './key-lines.ts'
import { isMidLine, isShortened, lineBefore, type RowTexts, textOf } from './row-texts.ts'

type Parts = (Part | undefined)[]

const NEWLINE = 10
const RETURN = 13

/**
 * Masks the lines of private keys that are apart from their first line: where each line is a record, where a flush or a limit
 * has cut the key, or where its beginning was never seen. `across` are the rows in which a key may begin or end.
 */
export function redactKeys(chunk: RecordChunk, across: ReadonlySet<number>, texts: RowTexts): void {
  let others = chunk.memory.inKey ?? (chunk.offset[0] === 0 ? UNKNOWN : 0)
  let next = 0
  for (const start of [...keyRows(chunk, across), chunk.count]) {
    for (; next < start && others > 0; next++) others = redactKeyLines(chunk, next, others, texts)
    if (next > start || start === chunk.count) continue
    others = redactKeyLines(chunk, start, others, texts)
    next = start + 1
  }
  delete chunk.memory.inKey
  if (others > 0) chunk.memory.inKey = others
}

/** Rows to be looked at although no key goes on, ascending. */
function keyRows(chunk: RecordChunk, across: ReadonlySet<number>): number[] {
  const rows = new Set(across)
  // The word itself may be cut in two.
  if (chunk.count > 0 && isMidLine(chunk, 0)) rows.add(0)
  for (let row = 0; row < chunk.count; row++) if (isShortened(chunk, row)) rows.add(row)
  return [...rows].sort((a, b) => a - b)
}

/** Masks what the row has of a key; returns how many other lines may come after it, 0 outside of keys. */
function redactKeyLines(chunk: RecordChunk, row: number, before: number, texts: RowTexts): number {
  const lines = wholeLines(chunk, row, texts)
  const parts: Parts = []
  const endsCut = isShortened(chunk, row) || isCutLine(chunk, row)
  let others = before
  for (const [i, line] of lines.entries()) {
    const isCut = endsCut && i === lines.length - 1
    if (others > 0) {
      const mayBeLast = mayEndBelow(chunk, row, { lines, i, endsCut })
      parts[i] = partOfKey(line, { others, mayBeLast, isCut })
    }
    if (others <= UNKNOWN && endsUnbegun(line)) redactUpwards(chunk, row, { lines, parts, below: i }, texts)
    others = othersAfter(line, others, { isPart: parts[i] !== undefined, isCut })
  }
  maskParts(chunk, row, { lines, parts }, texts)
  return isShortened(chunk, row) ? othersBehind(chunk, row, { line: lines.at(-1) ?? '', others }) : others
}

type LineOfRow = { readonly lines: readonly string[]; readonly i: number; readonly endsCut: boolean }

/** May the line below this one of the row be the end of a key? It may be if it is not there, or not whole. */
function mayEndBelow(chunk: RecordChunk, row: number, { lines, i, endsCut }: LineOfRow): boolean {
  const isWhole = i + 1 < lines.length - (endsCut ? 1 : 0)
  if (endsCut && !isWhole) return true
  const below = isWhole ? lines[i + 1] : lineBelow(chunk, row)
  return below === undefined || endsKey(below)
}

/** The same as `othersAfter` for a row whose end is not shown: what is there of it tells whether a key begins in it. */
function othersBehind(
  { bytes, begin, count, end, used }: RecordChunk,
  row: number,
  { line, others }: { readonly line: string; readonly others: number },
): number {
  const rest = bytes.toString('utf8', end[row], row + 1 < count ? begin[row + 1] : used)
  return endsInKey(line + rest) ? IN_KEY : Math.max(others, UNKNOWN)
}

type Above = { readonly lines: readonly string[]; readonly parts: Parts; readonly below: number }

/** Masks the lines above the end of a key whose beginning nobody has seen, as far as they are in the chunk. */
function redactUpwards(chunk: RecordChunk, row: number, above: Above, texts: RowTexts): void {
  let goesOn = markUpwards(above, true)
  for (let at = row - 1; goesOn && at >= 0; at--) {
    const lines = wholeLines(chunk, at, texts)
    const parts: Parts = []
    goesOn = markUpwards({ lines, parts, below: lines.length }, at === row - 1 && above.below === 0)
    maskParts(chunk, at, { lines, parts }, texts)
  }
}

/** Marks the parts of a key in the lines above `below`; returns whether it may have begun above them. */
function markUpwards({ lines, parts, below }: Above, isNext: boolean): boolean {
  for (let i = below - 1; i >= 0; i--) {
    parts[i] = partAboveEnd(lines[i] ?? '', isNext && i === below - 1)
    if (parts[i] === undefined) return false
  }
  return true
}

type Marked = { readonly lines: readonly string[]; readonly parts: Readonly<Parts> }

function maskParts(chunk: RecordChunk, row: number, { lines, parts }: Marked, texts: RowTexts): void {
  if (parts.every((part) => part === undefined)) return
  const gone = isMidLine(chunk, row) ? lineBefore(chunk).length : 0
  const shown = lines.map((line, i) => {
    const from = i === 0 ? gone : 0
    const part = parts[i]
    if (part === undefined || part.end <= from) return line.slice(from)
    return `${line.slice(from, Math.max(part.begin, from))}«redacted:private-key»${line.slice(part.end)}`
  })
  texts.replaced.set(row, shown.join('\n'))
}

/** The lines of a row, the first one with its beginning. */
function wholeLines(chunk: RecordChunk, row: number, texts: RowTexts): string[] {
  const before = isMidLine(chunk, row) ? lineBefore(chunk) : ''
  return (before + textOf(chunk, row, texts)).split('\n')
}

/** Does the row end within a line? */
function isCutLine({ bytes, count, end }: RecordChunk, row: number): boolean {
  return row === count - 1 && bytes.indexOf(NEWLINE, end[row]) < 0
}

/** The line below a row; undefined if it is not there yet, or not whole. */
function lineBelow({ bytes, end }: RecordChunk, row: number): string | undefined {
  let from = bytes.indexOf(NEWLINE, end[row])
  while (from >= 0 && (bytes[from] === NEWLINE || bytes[from] === RETURN)) from++
  const to = from < 0 ? -1 : bytes.indexOf(NEWLINE, from)
  return to < 0 ? undefined : bytes.toString('utf8', from, to)
}
