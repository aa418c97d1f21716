import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AlertState, INACTIVE, step } from '../../../src/triage/alerts/alert-state.ts'

const timing = { forMs: 60_000, keepFiringForMs: 300_000 }

/** The states on the way through what was found at each minute. */
function walk(found: readonly boolean[], rule = timing): AlertState[] {
  const states: AlertState[] = []
  found.reduce<AlertState>((state, active, minute) => {
    const next = step(state, active, minute * 60_000, rule)
    states.push(next)
    return next
  }, INACTIVE)
  return states
}

describe('an alert', () => {
  it('is pending until it was so for as long as the rule asks', () => {
    expect(walk([true, true]).map(({ kind }) => kind)).toEqual(['pending', 'firing'])
  })

  it('fires at once where the rule asks for no time', () => {
    expect(walk([true], { forMs: 0, keepFiringForMs: 0 })).toEqual([{ kind: 'firing', since: 0, last: 0 }])
  })

  it('that ends while it is pending was none', () => {
    expect(walk([true, false])).toEqual([{ kind: 'pending', since: 0 }, INACTIVE])
  })

  it('fires on through gaps that are shorter than the rule allows, and is then resolved', () => {
    const gap = [true, true, false, false, true, false, false, false, false, false]
    expect(walk(gap).map(({ kind }) => kind)).toEqual(['pending', ...Array(8).fill('firing'), 'resolved'])
  })

  it('that is resolved and comes again begins anew', () => {
    const again = walk([true, true, false, true, true], { forMs: 60_000, keepFiringForMs: 0 })
    expect(again.slice(2)).toEqual([
      { kind: 'resolved', since: 0, at: 120_000 },
      { kind: 'pending', since: 180_000 },
      { kind: 'firing', since: 180_000, last: 240_000 },
    ])
  })
})

it('no alert fires sooner than its rule asks or is resolved while it was active lately, whatever is found', () => {
  const rules = fc.record({ forMs: fc.nat(600_000), keepFiringForMs: fc.nat(600_000) })
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), rules, (found, rule) => {
      walk(found, rule).forEach((state, minute) => {
        const now = minute * 60_000
        if (state.kind === 'firing') {
          const held = found.slice(state.since / 60_000, state.since / 60_000 + rule.forMs / 60_000 + 1)
          expect(held.every(Boolean)).toBe(true)
          expect(found[state.last / 60_000]).toBe(true)
        }
        if (state.kind === 'resolved' && state.at === now) {
          const lately = found.slice(0, minute + 1).lastIndexOf(true) * 60_000
          expect(now - lately).toBeGreaterThanOrEqual(rule.keepFiringForMs)
        }
      })
    }),
  )
})
