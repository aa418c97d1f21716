import fc from 'fast-check'
import { expect, test } from 'vitest'
import { searchAfter } from '../../src/triage/diagnosis/cause/search-after.ts'

const places = fc.record({
  file: fc.constantFrom('a', 'b', 'c'),
  offset: fc.nat(20),
  ts: fc.nat(20).map((n) => String(n).padStart(2, '0')),
})

test('the first mark after an event is the one that looking at each of them finds', () => {
  fc.assert(
    fc.property(fc.array(places, { maxLength: 40 }), places, (all, event) => {
      const marks = all.map((one) => ({ event: one }))
      const first = all.findIndex(({ file, offset, ts }) =>
        file === event.file ? offset > event.offset : ts > event.ts,
      )
      expect(searchAfter(marks)(event)).toBe(marks[first])
    }),
  )
})
