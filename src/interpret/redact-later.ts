import type { RecordChunk } from '../model.ts'
import { redact, secretSpans } from './redact.ts'
import { hasHead, isMidLine, lineBefore, type RowTexts, textOf } from './row-texts.ts'
import { closesLater, LINES_MORE } from './secret-value.ts'

type InQuote = NonNullable<RecordChunk['memory']['inQuote']>
type Leads = NonNullable<RecordChunk['memory']['leads']>

const OPENED = /\\*["'`]$/
/** Characters behind which a value stands, be it on the next line. */
const LEADING = new Set([...`:=,[({>"'\``])
const QUOTES = new Set(['"', "'", '`'])
/** Nothing but its key makes it a secret. */
const A_VALUE = 'some value'
/** So much of the lines that lead to a value is kept. */
const LED_CHARACTERS = 400

/** Notes what of a secret the rows after this one may hold: `text` is the row's, in which a secret's word stands. */
export function noteLeading(row: number, text: string, { led, opened }: RowTexts): void {
  if (led.at(-1) === row || !leadsOn(text)) return
  led.push(row)
  const quote = OPENED.exec(text.slice(-8))?.[0]
  if (quote === undefined) return
  // Does the value begin after this quote? It is seen when there is one.
  const span = secretSpans(text + A_VALUE).at(-1)
  if (span?.begin === text.length && span.end > text.length) opened.push({ row, quote })
}

/** Does a line end with what stands before a value? A quote behind a word ends one. */
function leadsOn(text: string): boolean {
  const line = text.trimEnd()
  const last = line.at(-1) ?? ''
  if (!LEADING.has(last)) return false
  return !QUOTES.has(last) || /(?:^|[\s:=,[({>"'`\\])["'`]$/.test(line.slice(-2))
}

/** Notes that a secret of this text reaches to its end, and that the quote before it may close in the rows after. */
export function noteOpened(row: number, text: string, begin: number, { opened }: RowTexts): void {
  const quote = OPENED.exec(text.slice(Math.max(0, begin - 8), begin))?.[0]
  if (quote !== undefined) opened.push({ row, quote })
}

/**
 * The rest of a secret whose quote closes a few rows on, where each line is a record. What does not close is left alone;
 * where the rows that tell have not come yet, those that have are taken for a part of it.
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

/** Values on the lines below their keys, where each line is a record. */
export function redactLed(chunk: RecordChunk, texts: RowTexts): void {
  const { leads } = chunk.memory
  delete chunk.memory.leads
  if (leads !== undefined) redactBelow(chunk, -1, leads, texts)
  for (const row of texts.led) {
    // Without the secrets of what it continues: it is kept.
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
