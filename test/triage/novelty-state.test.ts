import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decide,
  isNovel,
  NOVELTY,
  type Seen,
  type SignatureState,
  STATES,
  step,
} from '../../src/triage/novelty/state.ts'

const DAY = 86_400_000
const T0 = Date.UTC(2026, 0, 10)
const seen = (over: Partial<Seen> = {}): Seen => ({
  kind: 'template',
  firstMs: T0,
  lastMs: T0,
  count: 5,
  sessions: 2,
  failedSessions: 0,
  explained: false,
  baseline: false,
  hours: [],
  ...over,
})
const state = (name: SignatureState['state'], over: Partial<SignatureState> = {}): SignatureState => ({
  state: name,
  sinceMs: T0,
  countThen: 5,
  escalating: false,
  ...over,
})
const stepped = (before: SignatureState | undefined, now: Seen, nowMs = T0) =>
  step(before, now, nowMs, NOVELTY).state

describe('the state of a signature', () => {
  it('is new for a template and known for a rule, however old the log is that was read', () => {
    expect(stepped(undefined, seen())).toBe('new')
    expect(stepped(undefined, seen(), T0 + 400 * DAY)).toBe('new')
    expect(stepped(undefined, seen({ kind: 'rule', explained: true }))).toBe('known')
  })

  it('is known once a rule explains it, and new again when the rule is gone', () => {
    expect(stepped(state('new'), seen({ explained: true }))).toBe('known')
    expect(stepped(state('acknowledged'), seen({ explained: true }))).toBe('known')
    expect(stepped(state('known'), seen())).toBe('new')
  })

  it('is resolved after a quiet time, regressed when it comes again, and stays so', () => {
    const quiet = T0 + NOVELTY.quietMs
    expect(stepped(state('new'), seen(), quiet - 1)).toBe('new')
    expect(stepped(state('new'), seen(), quiet)).toBe('resolved')
    const resolved = state('resolved', { sinceMs: quiet })
    expect(stepped(resolved, seen(), quiet + DAY)).toBe('resolved')
    const back = seen({ lastMs: quiet + 1 })
    expect(stepped(resolved, back, quiet + DAY)).toBe('regressed')
    expect(stepped(state('regressed', { sinceMs: quiet + DAY }), back, quiet + 2 * DAY)).toBe('regressed')
  })

  it('stays ignored for ever, until its time, or below its count', () => {
    const many = seen({ count: 1_000_000, lastMs: T0 + 900 * DAY })
    expect(stepped(state('ignored'), many, T0 + 1000 * DAY)).toBe('ignored')
    expect(stepped(state('ignored', { untilMs: T0 + DAY }), seen(), T0 + DAY - 1)).toBe('ignored')
    expect(stepped(state('ignored', { untilMs: T0 + DAY }), seen(), T0 + DAY)).toBe('new')
    expect(stepped(state('ignored', { below: 10 }), seen({ count: 14 }))).toBe('ignored')
    expect(stepped(state('ignored', { below: 10 }), seen({ count: 15 }))).toBe('new')
  })

  it('is escalating when it comes three times as often as before, and often at all', () => {
    const hours = (usual: number, now: number) => [...new Array<number>(22).fill(usual), now, now]
    const isEscalating = (usual: number, now: number, before = state('new')) =>
      step(before, seen({ hours: hours(usual, now) }), T0, NOVELTY).escalating
    expect(isEscalating(2, 6)).toBe(true)
    expect(isEscalating(2, 5)).toBe(false)
    expect(isEscalating(0, 4)).toBe(false)
    expect(isEscalating(0, 5)).toBe(true)
    expect(isEscalating(0, 50, state('ignored'))).toBe(false)
  })

  it('changes once: the same facts lead to the same state again', () => {
    const facts = fc.record({
      kind: fc.constantFrom('rule' as const, 'template' as const),
      count: fc.nat(50),
      sessions: fc.nat(3),
      failedSessions: fc.nat(1),
      explained: fc.boolean(),
      baseline: fc.boolean(),
      hours: fc.array(fc.nat(30), { minLength: 24, maxLength: 24 }),
      age: fc.nat(40),
    })
    const before = fc.option(fc.constantFrom(...STATES), { nil: undefined })
    fc.assert(
      fc.property(facts, before, fc.nat(60), ({ age, ...rest }, name, days) => {
        const nowMs = T0 + days * DAY
        const now = seen({
          ...rest,
          explained: rest.explained || rest.kind === 'rule',
          lastMs: nowMs - age * DAY,
        })
        const first = step(name && state(name), now, nowMs, NOVELTY)
        // What was ignored or resolved may take a second step: to what it would have been.
        const second = step(first, now, nowMs, NOVELTY)
        expect(step(second, now, nowMs, NOVELTY)).toBe(second)
      }),
    )
  })

  it('follows what people decide', () => {
    expect(decide({ action: 'ack' }, 7, T0)).toEqual(state('acknowledged', { countThen: 7 }))
    expect(decide({ action: 'ignore', untilMs: 9, below: 3 }, 7, T0)).toMatchObject({
      state: 'ignored',
      untilMs: 9,
      below: 3,
    })
    expect(decide({ action: 'resolve', untilMs: 9 }, 7, T0)).toEqual(state('resolved', { countThen: 7 }))
    expect(stepped(decide({ action: 'ack' }, 5, T0), seen({ lastMs: T0 + DAY }), T0 + DAY)).toBe(
      'acknowledged',
    )
  })
})

describe('what is novel', () => {
  it('no rule explains, was not there from the start, and is no single event', () => {
    const single = { count: 1, sessions: 1 }
    expect(isNovel(seen(), NOVELTY)).toBe(true)
    expect(isNovel(seen({ explained: true }), NOVELTY)).toBe(false)
    expect(isNovel(seen({ baseline: true }), NOVELTY)).toBe(false)
    expect(isNovel(seen({ kind: 'rule' }), NOVELTY)).toBe(false)
    expect(isNovel(seen(single), NOVELTY)).toBe(false)
    expect(isNovel(seen({ count: 3, sessions: 1 }), NOVELTY)).toBe(true)
    expect(isNovel(seen({ count: 2, sessions: 2 }), NOVELTY)).toBe(true)
    expect(isNovel(seen({ ...single, failedSessions: 1 }), NOVELTY)).toBe(true)
  })
})
