import { describe, expect, it } from 'vitest'
import { brushed, ticksOf } from '../../../src/web/ui/time-axis.ts'
import { bucketFor, inputTime, rangeFault, rangeOf, timeOf } from '../../../src/web/ui/time-range.ts'

const NOW = Date.parse('2026-01-05T12:00:00Z')
const HOUR = 3_600_000

describe('the range of a view', () => {
  it('is an age or a time', () => {
    expect(timeOf('6h', NOW)).toBe(NOW - 6 * HOUR)
    expect(timeOf('2026-01-05T10:00:00.000Z', NOW)).toBe(NOW - 2 * HOUR)
    expect(timeOf('yesterday', NOW)).toBeUndefined()
  })

  it.each([
    [{ from: '24h' }, undefined],
    [{ from: '2w', to: '1w' }, undefined],
    [{ from: 'nonsense' }, 'The address has from=nonsense, which is not a time.'],
    [{ from: '1h', to: '5.x' }, 'The address has to=5.x, which is not a time.'],
    [{ from: '1h', to: '2h' }, 'The range ends before it begins.'],
    [{ from: '2026-01-06T00:00:00Z' }, 'The range begins in the future.'],
  ])('%j: %s', (range, fault) => expect(rangeFault(range, NOW)).toBe(fault))

  it('is typed as it is read', () => {
    expect(Date.parse(inputTime(NOW))).toBe(NOW)
    expect(inputTime(NOW)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  })

  it('is never empty, whatever the address says', () => {
    const { fromMs, toMs } = rangeOf({ from: '2026-01-06T00:00:00Z', to: '2026-01-05T00:00:00Z' }, NOW)
    expect(toMs - fromMs).toBe(HOUR)
  })

  it.each([
    ['1h', '1m'],
    ['24h', '15m'],
    ['7d', '1d'],
    ['4d', '1h'],
  ])('%s has columns of %s', (from, bucket) => {
    const { name, ms } = bucketFor(rangeOf({ from }, NOW))
    expect(name).toBe(bucket)
    expect((NOW - (timeOf(from, NOW) ?? 0)) / ms).toBeLessThanOrEqual(110)
  })
})

describe('an axis of time', () => {
  it('has round times, not more than asked for', () => {
    const ticks = ticksOf({ fromMs: NOW - 50 * 60_000, toMs: NOW }, 8, 'UTC')
    expect(ticks.map(({ label }) => label)).toEqual(['11:10', '11:20', '11:30', '11:40', '11:50', '12:00'])
    expect(ticks[0]?.at).toBe(0)
  })

  it('gives the part that was brushed, in either direction, and none for a click', () => {
    const range = { fromMs: 1000, toMs: 2000 }
    expect(brushed(range, 0.8, 0.2)).toEqual({ fromMs: 1200, toMs: 1800 })
    expect(brushed(range, 0.5, 0.501)).toBeUndefined()
    expect(brushed(range, -1, 2)).toEqual(range)
  })
})
