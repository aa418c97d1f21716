import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteSetsOf, packNeedles, symbolFor, unpackNeedles } from '../../src/interpret/byte-set.ts'
import { createPrefilter, type Prefilter } from '../../src/interpret/prefilter.ts'

type Hit = readonly [position: number, needle: number]

function found(prefilter: Prefilter, bytes: Buffer, used = bytes.length): Hit[] {
  const count = prefilter.scan(bytes, used)
  const { positions, needles } = prefilter
  return Array.from({ length: count }, (_, i): Hit => [positions[i] ?? -1, needles[i] ?? -1])
}

function naive(needles: readonly string[], bytes: Buffer, used = bytes.length): Hit[] {
  const text = bytes.subarray(0, used)
  const hits = needles.flatMap((needle, index) => {
    const places: Hit[] = []
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) places.push([at, index])
    return places
  })
  return hits.sort((a, b) => a[0] - b[0] || a[1] - b[1])
}

/** The same bytes at a chosen distance from the start of their memory. */
function shifted(bytes: Buffer, byteOffset: number): Buffer {
  const copy = Buffer.from(new ArrayBuffer(bytes.length + byteOffset), byteOffset)
  bytes.copy(copy)
  return copy
}

/** Few letters, so that needles occur, overlap and nearly occur often. */
const texts = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength })

describe('prefilter', () => {
  test('finds what a search for each needle finds, at any offset, length and alignment', () => {
    const alphabets = fc.constantFrom('ab', 'abc \n', 'aé日', 'ab\0')
    const cases = alphabets.chain((alphabet) =>
      fc.record({
        needles: fc.array(texts(alphabet, 1, 14), { minLength: 1, maxLength: 12 }),
        text: texts(alphabet, 0, 300),
        byteOffset: fc.nat(9),
        spare: fc.nat(12),
      }),
    )
    fc.assert(
      fc.property(cases, ({ needles, text, byteOffset, spare }) => {
        const bytes = shifted(Buffer.from(text), byteOffset)
        const used = Math.max(0, bytes.length - spare)
        expect(found(createPrefilter(needles), bytes, used)).toEqual(naive(needles, bytes, used))
      }),
      { numRuns: 500 },
    )
  })

  test('finds needles planted into any bytes', () => {
    const cases = fc.record({
      needles: fc.uniqueArray(fc.string({ minLength: 7, maxLength: 40 }), { minLength: 1, maxLength: 40 }),
      noise: fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 40 }),
      byteOffset: fc.nat(7),
    })
    fc.assert(
      fc.property(cases, ({ needles, noise, byteOffset }) => {
        const parts = noise.flatMap((bytes, i) => [bytes, Buffer.from(needles[i % needles.length] ?? '')])
        const bytes = shifted(Buffer.concat(parts), byteOffset)
        expect(found(createPrefilter(needles), bytes)).toEqual(naive(needles, bytes))
      }),
      { numRuns: 200 },
    )
  })

  test('finds needles in any case, and with bytes of which any may stand there, beside exact ones', () => {
    const symbols = fc.constantFrom(
      symbolFor((byte) => byte >= 0x30 && byte <= 0x39),
      symbolFor((byte) => byte < 0x30 || byte > 0x7a),
      symbolFor(() => true),
    )
    const parts = fc.array(fc.oneof({ weight: 5, arbitrary: texts('abAB é_@`[{', 1, 4) }, symbols), {
      maxLength: 3,
    })
    const anyCase = fc
      .tuple(parts, texts('abAB é', 8, 11), parts)
      .map(([begin, core, end]) => [...begin, core, ...end].join(''))
    const cases = fc.record({
      needles: fc.array(texts('abAB ', 1, 14), { maxLength: 4 }),
      anyCase: fc.array(anyCase, { minLength: 1, maxLength: 6 }),
      text: texts('abAB0 é_@`[{\n', 0, 200),
      byteOffset: fc.nat(5),
      capitals: fc.boolean(),
    })
    fc.assert(
      fc.property(cases, ({ needles, anyCase, text, byteOffset, capitals }) => {
        const planted = anyCase
          .map((needle) => needle.replace(/[\ue000-\uefff]/g, '0'))
          .join(text.slice(0, 5))
        const bytes = shifted(
          Buffer.from(text + (capitals ? planted.toUpperCase() : planted) + text),
          byteOffset,
        )
        const places = anyCase.map(byteSetsOf)
        const expected = [
          ...naive(needles, bytes),
          ...places.flatMap((sets, index) =>
            [...bytes.keys()]
              .filter((at) => sets.every((set, i) => set.has[bytes[at + i] ?? -1] === 1))
              .map((at): Hit => [at, needles.length + index]),
          ),
        ].sort((a, b) => a[0] - b[0] || a[1] - b[1])
        expect(found(createPrefilter(needles, places), bytes)).toEqual(expected)
        expect(found(createPrefilter(needles, unpackNeedles(packNeedles(places))), bytes)).toEqual(expected)
      }),
      { numRuns: 100 },
    )
  })

  test('a needle of which too little is known is a mistake', () => {
    const any = symbolFor(() => true)
    expect(() => createPrefilter([], [byteSetsOf(`${any}${any}ab${any}${any}${any}`)])).toThrow(
      'leaves too much open',
    )
  })

  test('the same search serves one chunk after another, and grows with the number of hits', () => {
    const needles = ['aaaaaaa', 'a', 'connection refused']
    const prefilter = createPrefilter(needles)
    const many = Buffer.from('a'.repeat(5000))
    expect(found(prefilter, many)).toEqual(naive(needles, many))
    expect(prefilter.positions.length).toBeGreaterThanOrEqual(9994)
    expect(found(prefilter, Buffer.from('Connection refused, connection refused'))).toEqual([[20, 2]])
    expect(found(prefilter, Buffer.alloc(0))).toEqual([])
  })

  test('finds the same when it has learned which words are frequent', () => {
    // Most of these begin at each place where `session` stands, so that many are looked at in vain.
    const endings = Array.from({ length: 94 }, (_, i) => `session${String.fromCharCode(33 + i)}`)
    const needles = ['connection refused', 'no space left', 'session ended', 'session', ...endings]
    const lines = [
      'session opened for maya',
      'connection accepted',
      'no space left on db-1',
      'x',
      'session ended',
    ]
    const text = Array.from({ length: 4000 }, (_, i) => lines[(i * i + i) % 7] ?? `${i} connection refused`)
    const prefilter = createPrefilter(needles)
    for (let turn = 0; turn < 40; turn++) {
      const bytes = shifted(Buffer.from(text.join(' '.repeat(1 + (turn % 3)))), turn % 4)
      const count = prefilter.scan(bytes, bytes.length)
      if (turn % 13 === 0) expect(found(prefilter, bytes)).toEqual(naive(needles, bytes))
      expect(count).toBeGreaterThan(1000)
    }
  })

  test('two needles that are the same are both reported; an empty one is a mistake', () => {
    expect(found(createPrefilter(['no space left', 'no space left']), Buffer.from('no space left'))).toEqual([
      [0, 0],
      [0, 1],
    ])
    expect(() => createPrefilter(['ok needle', ''])).toThrow('a needle may not be empty')
    expect(found(createPrefilter([]), Buffer.from('anything'))).toEqual([])
  })
})
