import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formOf } from '../../src/interpret/template/group.ts'
import { hasDigit, shapeOf } from '../../src/interpret/template/line-shape.ts'
import { Miner } from '../../src/interpret/template/miner.ts'
import { createTokenizer } from '../../src/interpret/template/tokens.ts'

/** What lines are made of that has digits in it, one for each way in which masks look at them. */
const PIECES = [
  'took 160 ms',
  '(41C) at -12.5%',
  '10.0.0.8:2098',
  '::1',
  '::ffff:10.1.2.3/24',
  'fe80::1ff:fe23:4567:890a',
  '00:11:43:e3:ba:c3',
  '2025-03-04T05:06:07,161016Z',
  'Fri Jun 17 07:07:00 2005',
  '96abccce-8d1f-4e07-b6d1-4b2ab87e23b4',
  '0x80004005',
  '[HRESULT = 0x800f0805 - CBS_E_INVALID]',
  '1920x1080',
  'SOCKS5',
  'IPv4',
  'md5',
  'NTLMv2',
  'r00=1a',
  'call2() of a1::b2',
  '0|com.a.b|1|null|10',
  '{41ad6f0 u0 Bar}',
  'Segment(base=0, size=12)',
  'node-[1-31 40]',
  'LOG: select 1',
  'status=sent (250 2.0 queued as A1B2)',
  'GET /a?b=1 HTTP/1.1',
  'uid=0 x1=7 x=[1, 2]',
  '1190 bytes (1.16 KB)',
  'E0401',
  'sdb1 on /dev/sda1',
  'host1.example.com:80',
  'a1b2c3d4e5',
]
const WORDS = ['the', 'disk failed', 'of', 'Session:', 'is "open"', 'for user', 'The Big Old service', '—']

const digit = fc.integer({ min: 0, max: 9 })
const lines = fc
  .array(fc.constantFrom(...PIECES, ...WORDS), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(' '))
  .chain((line) =>
    fc.record({ one: fc.constant(line), digits: fc.array(digit, { minLength: 80, maxLength: 80 }) }),
  )
  .map(({ one, digits }) => ({
    one,
    other: one.replace(/(?<!\()\d(?!x)/gi, (_, at: number) => String(digits[at % digits.length])),
  }))

describe('the shape of a line', () => {
  it('is that of all lines that differ in digits, and they have the same template if no digit is left in it', () => {
    const tokenize = createTokenizer()
    fc.assert(
      fc.property(lines, ({ one, other }) => {
        expect(shapeOf(other)).toBe(shapeOf(one))
        const [a, b] = [one, other].map((line) => {
          const { words, seps } = tokenize(line)
          return { form: formOf(words), seps: [...seps] }
        })
        if (!hasDigit(a?.form ?? '')) expect(b).toEqual(a)
        else expect(hasDigit(b?.form ?? '')).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['the digit before an x', '0x1f', '1x1f'],
    ['the first digit in parentheses', 'x=sent (250 queued)', 'x=sent (550 queued)'],
    ['where digits are', 'a1', 'a_'],
    ['their number', 'took 16', 'took 160'],
    ['characters that are no digits', 'é1', 'ê1'],
  ])('tells apart %s', (_, one, other) => {
    expect(shapeOf(one)).not.toBe(shapeOf(other))
  })

  it('gives a line the template of one that differs in numbers, which is not new', () => {
    const miner = new Miner()
    const first = miner.learn('worker 12 lost 3 of 40 blocks on /dev/sda1')
    expect(miner.learn('worker 77 lost 9 of 41 blocks on /dev/sdb1')).toEqual({ ...first, isNew: false })
    expect(miner.learn('speaks SOCKS7 now').id).not.toBe(miner.learn('speaks SOCKS5 now').id)
  })
})
