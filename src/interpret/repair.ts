import { isUtf8 } from 'node:buffer'
import type { Loss, LossReason, RecordChunk } from '../model.ts'
import { cleanText, needsCleaning } from './clean.ts'
import { isShortened, type RowTexts, textOf } from './row-texts.ts'

/**
 * Bytes that call for a closer look at the messages of a chunk: NUL, bell, backspace, CR, ESC, DEL and the one-character CSI.
 */
const CONTROLS = [0, 7, 8, 13, 27, 127, Buffer.from('\u009b')]

/** Repairs messages that cannot be stored as they are: with control characters, or bytes that are not UTF-8. */
export function repairTexts(chunk: RecordChunk, texts: RowTexts, losses: Loss[]): void {
  const used = chunk.bytes.subarray(0, chunk.used)
  const dirty = CONTROLS.some((control) => used.includes(control))
  const invalid = !isUtf8(chunk.bytes.subarray(0, chunk.end[chunk.count - 1]))
  if (!dirty && !invalid) return
  const { textBegin, textEnd } = texts
  for (let i = 0; i < chunk.count; i++) {
    const begin = textBegin[i] as number
    const end = textEnd[i] as number
    const isInvalid = invalid && !isUtf8(chunk.bytes.subarray(begin, end))
    if (isInvalid) losses.push(loss(chunk, i, 'invalid-bytes', 'bytes that are no UTF-8 are shown as U+FFFD'))
    else if (!dirty || !needsCleaning(chunk.bytes, begin, end)) continue
    texts.replaced.set(i, cleanText(chunk.bytes.toString('utf8', begin, end)))
  }
}

/** Tells of messages that were cut, in the message itself too: after redaction, which must see that the text ends there. */
export function tellCuts(chunk: RecordChunk, texts: RowTexts, losses: Loss[]): void {
  for (let i = 0; i < chunk.count; i++) {
    if (!isShortened(chunk, i)) continue
    const text = textOf(chunk, i, texts)
    texts.replaced.set(i, `${text} …[cut: the record has ${chunk.length[i]} bytes]`)
    losses.push(loss(chunk, i, 'over-long', `the text is cut, the record has ${chunk.length[i]} bytes`))
  }
}

function loss(chunk: RecordChunk, row: number, reason: LossReason, detail: string): Loss {
  return { file: chunk.file, reason, offset: chunk.offset[row] ?? 0, length: 0, detail }
}
