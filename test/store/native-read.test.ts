import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { readBlocks } from '../../src/store/native-read.ts'
import { type ColumnSpec, type ColumnType, type ColumnValue, nativeBlock } from '../../src/store/row-block.ts'
import { someChunk } from '../support/chunks.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 300 })
const whole = fc.integer({ min: -(2 ** 53), max: 2 ** 53 })
const VALUES: Record<ColumnType, fc.Arbitrary<ColumnValue>> = {
  'LowCardinality(String)': fc.oneof(text, fc.constantFrom('a', 'b', '')),
  String: text,
  UInt8: fc.nat(255),
  Int8: fc.integer({ min: -128, max: 127 }),
  UInt32: fc.nat(2 ** 32 - 1),
  UInt64: fc.nat(Number.MAX_SAFE_INTEGER),
  "DateTime64(6, 'UTC')": whole,
  "DateTime64(3, 'UTC')": whole,
  'Map(LowCardinality(String), String)': fc.dictionary(fc.string({ minLength: 1, maxLength: 9 }), text, {
    noNullPrototype: true,
  }),
}
const TYPES = Object.keys(VALUES) as ColumnType[]

/** Blocks of one table: the types of its columns, and rows of values for each block. */
const someBlocks = fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 6 }).chain((types) =>
  fc.record({
    types: fc.constant(types),
    blocks: fc.array(
      fc.array(fc.tuple(...types.map((type) => VALUES[type])), { minLength: 1, maxLength: 20 }),
      { maxLength: 3 },
    ),
  }),
)

function specs(types: readonly ColumnType[]): ColumnSpec<readonly ColumnValue[]>[] {
  return types.map((type, i) => ({ name: `c${i}`, type, value: (row) => row[i] ?? '' }))
}

describe('blocks of the journal', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(someBlocks, ({ types, blocks }) => {
        const bytes = Buffer.concat(blocks.map((rows) => nativeBlock(specs(types), rows)))
        const read = readBlocks(bytes).map(({ rows, columns }) =>
          Array.from({ length: rows }, (_, row) => columns.map(({ value }) => value(row))),
        )
        expect(read).toEqual(blocks)
      }),
    )
  })

  it('that end too early are refused wherever they end', () => {
    const rows = [['one', 7, { a: 'b' }] as const, ['two', 8, {}] as const]
    const whole = nativeBlock(
      specs(['LowCardinality(String)', 'UInt64', 'Map(LowCardinality(String), String)']),
      rows,
    )
    for (let size = 1; size < whole.length; size++) {
      expect(() => readBlocks(whole.subarray(0, size))).toThrow(RangeError)
    }
  })

  it('of lines are read, too, with more words in a column than a byte can number', () => {
    const lines = new LinesBlock()
    const messages = Array.from({ length: 1000 }, (_, n) => ({
      message: `line ${n}`,
      component: `c${n % 700}`,
    }))
    lines.append(someChunk(messages))
    const [block] = readBlocks(Buffer.concat(lines.take({ batch: 'B', ingestedMs: 5 })))
    const of = (name: string) => block?.columns.find((column) => column.name === name)
    expect(block?.rows).toBe(1000)
    expect(messages.map((_, row) => [of('message')?.value(row), of('component')?.value(row)])).toEqual(
      messages.map(({ message, component }) => [message, component]),
    )
    expect([of('batch')?.value(999), of('owner')?.value(999), of('ingested_at')?.value(999)]).toEqual([
      'B',
      'ann',
      5,
    ])
  })
})
