import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact, SECRET_NEEDLES, secretSpans } from '../../src/interpret/redact.ts'
import { CARRIERS, type Carrier } from './redact-carriers.ts'

const RUNS = Number(process.env['REDACT_RUNS'] ?? 25)

/** Pieces of six characters of the value that the output still shows and the text around it did not. */
function leaks(output: string, [front, value, back]: readonly [string, string, string]): string[] {
  const around = `${front}\0${back}`
  const pieces = Array.from({ length: Math.max(value.length - 5, 0) }, (_, at) => value.slice(at, at + 6))
  return pieces.filter((piece) => output.includes(piece) && !around.includes(piece))
}

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

  it('leaves no piece when the text is cut anywhere', () => {
    fc.assert(
      fc.property(planted(carrier), fc.nat(), (parts, nat) => {
        const text = parts.join('')
        const at = nat % (text.length + 1)
        const first = text.slice(0, at)
        if (!carrier.keyless) expect(leaks(redact(first), parts)).toEqual([])
        expect(leaks(redact(text.slice(at), first), parts)).toEqual([])
      }),
      { numRuns: RUNS * 3 },
    )
  })

  it('is found by a needle', () => {
    fc.assert(
      fc.property(planted(carrier), (parts) => {
        const text = parts.join('')
        expect(secretSpans(text)).not.toEqual([])
        expect(SECRET_NEEDLES.some((needle) => text.includes(needle))).toBe(true)
      }),
      { numRuns: RUNS },
    )
  })
})
