import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scrollTo, windowOf } from '../../../src/web/ui/virtual-window.ts'

const list = fc.record({
  count: fc.nat(100_000),
  rowPx: fc.integer({ min: 10, max: 80 }),
  scrollPx: fc.integer({ min: -500, max: 9_000_000 }),
  heightPx: fc.integer({ min: 50, max: 2000 }),
})

describe('a long list', () => {
  it('draws every row that is seen and few others', () => {
    fc.assert(
      fc.property(list, ({ count, rowPx, scrollPx, heightPx }) => {
        const { first, end, topPx, totalPx } = windowOf({ count, rowPx, scrollPx, heightPx })
        const top = Math.min(Math.max(scrollPx, 0), Math.max(totalPx - heightPx, 0))
        expect(first * rowPx).toBeLessThanOrEqual(top)
        expect(end).toBe(Math.min(count, Math.max(end, Math.ceil((top + heightPx) / rowPx))))
        expect(end - first).toBeLessThanOrEqual(heightPx / rowPx + 26)
        expect(topPx).toBe(first * rowPx)
      }),
    )
  })

  it('stays where it is for a row that is seen', () => {
    expect(scrollTo(5, 20, 60, 200)).toBe(60)
  })

  it('moves by one row for the next one and puts a far one into the middle', () => {
    expect(scrollTo(13, 20, 60, 200)).toBe(80)
    expect(scrollTo(1000, 20, 60, 200)).toBe(19_900)
  })
})
