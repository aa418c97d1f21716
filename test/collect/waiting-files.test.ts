import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Sighted } from '../../src/collect/discover.ts'
import { WaitingFiles } from '../../src/collect/waiting-files.ts'

const sighted = (path: string) => ({ path }) as unknown as Sighted

test('each file that waits is taken once, in turn, however others come, come again and are removed', () => {
  const step = fc.record({
    does: fc.constantFrom('add', 'remove', 'take'),
    path: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const waiting = new WaitingFiles()
      const model = new Set<string>()
      for (const [at, { does, path }] of steps.entries()) {
        if (does === 'add') {
          waiting.add(sighted(path), at)
          model.add(path)
        } else if (does === 'remove') {
          waiting.remove(path)
          model.delete(path)
        } else {
          const taken = waiting.take()?.path
          expect(taken === undefined).toBe(model.size === 0)
          if (taken !== undefined) expect(model.delete(taken)).toBe(true)
        }
        expect(waiting.size).toBe(model.size)
      }
      while (model.size > 0) expect(model.delete(waiting.take()?.path ?? '')).toBe(true)
      expect(waiting.take()).toBeUndefined()
    }),
  )
})

test('a file that is seen again goes on waiting since then', () => {
  const waiting = new WaitingFiles()
  waiting.add(sighted('a'), 5)
  waiting.add(sighted('a'), 9)
  expect(Array.from(waiting, ({ sinceMs }) => sinceMs)).toEqual([5])
})
