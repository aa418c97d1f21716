import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText, needsCleaning } from '../../src/interpret/clean.ts'

const needs = (text: string) => {
  const bytes = Buffer.from(`\x1b${text}\r`)
  return needsCleaning(bytes, 1, bytes.length - 1)
}

describe('cleaning', () => {
  it.each([
    ['nothing to do\n\tin two lines', 'nothing to do\n\tin two lines'],
    ['\x1b[31mred\x1b[0m and \x1b[1;38;5;12mblue\x1b[m', 'red and blue'],
    ['\x1b[?25l\x1b[2K\x1b[1Gdone\x1b[?25h', 'done'],
    ['\x1b]0;a title\x07shell', 'shell'],
    ['\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['\x1b(B\x1b=plain\x1bc', 'plain'],
    ['\x1bPdevice text\x1b\\after', 'after'],
    ['\u009b31mC1\u009b0m and \u009d0;title\u009c!', 'C1 and !'],
    ['cut off \x1b[31', 'cut off '],
    ['cut off \x1b', 'cut off '],
    ['not ended \x1b]0;stays in sight', 'not ended 0;stays in sight'],
    ['not ended \x1b]0;a\nb\x07', 'not ended 0;a\nb'],
    ['a\x00b\x07c\x08d\x7fe\x0bf\u0085g', 'abcdefg'],
  ])('of %j gives %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected)
  })

  it('R21: keeps of each line what was written last', () => {
    expect(cleanText(' 10%\r 50%\r100%')).toBe('100%')
    expect(cleanText(' 10%\r100%\r\nnext\r\n')).toBe('100%\nnext\n')
    expect(cleanText('a\rb\nc\rd\ne')).toBe('b\nd\ne')
    expect(cleanText('done\r')).toBe('done')
    expect(cleanText('done\r\r\n')).toBe('done\n')
    expect(cleanText('\r')).toBe('')
    expect(cleanText('\r\r\rx')).toBe('x')
    expect(cleanText('50%\r\x1b[Kdone\x1b[K\r\x1b[K')).toBe('done')
  })

  it('is quick on hostile lines', () => {
    const begun = performance.now()
    for (const piece of ['\r', '\x1b]', '\x1b[', '\x1b[1;', '\x1bP', '\x1b', '\u2028', '\x9d', 'x\r']) {
      cleanText(`${piece.repeat(200_000)}x`)
    }
    expect(performance.now() - begun).toBeLessThan(3000)
  })

  it('is needed for any control character but tab and newline', () => {
    for (let code = 0; code < 0xa0; code++) {
      const control = (code < 0x20 && code !== 9 && code !== 10) || code >= 0x7f
      expect(needs(`a${String.fromCharCode(code)}é`), String(code)).toBe(control)
    }
    for (const text of ['', 'plain', 'a\n\tb', 'Â é 日本 🙂 \u00a0 \u2028', '\u00c2'])
      expect(needs(text), text).toBe(false)
    expect(needsCleaning(Buffer.of(0xc2, 0x80), 0, 1)).toBe(false)
    expect(needsCleaning(Buffer.of(0xff, 0x80, 0x9f), 0, 3)).toBe(false)
  })

  const controls = fc.constantFrom(
    ...'\x00\x07\x08\t\n\r\x1b\x7f\u009b\u0085[]()?;0m\\K\u2028é日a '.split(''),
    '\x1b[',
    '\x1b]',
    '\r\n',
  )
  const texts = fc
    .array(fc.oneof(controls, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 60 })
    .map((parts) => parts.join(''))

  it('leaves no control character, whatever it is given, and nothing to clean', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const clean = cleanText(text)
        expect(clean).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/)
        expect(cleanText(clean)).toBe(clean)
        expect(clean.split('\n').length).toBe(text.split('\n').length)
        const bytes = Buffer.from(clean)
        expect(needsCleaning(bytes, 0, bytes.length)).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('would change nothing where it is not needed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          texts.map((text) => Buffer.from(text)),
          fc.uint8Array({ maxLength: 40 }),
        ),
        (bytes) => {
          const buffer = Buffer.from(bytes)
          const text = buffer.toString('utf8')
          if (!needsCleaning(buffer, 0, buffer.length)) expect(cleanText(text)).toBe(text)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
