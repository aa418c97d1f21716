import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyHead, type Format } from '../../src/interpret/format.ts'
import { zone } from '../../src/interpret/zone.ts'
import { readHead, shippedFormat, shippedIds } from './format-head.ts'

const two = (n: number) => String(n).padStart(2, '0')

/** Pieces that heads are made of, so that many almost are one. */
const PIECES =
  '[ ] ( ) - : , . / + Z T { } < > * 0 2 9 2026 -04- 04 21 31 14:03:51 ,300 ,161016 Apr Thu INFO WARN ERROR EE 0x0020 be[a.b] ]: ) - \t'.split(
    ' ',
  )
const pieces = fc.array(fc.constantFrom(...PIECES, ' ', '  ', '\n', '\r', 'x', 'é', '2026-04-21 14:03:51'), {
  maxLength: 30,
})
const near = pieces.map((parts) => Buffer.from(parts.join('')))
const anything = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes))
const formats = shippedIds().map(shippedFormat)

/** Reads bytes by a format in a window of them, and checks what must hold of any answer. */
function check(format: Format, bytes: Buffer, at: number, end: number): void {
  const head = emptyHead()
  const context = { zone: zone('Europe/Paris'), mtimeMs: Date.UTC(2026, 5, 1) }
  const parsed = format.parse(bytes, at, end, context, head)
  const newline = bytes.subarray(at, end).indexOf(10)
  const starts = format.framing.startsRecord(bytes, at, newline < 0 ? end : at + newline)
  const { componentBegin, componentEnd, textBegin, textEnd, level, ts } = head
  if (parsed) expect(starts).toBe(true)
  else
    expect(head).toEqual({
      ts: Number.NaN,
      level: 0,
      componentBegin: at,
      componentEnd: at,
      textBegin: at,
      textEnd: end,
    })
  expect(at <= componentBegin && componentBegin <= componentEnd && componentEnd <= end).toBe(true)
  expect(at <= textBegin && textBegin <= textEnd && textEnd <= end).toBe(true)
  expect(level >= 0 && level <= 5).toBe(true)
  expect(Number.isNaN(ts) || Number.isInteger(ts)).toBe(true)
  expect(bytes.toString('latin1', componentBegin, componentEnd)).not.toMatch(/[\x00-\x20\x7f]/)
}

/** What every head says, by the format that writes it so. */
const written: readonly (readonly [
  string,
  (clock: string, micros: string, level: string, word: string) => string,
])[] = [
  ['dcv', (clock, micros, level, word) => `${clock},${micros} [ 1:2  ] ${level.padEnd(5)} ${word} - text`],
  [
    'dcv',
    (clock, micros, level, word) => `${clock.replace(' ', 'T')}.${micros}Z [12:13] ${level} ${word} - text`,
  ],
  [
    'soca-logger',
    (clock, micros, level, word) => `[${clock},${micros.slice(0, 3)}] [${level}] [1] [${word}] [] [f] [text]`,
  ],
  [
    'web-ui-2',
    (clock, micros, level, word) => `[${clock},${micros.slice(0, 3)}] [${level}] [${word}] [text]`,
  ],
  ['cloud-init', (clock, micros, level, word) => `${clock},${micros.slice(0, 3)} - ${word}[${level}]: text`],
  ['gateway', (clock, micros, level, word) => `${clock},${micros} [${level}] ${word}: text`],
]

describe('formats on any bytes', () => {
  it('never throw, never leave the record, and parse nothing that does not start', () => {
    fc.assert(
      fc.property(fc.oneof(anything, near), fc.nat(9), fc.nat(9), (bytes, from, until) => {
        const at = Math.min(from, bytes.length)
        const end = Math.max(at, bytes.length - until)
        for (const format of formats) check(format, bytes, at, end)
      }),
      { numRuns: 600 },
    )
  })

  it('stay quick on lines made to be slow', () => {
    const context = { zone: zone('UTC'), mtimeMs: 0 }
    const head = emptyHead()
    const begun = performance.now()
    for (const piece of [
      '[',
      ']',
      '] ',
      ' ',
      '\t',
      ':',
      ' - ',
      '2026-04-21 14:03:51 ',
      '[2026-04-21 14:03:51,300] [',
      '(EE',
    ]) {
      const bytes = Buffer.from(piece.repeat(Math.ceil(1_000_000 / piece.length)))
      for (const format of formats) {
        format.framing.startsRecord(bytes, 0, bytes.length)
        format.parse(bytes, 0, bytes.length, context, head)
      }
    }
    expect(performance.now() - begun).toBeLessThan(3000)
  })

  it('read back every well-formed head, cut anywhere or whole', () => {
    const heads = fc.record({
      shape: fc.constantFrom(...written),
      ms: fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2150, 0, 1) }),
      micros: fc.integer({ min: 0, max: 999_999 }),
      level: fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'),
      word: fc.stringMatching(/^[a-z][a-z0-9_.-]{0,30}$/),
    })
    fc.assert(
      fc.property(heads, fc.nat(120), ({ shape: [id, write], ms, micros, level, word }, cut) => {
        const date = new Date(ms)
        const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
        const clock = `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
        const digits = String(micros).padStart(6, '0')
        const record = write(clock, digits, level, word)
        const head = readHead(shippedFormat(id), record)
        const names = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error', CRITICAL: 'fatal' }
        const fraction = record.includes(digits) ? digits : `${digits.slice(0, 3)}000`
        const time = `${clock.replace(' ', 'T')}.${fraction}Z`
        const expected = {
          starts: true,
          parsed: true,
          time,
          level: names[level],
          component: word,
          text: 'text',
        }
        expect(head).toEqual(expected)
        const bytes = Buffer.from(record)
        check(shippedFormat(id), bytes, 0, Math.min(cut, bytes.length))
      }),
      { numRuns: 500 },
    )
  })
})
