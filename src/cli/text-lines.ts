import { StringDecoder } from 'node:string_decoder'

const CARRIAGE_RETURN = 13
const BYTE_ORDER_MARK = 0xfeff

/**
 * Cuts a stream of bytes into lines, one batch for each piece read. `\n` and `\r\n` end a line; bytes that are not UTF-8
 * become U+FFFD. A line longer than `maxLength` is cut and its rest skipped, so that memory stays bounded.
 */
export async function* lineBatches(
  input: AsyncIterable<string | Uint8Array>,
  maxLength: number,
): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8')
  let isFirst = true
  let rest = ''
  for await (const piece of input) {
    const whole = typeof piece === 'string' ? piece : decoder.write(asBuffer(piece))
    const text = isFirst && whole.charCodeAt(0) === BYTE_ORDER_MARK ? whole.slice(1) : whole
    isFirst = false
    const lines: string[] = []
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.push(
        rest === '' ? lineOf(text, from, end, maxLength) : joined(rest, text.slice(from, end), maxLength),
      )
      rest = ''
      from = end + 1
    }
    if (rest.length < maxLength) rest += text.slice(from, from + maxLength)
    if (lines.length > 0) yield lines
  }
  rest += decoder.end()
  if (rest !== '') yield [joined(rest, '', maxLength)]
}

function joined(head: string, tail: string, maxLength: number): string {
  const line = head + tail
  return lineOf(line, 0, line.length, maxLength)
}

function lineOf(text: string, from: number, end: number, maxLength: number): string {
  const last = end > from && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end
  return text.slice(from, Math.min(last, from + maxLength))
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
