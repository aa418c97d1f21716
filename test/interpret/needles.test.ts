import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ANY_CASE } from '../../src/interpret/any-case-alphabet.ts'
import { byteSetsOf, measure } from '../../src/interpret/byte-set.ts'
import { needlesOf } from '../../src/interpret/needles.ts'
import { requiredLiterals } from '../../src/interpret/required-literals.ts'

/** An expression together with a text that it matches. */
type Example = { readonly source: string; readonly text: string }

const letter = fc.constantFrom(...'abcdK-_ :é日\n\tſ', '[', '(', '.', '*')
const escaped = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const leaf: fc.Arbitrary<Example> = fc.oneof(
  { weight: 6, arbitrary: letter.map((text) => ({ source: escaped(text), text })) },
  {
    weight: 3,
    arbitrary: fc
      .string({ unit: letter, minLength: 2, maxLength: 9 })
      .map((text) => ({ source: escaped(text), text })),
  },
  letter.map((text) => ({ source: `[${escaped(text).replace('-', '\\-')}xy]`, text })),
  fc.constantFrom(...'abc').map((text) => ({ source: '[a-c]', text })),
  fc.constantFrom(...'z9 ').map((text) => ({ source: '[^ab]', text })),
  fc.constantFrom(
    { source: '.', text: 'q' },
    { source: '\\d', text: '7' },
    { source: '\\w+', text: 'word' },
    { source: '', text: '' },
    { source: '(?:)', text: '' },
    { source: '(?!never)', text: '' },
    { source: '(?<!never)', text: '' },
    { source: 'xyz(?<=yz)', text: 'xyz' },
    { source: '(?=look)look', text: 'look' },
    { source: '(?=.*)', text: '' },
    { source: '[]|ab', text: 'ab' },
  ),
)

const { example } = fc.letrec<{ example: Example }>((tie) => ({
  example: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'regex' },
    { weight: 3, arbitrary: leaf },
    {
      weight: 4,
      arbitrary: fc.array(tie('example'), { maxLength: 5, depthIdentifier: 'regex' }).map((parts) => ({
        source: parts.map((part) => `(?:${part.source})`).join(''),
        text: parts.map((part) => part.text).join(''),
      })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('example'), tie('example'), fc.boolean())
        .map(([a, b, first]) => ({ source: `(${a.source}|${b.source})`, text: first ? a.text : b.text })),
    },
    {
      weight: 2,
      arbitrary: fc
        .record({
          part: tie('example'),
          min: fc.nat(3),
          more: fc.nat(3),
          open: fc.boolean(),
          turns: fc.nat(3),
        })
        .map(({ part, min, more, open, turns }) => ({
          source: `(?:${part.source}){${min},${open ? '' : min + more}}`,
          text: part.text.repeat(min + Math.min(turns, more)),
        })),
    },
  ),
}))

function holdsOne(text: string, needles: readonly string[]): boolean {
  const bytes = Buffer.from(text)
  return needles.some((needle) => bytes.includes(needle))
}

function standsIn(bytes: Buffer, needle: string): boolean {
  const places = byteSetsOf(needle)
  const begins = Array.from({ length: Math.max(0, bytes.length - places.length + 1) }, (_, at) => at)
  return begins.some((at) => places.every((set, i) => set.has[bytes[at + i] as number] === 1))
}

describe('required literals', () => {
  test('every match holds one of them', () => {
    let claimed = 0
    const cases = fc.record({
      example,
      flags: fc.constantFrom('mu', 'miu', 'm', 'mi', 'v', 'msu'),
      upper: fc.boolean(),
    })
    fc.assert(
      fc.property(cases, ({ example: { source, text }, flags, upper }) => {
        const shown = upper && flags.includes('i') ? text.toUpperCase() : text
        const found = new RegExp(source, flags).exec(shown)
        const needles = requiredLiterals(source, flags)
        if (found === null || needles === undefined) return
        claimed++
        expect(needles.length).toBeGreaterThan(0)
        expect(holdsOne(shown, needles)).toBe(true)
      }),
      { numRuns: 4000 },
    )
    expect(claimed).toBeGreaterThan(500)
  })

  test.each<[source: string, flags: string, needles: readonly string[] | undefined]>([
    ['mount\\.nfs4?: Connection timed out', 'mu', [': Connection timed out']],
    ["unknown session '(?<session>[^']+)' was (?:asked|sought)", 'mu', ["unknown session '"]],
    ['Transaction (check|test) error', 'mu', ['Transaction check', 'Transaction test']],
    ['(?:disk quota exceeded|no space left)', 'mu', ['disk quota exceeded', 'no space left']],
    ['(?:out of memory|oom)+ in \\d+', 'mu', ['out of memory in ', 'oom in ']],
    ['(?:connection refused)?', 'mu', undefined],
    ['connection refused|.*', 'mu', undefined],
    ['Connection', 'imu', undefined],
    ['code \\(12345:67890\\)', 'imu', [' (12345:67890)']],
    ['(?:refused){2,}', 'mu', ['refused']],
    ['go+al reached', 'mu', ['oal reached']],
    ['first line\\nsecond line', 'mu', ['second line']],
    ['error code: [45]\\d\\d', 'mu', ['error code: ']],
    ['nvidia[78] is gone', 'mu', ['nvidia7 is gone', 'nvidia8 is gone']],
    ['nvidia[0-9a-z] is gone', 'mu', [' is gone']],
    ['(?<=Caused by: )\\w+', 'mu', ['Caused by: ']],
    ['(?!Caused by: )\\w+', 'mu', undefined],
    ['^$', 'mu', undefined],
    ['amazonaws\\.com.*(?:bad certificate|no certificate)', 'mu', ['bad certificate', 'no certificate']],
    ['lookup on s3\\.amazonaws\\.com.*(?:bad|no) host', 'mu', ['lookup on s3.amazonaws.com']],
  ])('%s with %s', (source, flags, needles) => {
    expect(requiredLiterals(source, flags)).toEqual(needles)
  })

  test('in any case, every match holds one of them', () => {
    let claimed = 0
    const beside = fc.constantFrom('', ' ', ':', 'x', 'Y', '_', '7', '”', 'é', '.', '-')
    const begin = fc.constantFrom('', '(?<![\\w./-])', '(?<=[ :xy7]|^)', '(?<=[\\s(])', 'a?')
    const end = fc.constantFrom('', '(?![\\w./-]|:x)', '(?=[ :]|$)', '(?=x|[\\s.])', '(?=Xy|zz)', 'b?')
    // Beside what must match, an expression within an expression would be tried for ever.
    const simple = fc
      .uniqueArray(fc.string({ unit: letter, minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 4 })
      .map((words): Example => ({ source: words.map(escaped).join('|'), text: words[0] ?? '' }))
    const cases = fc.record({
      parts: fc.oneof(
        example.map((one) => ({ begin: '', one, end: '' })),
        fc.record({ begin, one: simple, end }),
      ),
      ...{ before: beside, after: beside },
      ignoreCase: fc.boolean(),
      upper: fc.boolean(),
    })
    fc.assert(
      fc.property(cases, ({ parts: { begin, one, end }, before, after, ignoreCase, upper }) => {
        const flags = ignoreCase ? 'i' : ''
        const shown = before + (upper && ignoreCase ? one.text.toUpperCase() : one.text) + after
        const whole = `${begin}(?:${one.source})${end}`
        const found = new RegExp(whole, flags).exec(shown)
        const needles = requiredLiterals(whole, flags, ANY_CASE)
        if (found === null || needles === undefined) return
        claimed++
        const bytes = Buffer.from(`\n${shown}\n`)
        expect(needles.some((needle) => standsIn(bytes, needle))).toBe(true)
      }),
      { numRuns: 4000 },
    )
    expect(claimed).toBeGreaterThan(500)
  })

  test('in any case, they know what stands before and after a word', () => {
    const needles = requiredLiterals('\\b(?:fatal|Gave up)(?![\\w-])', '', ANY_CASE) ?? []
    const shown = (text: string) => needles.some((needle) => standsIn(Buffer.from(text), needle))
    expect(needles.map((needle) => measure(needle).bytes)).toEqual([7, 9])
    expect(['(FATAL)', ' fatal\n', '“fatal”', ' Gave up.'].filter(shown)).toHaveLength(4)
    expect(['prefatal ', ' fatal-x', ' gave up.'].filter(shown)).toEqual([])
  })

  test('a faulty expression is a SyntaxError', () => {
    expect(() => requiredLiterals('(unclosed', 'mu')).toThrow(SyntaxError)
  })

  test('literals become needles without control characters, and without those that hold another one', () => {
    expect(needlesOf(['one line\nthe longer line\n', 'x'])).toEqual(['the longer line', 'x'])
    expect(needlesOf(['Connection reset', 'Connection reset by peer'])).toEqual(['Connection reset'])
    expect(needlesOf(['fine', '\n\n'])).toBeUndefined()
  })
})
