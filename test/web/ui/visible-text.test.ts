import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visible } from '../../../src/triage/visible.ts'
import { captureTitle } from '../../../src/web/ui/capture-title.ts'
import { fixedParts } from '../../../src/web/ui/fixed-parts.ts'
import { blocksOf, oneLine, segmentsOf, variableParts } from '../../../src/web/ui/visible-text.ts'

const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u

describe('text of logs', () => {
  it('has nothing that a terminal or a reader would act on', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !UNSEEN.test(visible(text))))
    expect(visible('\u001b[31mred\u202eevil\u0000')).toBe('␛[31mred⟨U+202E⟩evil␀')
  })

  it('in letters of any script stays as it is', () => {
    for (const text of ['خطأ في الاتصال', 'ошибка', '接続エラー', 'naïve – “quoted” 🙂'])
      expect(visible(text)).toBe(text)
  })

  it('is one line in a row, and short', () => {
    expect(oneLine('a\n\tb\r', 100)).toBe('a ⏎  ⇥ b␍')
    expect(oneLine('x'.repeat(1_000_000), 400)).toHaveLength(401)
  })

  it('that is long is cut into blocks, between lines where there are some', () => {
    expect(blocksOf('one\ntwo\nthree', 8)).toEqual(['one\ntwo\n', 'three'])
    expect(blocksOf('abcdefgh', 3)).toEqual(['abc', 'def', 'gh'])
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (text, size) => {
        const blocks = blocksOf(text, size)
        expect(blocks.join('')).toBe(text)
        expect(Math.max(...blocks.map((block) => block.length))).toBeLessThanOrEqual(size)
      }),
    )
  })

  it('is cut at what was looked for, in any case, and stays whole', () => {
    expect(
      segmentsOf('An Error, an error', 'ERROR').map(({ text, isHit }) => (isHit ? `[${text}]` : text)),
    ).toEqual(['An ', '[Error]', ', an ', '[error]'])
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, wanted) => {
        expect(
          segmentsOf(text, wanted)
            .map((segment) => segment.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })
})

describe('the variable parts', () => {
  const told = (parts: readonly { text: string; isHit: boolean }[]) =>
    parts.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join('')

  it('of a template are its masks', () => {
    expect(told(variableParts('unknown session <*> of <user>, a < b'))).toBe(
      'unknown session [<*>] of [<user>], a < b',
    )
  })

  it('of an example are what stands between the fixed words', () => {
    const template = 'Could not create <*> session'
    expect(told(fixedParts('Could not create virtual session s-41', template, []))).toBe(
      'Could not create[ virtual ]session[ s-41]',
    )
  })

  it('of a line that a rule knows are what the rule captured', () => {
    expect(told(fixedParts('mount of fs-12 on /data failed', undefined, ['/data', 'fs-12']))).toBe(
      'mount of [fs-12] on [/data] failed',
    )
  })
})

it.each([
  ['client_ip', 'Client IP'],
  ['computer', 'Computer'],
  ['sessionId', 'Session ID'],
])('a capture %s is called %s', (name, title) => expect(captureTitle(name)).toBe(title))
