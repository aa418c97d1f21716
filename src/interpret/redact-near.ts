import { type RecordChunk, RecordFlag } from '../model.ts'
import { endsInKey } from './key-lines.ts'
import { redact } from './redact.ts'
import { isMidLine, lastLine, lineBefore, NEAR_BYTES, type RowTexts, textOf } from './row-texts.ts'
import { readerIn } from './secret-pipe.ts'

const NEAR_ROWS = 2
/** The last line may be incomplete; it then belongs to the row itself. */
const CARRIED_LINES = NEAR_ROWS + 1

/** Masks secrets that the surrounding rows indicate: both ends of a pipe in a trace, the input of a command. */
export function redactAcross(chunk: RecordChunk, across: ReadonlySet<number>, texts: RowTexts): void {
  const rows = new Set<number>()
  for (const row of across) {
    for (let near = Math.max(0, row - NEAR_ROWS); near <= row + NEAR_ROWS; near++) rows.add(near)
  }
  // The word itself may be cut in two.
  const isCut = chunk.count > 0 && isMidLine(chunk, 0)
  if (chunk.memory.reads || isCut) for (let row = 0; row <= NEAR_ROWS; row++) rows.add(row)
  for (const row of rows) {
    if (row >= chunk.count) continue
    const text = textOf(chunk, row, texts)
    const safe = redact(text, linesBefore(chunk, row, texts), linesAfter(chunk, row))
    if (safe !== text) texts.replaced.set(row, safe)
  }
  const reads = readersAtEnd(chunk, texts)
  if (reads !== '' || chunk.memory.reads) chunk.memory.reads = reads
}

const USER_MASKED = /^[\w.-]{1,32}:(?:«redacted:[\w-]{1,24}»)+\s*$/

/**
 * What the next chunk must know of the last lines of this one, a line of text for each: the command that reads a secret from
 * its input, or the input it has read so far. '' if there is nothing to know.
 */
function readersAtEnd(chunk: RecordChunk, texts: RowTexts): string {
  const lines = chunk.memory.reads?.split('\n') ?? []
  for (let row = Math.max(0, chunk.count - CARRIED_LINES); row < chunk.count; row++) {
    const begun = isMidLine(chunk, row) ? lines.pop() : undefined
    lines.push(...linesWithin(chunk, row, texts).map(readerIn))
    lines.push(readerIn(lastLine(chunk, row, texts)) || handedTo(chunk, row, begun ?? '', texts))
  }
  const last = lines.slice(-CARRIED_LINES)
  return last.every((line) => line === '') ? '' : last.join('\n')
}

/** The lines of a record before its last one, as far as they are near its end. */
function linesWithin(chunk: RecordChunk, row: number, { textBegin, textEnd }: RowTexts): string[] {
  if (((chunk.flags[row] as number) & RecordFlag.multiline) === 0) return []
  const end = textEnd[row] as number
  const begin = Math.max(textBegin[row] as number, end - CARRIED_LINES * NEAR_BYTES)
  const before = begin === textBegin[row] && isMidLine(chunk, row) ? lineBefore(chunk) : ''
  return (before + chunk.bytes.toString('utf8', begin, end)).split('\n').slice(-CARRIED_LINES, -1)
}

/** A masked line that a command has read, or the beginning of a line that may be one; '' for others. */
function handedTo(chunk: RecordChunk, row: number, begun: string, texts: RowTexts): string {
  const text = textOf(chunk, row, texts).slice(-NEAR_BYTES)
  const line = begun + text.slice(text.lastIndexOf('\n') + 1)
  const isCut = chunk.end[row] === chunk.used
  return isCut || USER_MASKED.test(line) ? line.slice(-NEAR_BYTES) : ''
}

function linesBefore(chunk: RecordChunk, row: number, texts: RowTexts): string {
  let lines = carriedLines(chunk, row)
  for (let near = Math.max(0, row - NEAR_ROWS); near < row; near++) {
    const line = lastLine(chunk, near, texts)
    // What follows a key's head is judged line by line: it must not extend over other lines.
    lines += endsInKey(line) ? '\n' : `${line}\n`
  }
  return lines
}

/**
 * What is known about the lines before the chunk, as far as they are near this row; including the beginning of a line in
 * whose middle the chunk starts.
 */
function carriedLines(chunk: RecordChunk, row: number): string {
  if (row >= NEAR_ROWS) return ''
  const carried = chunk.memory.reads?.split('\n') ?? []
  const isCut = isMidLine(chunk, 0)
  if (isCut) carried.pop()
  const lines = carried.slice(row - NEAR_ROWS).map((line) => `${line}\n`)
  return lines.join('') + (isCut && row === 0 ? lineBefore(chunk) : '')
}

/** The bytes of an incomplete record are after the last row. */
function linesAfter(chunk: RecordChunk, row: number): string {
  const end = chunk.end[row] as number
  return chunk.bytes.toString('utf8', end, Math.min(end + NEAR_ROWS * NEAR_BYTES, chunk.used))
}
