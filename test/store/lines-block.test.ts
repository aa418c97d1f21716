import { expect, it } from 'vitest'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { someChunk } from '../support/chunks.ts'

const STAMP = { batch: 'b', ingestedMs: 0 }

it('a block of rows is the same after the room of a large one was given back', () => {
  const rows = [{ message: 'one', component: 'x' }, { message: 'two' }]
  const bytesOf = (block: LinesBlock) => {
    block.append(someChunk(rows))
    return Buffer.concat(block.take(STAMP))
  }
  const used = new LinesBlock()
  used.append(someChunk(Array.from({ length: 20_000 }, (_, n) => ({ message: `line ${n}` }))))
  used.take(STAMP)
  used.trim()
  expect(bytesOf(used).equals(bytesOf(new LinesBlock()))).toBe(true)
})
