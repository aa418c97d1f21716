import { describe, expect, test } from 'vitest'
import { boundedRegex } from '../../src/interpret/bounded-regex.ts'
import { unsafeRepeat } from '../../src/interpret/regex-safety.ts'

describe('expressions that could run for long', () => {
  test.each([
    '(a+)+b',
    '(?:\\w*,?)*x',
    '(?:a|a)*b',
    '(?:[a-c]|b)+x',
    '(?:x(?::[^:]+)*)*y',
    '((?:ab*){0,100})*',
    'a.*b.*c.*d',
    'a.*b.*c[^;]*;',
    '(?:one|a.*b.*c.*d) end',
  ])('%s is refused', (source) => {
    expect(unsafeRepeat(source, 'mu')).toMatch(/open-ended repeat/)
  })

  test.each([
    'a.*b.*c',
    "client '([^']+)': session '([^']+)' of '([^']+)' is '([^']+)'",
    '\\w+ \\d+ \\w+ \\d+ [0-9a-f]+ \\d+',
    '[^\\s:]+(?::[^\\s:]+)*',
    '(?:[^"\\\\]|\\\\.)*"',
    '(?:\\d{1,3}\\.){3}\\d{1,3}',
    '^Traceback[^\\n]*\\n(?: [^\\n]*\\n)*\\w+Error',
  ])('%s is fine', (source) => {
    expect(unsafeRepeat(source, 'mu')).toBeUndefined()
  })
})

describe('expressions on long texts', () => {
  const long = 'x'.repeat(50_000)

  test('are searched near their needles, wherever those stand', () => {
    const search = boundedRegex('^(?<who>\\w+) lost the connection$', 'mu', () => [' lost the connection'])
    expect(search(`${long}\ndb lost the connection\n${long}`)).toEqual({ who: 'db' })
    const nearMisses = ' lost the connection, nearly '.repeat(100)
    expect(search(`${nearMisses}\n${long}\ndb lost the connection`)).toEqual({ who: 'db' })
  })

  test('begin and end of a window are not taken for those of a line', () => {
    expect(boundedRegex('^x+ lost$', 'mu', () => [' lost'])(`${long} lost`)).toBeUndefined()
    expect(boundedRegex('lost (?<rest>x+)$', 'mu', () => ['lost '])(`lost ${long}`)).toBeUndefined()
    expect(boundedRegex('lost (?<rest>x+)', 'mu', () => ['lost '])(`lost ${long}`)?.['rest']).toMatch(
      /^x{4000}/,
    )
  })

  test('without needles only their beginning is searched', () => {
    const search = boundedRegex('y\\d', 'mu', () => undefined)
    expect([search(`y1${long}`), search(`${long}y1`)]).toEqual([{}, undefined])
  })
})
