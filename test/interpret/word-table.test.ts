import { expect, test } from 'vitest'
import { WordTable } from '../../src/interpret/word-table.ts'

const NEEDLE = 'connection refused'

/** The words of a text, at each of the four alignments. */
function wordsOf(text: string): Int32Array {
  return Int32Array.from({ length: 4 * 4000 }, (_, i) => Buffer.from(text).readInt32LE(i % (text.length - 3)))
}

/** Where the needle is entered for each alignment. */
function entered(table: WordTable): string[] {
  return [...table.deltas].map((delta) => NEEDLE.slice(delta, delta + 4))
}

test('a needle is entered under the words that were seen least in what is read first', () => {
  const table = new WordTable([Buffer.from(NEEDLE)])
  table.learn(wordsOf('connection accepted, connection'))
  const seen = entered(table)
  expect(seen).toHaveLength(4)
  for (const word of seen) expect('connection ').not.toContain(word)
})

test('it is entered anew when many entries were looked at in vain, and not before', () => {
  const table = new WordTable([Buffer.from(NEEDLE)])
  table.learn(wordsOf('connection accepted, connection'))
  const first = entered(table)
  table.learn(wordsOf('refused refused refused'))
  expect(entered(table)).toEqual(first)
  table.looks += 1 << 22
  table.learn(wordsOf('n refused refused refused'))
  expect(entered(table)).not.toEqual(first)
  expect(table.looks).toBe(0)
})
