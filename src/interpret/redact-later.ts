import type { RecordChunk } from '../model.ts'
import { redact, secretSpans } from './redact.ts'
import { hasHead, isMidLine, lineBefore, type RowTexts, textOf } from './row-texts.ts'
import { closesLater, LINES_MORE } from './secret-value.ts'

type InQuote = NonNullable<RecordChunk['memory']['inQuote']>
type Leads = NonNullable<RecordChunk['memory']['leads']>

const OPENED = /\\*["'`]$/
/** Characters after which a value follows, even on the next line. */
const LEADING = new Set([...`:=,[({>"'\``])
const QUOTES = new Set(['"', "'", '`'])
/** A value that only its key makes a secret. */
const A_VALUE = 'some value'
/** This much of the lines that lead to a value is kept. */
const LED_CHARACTERS = 400

/** Notes which part of a secret the following rows may contain: `text` is that of the row, in which a secret's word occurs. */
export function noteLeading(row: number, text: string, { led, opened }: RowTexts): void {
  if (led.at(-1) === row || !leadsOn(text)) return
  led.push(row)
  const quote = OPENED.exec(text.slice(-8))?.[0]
  if (quote === undefined) return
  // Does the value begin after this quote? A value appended as a test shows it.
  const span = secretSpans(text + A_VALUE).at(-1)
  if (span?.begin === text.length && span.end > text.length) opened.push({ row, quote })
}

/** Does a line end with what precedes a value? A quote behind a word ends one instead. */
function leadsOn(text: string): boolean {
  const line = text.trimEnd()
  const last = line.at(-1) ?? ''
  if (!LEADING.has(last)) return false
  return !QUOTES.has(last) || /(?:^|[\s:=,[({>"'`\\])["'`]$/.test(line.slice(-2))
}

/** Notes that a secret of this text reaches to its end, and that its quote may close in the following rows. */
export function noteOpened(row: number, text: string, begin: number, { opened }: RowTexts): void {
  const quote = OPENED.exec(text.slice(Math.max(0, begin - 8), begin))?.[0]
  if (quote !== undefined) opened.push({ row, quote })
}

/**
 * Masks the rest of a secret whose quote closes a few rows later, where each line is a record. A quote that does not close is
 * left alone; if the deciding rows have not come yet, the present ones are taken as part of the secret.
 */
export function redactOpened(chunk: RecordChunk, texts: RowTexts): void {
  const { inQuote } = chunk.memory
  delete chunk.memory.inQuote
  if (inQuote !== undefined) redactRest(chunk, -1, inQuote, texts)
  for (const { row, quote } of texts.opened) redactRest(chunk, row, { quote, lines: LINES_MORE }, texts)
}

function redactRest(chunk: RecordChunk, row: number, { quote, lines }: InQuote, texts: RowTexts): void {
  const maskUpTo = (end: number) => {
    for (let within = row + 1; within < end; within++) texts.replaced.set(within, '«redacted:password»')
  }
  let left = lines
  let at = row + 1
  for (; at < chunk.count; at++) {
    if (!isMidLine(chunk, at)) left--
    if (left < 0 || hasHead(chunk, at, texts)) return
    const text = textOf(chunk, at, texts)
    const end = closesLater(text, 0, quote)
    if (end === 'never') return
    if (end < 0) continue
    maskUpTo(at)
    if (end > 0) texts.replaced.set(at, `«redacted:password»${text.slice(end)}`)
    return
  }
  maskUpTo(at)
  chunk.memory.inQuote = { quote, lines: left }
}

/** Masks values on the lines below their keys, where each line is a record. */
export function redactLed(chunk: RecordChunk, texts: RowTexts): void {
  const { leads } = chunk.memory
  delete chunk.memory.leads
  if (leads !== undefined) redactBelow(chunk, -1, leads, texts)
  for (const row of texts.led) {
    // Secrets of the continued text are masked first, since it is kept.
    const begin = isMidLine(chunk, row) ? redact(lineBefore(chunk)) : ''
    redactBelow(chunk, row, { text: begin + textOf(chunk, row, texts), lines: LINES_MORE }, texts)
  }
}

function redactBelow(chunk: RecordChunk, row: number, { text, lines }: Leads, texts: RowTexts): void {
  let before = text
  let left = lines
  for (let at = row + 1; at < chunk.count; at++) {
    if (!isMidLine(chunk, at)) {
      left--
      before += '\n'
    }
    if (left < 0 || hasHead(chunk, at, texts)) return
    const shown = textOf(chunk, at, texts)
    const safe = redact(shown, before)
    if (safe !== shown) texts.replaced.set(at, safe)
    before += safe
  }
  const { leads } = chunk.memory
  const isLonger = before.length > (leads?.text.length ?? 0)
  chunk.memory.leads = {
    text: isLonger ? before.slice(-LED_CHARACTERS) : (leads?.text ?? ''),
    lines: Math.max(leads?.lines ?? 0, left),
  }
}
