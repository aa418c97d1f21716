/** How the bytes of a file encode text. Everything that is not UTF-16 is handled byte by byte, including invalid UTF-8. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** This many bytes distinguish the encodings, with or without a BOM. */
export const ENCODING_BYTES = 4

/** Detects the encoding by the first bytes of a file: a BOM, or zero bytes where UTF-16 of ASCII text has them. */
export function detectEncoding(head: Buffer): Encoding {
  const [a, b, c, d] = head
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (head.length < ENCODING_BYTES) return 'utf-8'
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le'
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return 'utf-16be'
  return 'utf-8'
}

/** The number of bytes of the mark with which some UTF-8 begins; 0 without one. */
export function bomBytes(text: Buffer): number {
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0
}

/** The most bytes of UTF-8 that `bytes` bytes of UTF-16 can need. */
export function transcodedSize(bytes: number): number {
  return Math.ceil(bytes / 2) * 3
}

/** Converts whole UTF-16 units to UTF-8 in `target`; a lone surrogate becomes U+FFFD. Returns the number of bytes written. */
export function transcode(raw: Buffer, encoding: 'utf-16le' | 'utf-16be', target: Buffer): number {
  const little = encoding === 'utf-16le' ? raw : Buffer.from(raw).swap16()
  return target.write(little.toString('utf16le'), 0, 'utf8')
}

/** How many bytes at the end of `raw` must wait: half a unit, or a high surrogate without its other half. */
export function incompleteUnits(raw: Buffer, encoding: 'utf-16le' | 'utf-16be'): number {
  const odd = raw.length % 2
  const high = raw[raw.length - odd - (encoding === 'utf-16le' ? 1 : 2)] ?? 0
  return odd + ((high & 0xfc) === 0xd8 ? 2 : 0)
}

/** How many bytes at the end of `raw` begin a character of UTF-8 whose other bytes have not come; at most 3. */
export function incompleteBytes(raw: Buffer): number {
  for (let length = 1; length <= Math.min(3, raw.length); length++) {
    const byte = raw[raw.length - length] ?? 0
    if (byte < 0x80 || byte > 0xf4) return 0
    if (byte >= 0xc2) return length < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? length : 0
  }
  return 0
}

/** The number of UTF-16 bytes that some UTF-8 text stands for: one unit per character, two where UTF-8 takes four bytes. */
export function utf16Bytes(text: Buffer, begin: number, end: number): number {
  let units = 0
  for (let i = begin; i < end; i++) {
    const byte = text[i] ?? 0
    if (byte < 0x80 || byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1
  }
  return units * 2
}

/** The end of the next newline in `raw` after `from`, or -1. */
export function newlineEnd(raw: Buffer, from: number, encoding: Encoding): number {
  if (encoding === 'utf-8') return raw.indexOf(10, from) + 1 || -1
  const pattern = encoding === 'utf-16le' ? Buffer.from([10, 0]) : Buffer.from([0, 10])
  let at = raw.indexOf(pattern, from)
  while (at >= 0 && at % 2 === 1) at = raw.indexOf(pattern, at + 1)
  return at < 0 ? -1 : at + 2
}
