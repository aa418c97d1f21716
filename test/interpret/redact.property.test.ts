import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leadsToSecret, redact, SECRET_NEEDLES, secretSpans } from '../../src/interpret/redact.ts'
import { CARRIERS, type Carrier } from './redact-carriers.ts'

const RUNS = 20

/** Pieces of six characters of the value that the output still shows and the text around it did not. */
function leaks(output: string, [front, value, back]: readonly [string, string, string]): string[] {
  const around = `${front}\0${back}`
  const pieces = Array.from({ length: Math.max(value.length - 5, 0) }, (_, at) => value.slice(at, at + 6))
  return pieces.filter((piece) => output.includes(piece) && !around.includes(piece))
}

const someNeedleLeads = (text: string): boolean =>
  SECRET_NEEDLES.some((needle, index) => {
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
      if (leadsToSecret(text, index, at)) return true
    }
    return false
  })

const planted = (carrier: Carrier): fc.Arbitrary<readonly [string, string, string]> =>
  carrier.values.map((value) => carrier.print(value))

describe.each(CARRIERS.map((carrier) => [carrier.name, carrier] as const))('%s', (_, carrier) => {
  it('leaves no piece of the value', () => {
    fc.assert(
      fc.property(planted(carrier), (parts) => {
        const output = redact(parts.join(''))
        expect(leaks(output, parts)).toEqual([])
        expect(output).toContain(`«redacted:${carrier.kind}»`)
        expect(redact(output)).toBe(output)
      }),
      { numRuns: RUNS },
    )
  })

  it('leaves no piece when the text is flushed in three parts, cut anywhere', () => {
    fc.assert(
      fc.property(planted(carrier), fc.nat(), fc.nat(), (parts, one, two) => {
        const text = parts.join('')
        const [first = 0, second = 0] = [one, two].map((n) => n % (text.length + 1)).sort((a, b) => a - b)
        const outputs = [
          redact(text.slice(first, second), text.slice(0, first)),
          redact(text.slice(second), text.slice(0, second)),
          carrier.keyless ? '' : redact(text.slice(0, first)),
        ]
        // The middle part was flushed without knowing the last one.
        const checked = carrier.keyless ? outputs.slice(1) : outputs
        expect(checked.flatMap((output) => leaks(output, parts))).toEqual([])
      }),
      { numRuns: RUNS * 2 },
    )
  })

  it('is found by a needle', () => {
    fc.assert(
      fc.property(planted(carrier), (parts) => {
        const text = parts.join('')
        expect(secretSpans(text)).not.toEqual([])
        expect(someNeedleLeads(text)).toBe(true)
      }),
      { numRuns: RUNS },
    )
  })
})

const PIECES = [
  ...[
    'password',
    'DB_PASS',
    'authToken',
    '"token"',
    'secret=',
    'SecretString',
    'passwd:',
    '-passwd ',
    'bindpw ',
  ],
  ...[
    '=',
    ' = ',
    ': ',
    ' : ',
    '"',
    "'",
    '\\"',
    '\\\\"',
    "'\\''",
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ',',
    ', ',
    ';',
    '&',
    '?',
  ],
  ...[
    '+ echo ',
    '++ ',
    'curl -u ',
    'a:b',
    'user:pw@h',
    'https://',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----END ',
  ],
  ...['eyJhbGciOiJI', '.', 'AKIAABCDEFGHIJKLMNOP', 'gAAAAABhabc', 'Bearer ', 'Authorization: ', 'net user '],
  ...[
    '$VAR',
    '${X}',
    '$(cmd)',
    '***',
    '«redacted:password»',
    '«redacted:',
    '»',
    'hunter2',
    'Abc123!x',
    'foo',
    'bar baz',
  ],
  ...[
    '\n',
    '\t',
    ' ',
    '%22',
    '&quot;',
    "u'",
    '<Password>',
    '</Password>',
    '"Value": ',
    '/etc/passwd',
    'é',
    '🙂',
    '|',
  ],
]

describe('any mixture of such pieces', () => {
  it('is masked once and for all, by spans in order, found by needles', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }), (pieces) => {
        const text = pieces.join('')
        const output = redact(text)
        expect(redact(output)).toBe(output)
        const spans = secretSpans(text)
        expect(spans.length === 0 || someNeedleLeads(text)).toBe(true)
        let reached = 0
        for (const { begin, end } of spans) {
          expect(begin >= reached && begin < end && end <= text.length).toBe(true)
          reached = end
        }
      }),
      { numRuns: 3000 },
    )
  })
})
