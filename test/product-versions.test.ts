import { describe, expect, test } from 'vitest'
import { isVersionRange, mayBeIn, mustBeIn, rangeInWords } from '../src/product-versions.ts'

const GENERATIONS = new Map([
  ['old', { since: [2], until: [24, 10] }],
  ['newer', { since: [24, 10], until: [25, 3] }],
  ['newest', { since: [25, 3] }],
])

describe('a range of versions', () => {
  test.each(['>=24.10', '<25.3', '>=24.10 <25.3'])('is %s', (text) => {
    expect(isVersionRange(text)).toBe(true)
  })

  test.each(['', '24.10', '>= 24.10', '>=24.10 >=25', '<a', '>=24.10  <25'])('is not "%s"', (text) => {
    expect(isVersionRange(text)).toBe(false)
  })

  test.each([
    ['<24.10', ['old']],
    ['<24.11', ['old', 'newer']],
    ['>=25.3', ['newest']],
    ['>=25', ['newer', 'newest']],
    ['>=24.10 <25.3', ['newer']],
    ['>=2.7.5 <24', ['old']],
  ])('%s may be %j', (range, profiles) => {
    expect([...GENERATIONS.keys()].filter((profile) => mayBeIn(range, profile, GENERATIONS))).toEqual(
      profiles,
    )
  })

  test.each([
    ['<24.10', ['old']],
    ['<24.11', ['old']],
    ['>=25', ['newest']],
    ['>=24.10', ['newer', 'newest']],
    ['>=24.10 <25.3', ['newer']],
    ['>=2 <99', ['old', 'newer']],
  ])('%s must be %j', (range, profiles) => {
    expect([...GENERATIONS.keys()].filter((profile) => mustBeIn(range, profile, GENERATIONS))).toEqual(
      profiles,
    )
    expect(mustBeIn(range, 'host', GENERATIONS)).toBe(false)
  })

  test.each([
    ['<25', 'before version 25'],
    ['>=25', 'from version 25 on'],
    ['>=24.10 <25.3', 'from version 24.10 on, before 25.3'],
  ])('%s is said as "%s"', (range, words) => {
    expect(rangeInWords(range)).toBe(words)
  })

  test('holds for what does not tell its version', () => {
    expect(mayBeIn('<3', 'host', GENERATIONS)).toBe(true)
  })
})
