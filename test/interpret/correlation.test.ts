import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CorrelatedEvent, compileCorrelation } from '../../src/interpret/correlation.ts'
import type { CorrelationDefinition } from '../../src/interpret/correlation-schema.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { AnyRule } from '../../src/interpret/rule-schema.ts'
import { tempDir } from '../support/temp-dir.ts'

const TOLD = {
  version: 1,
  status: 'stable',
  title: 'A title',
  severity: 'error',
  layer: 'product',
  phase: 'session',
  explain: 'Why.',
  per: 'session',
  within: '10m',
}
const SAMPLES = {
  match: [{ events: [{ rule: 'begin', at: '0s' }], until: '1h' }],
  no_match: [{ events: [{ rule: 'begin', at: '0s' }], until: '1m' }],
}
const compiled = (part: object) =>
  compileCorrelation(
    AnyRule.parse({ id: 'a-rule', ...TOLD, samples: SAMPLES, ...part }) as CorrelationDefinition,
  )
const MINUTE = 60_000
/** `a0 b5` is an event of rule a at minute 0 and one of b at minute 5. */
const story = (text: string): CorrelatedEvent[] =>
  text.split(' ').map((word) => ({ ruleId: word.charAt(0), atMs: Number(word.slice(1)) * MINUTE }))
const minutes = (found: readonly { atMs: number }[]) => found.map(({ atMs }) => atMs / MINUTE)

describe('an absence', () => {
  const { evaluate } = compiled({ type: 'absence', after: ['a'], expects: ['b', 'c'] })

  test.each([
    ['a0', 20, [10]],
    ['a0', 9, []],
    ['a0 b10', 20, []],
    ['a0 b11', 20, [10]],
    ['b0 a1', 20, [11]],
    ['a0 a8 c12', 30, []],
    ['a0 a8', 30, [18]],
  ])('of what must follow: %s known up to %d', (text, until, at) => {
    expect(minutes(evaluate(story(text), until * MINUTE))).toEqual(at)
  })
})

describe('a sequence', () => {
  const { evaluate } = compiled({ type: 'sequence', steps: ['a', 'b', 'c'] })

  test.each([
    ['a0 b1 c2', [2]],
    ['a0 x1 b2 x3 c4', [4]],
    ['a0 c1 b2', []],
    ['a0 b5 c11', []],
    ['a0 a5 b6 c11', [11]],
    ['a0 b1 c2 a3 b4 c5', [2, 5]],
  ])('of events in their order: %s', (text, at) => {
    expect(minutes(evaluate(story(text), 60 * MINUTE))).toEqual(at)
  })
})

describe('a threshold', () => {
  const { evaluate } = compiled({ type: 'threshold', of: ['a', 'b'], count: 3 })

  test.each([
    ['a0 b1 a2', [2]],
    ['a0 b1 a12', []],
    ['a0 a1 a2 a3 a4', [2]],
    ['a0 a1 a2 a30 a31 a32', [2, 32]],
    ['x0 x1 x2', []],
  ])('of too many events: %s', (text, at) => {
    expect(minutes(evaluate(story(text), 60 * MINUTE))).toEqual(at)
  })

  test.each([
    ['a0 b1 a2 b3 a4', []],
    ['a0 a1 a4 a8 b9', [8]],
    ['a0 a4 a5 a8 a9 b40 b41', [8]],
  ])('of which those close together are one: %s', (text, at) => {
    const apart = compiled({ type: 'threshold', of: ['a', 'b'], count: 3, apart: '3m' })
    expect(minutes(apart.evaluate(story(text), 60 * MINUTE))).toEqual(at)
  })

  test('holds where any span has so many, and nowhere else', () => {
    const times = fc.array(fc.nat(60), { maxLength: 12 }).map((list) => list.sort((a, b) => a - b))
    fc.assert(
      fc.property(times, (list) => {
        const spans = list.map((end) => list.filter((at) => at <= end && end - at <= 10).length)
        const events = list.map((at) => ({ ruleId: 'a', atMs: at * MINUTE }))
        expect(evaluate(events, 60 * MINUTE).length > 0).toBe(spans.some((count) => count >= 3))
      }),
    )
  })
})

test('a correlation that fails its own stories, or names no rule, is not loaded', () => {
  const dir = tempDir()
  mkdirSync(join(dir, 'signatures'))
  const rule = { id: 'a-rule', ...TOLD, type: 'absence', after: ['begin'], expects: ['gone'] }
  const stories = { match: SAMPLES.no_match, no_match: SAMPLES.match }
  writeFileSync(join(dir, 'signatures', 'a.yaml'), JSON.stringify({ ...rule, samples: stories }, null, 1))
  expect(() => loadRules([dir])).toThrow(/after names no rule: begin[\s\S]*expects names no rule: gone/)
  expect(() => loadRules([dir])).toThrow(
    /does not hold in this story[\s\S]*holds in this story, but should not/,
  )
})
