import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutText } from '../../src/triage/cut-text.ts'

test('a long text is cut, with how much is left out and where it is', () => {
  expect(cutText('short', 5, 'there')).toBe('short')
  expect(cutText(`error: ${'A'.repeat(1_000_000)}`, 10, 'all of it: --json')).toBe(
    'error: AAA… (999,997 more characters; all of it: --json)',
  )
})

test('no character is cut in two, and what is shown and left out are the whole', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 12 }),
      fc.integer({ min: 1, max: 11 }),
      (text, most) => {
        const [, shown = '', left = ''] =
          /^([\s\S]*)… \(([\d,]+) more characters; x\)$/.exec(cutText(text, most, 'x')) ?? []
        expect(text.startsWith(shown)).toBe(true)
        expect(shown).not.toMatch(/[\ud800-\udbff]$/)
        expect(shown.length + Number(left.replaceAll(',', ''))).toBe(text.length)
      },
    ),
  )
})
