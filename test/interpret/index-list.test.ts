import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createIndexList } from '../../src/interpret/index-list.ts'

const BOUND = 12

it('a list of indexes holds each once and ascending, and nothing after it was cleared', () => {
  const list = createIndexList(BOUND)
  const held = () => Array.from({ length: list.count }, (_, place) => list.at(place))
  fc.assert(
    fc.property(fc.array(fc.nat({ max: BOUND - 1 }), { maxLength: 40 }), (indexes) => {
      for (const index of indexes) list.add(index)
      expect(held()).toEqual([...new Set(indexes)].sort((a, b) => a - b))
      list.clear()
      expect(held()).toEqual([])
    }),
  )
})
