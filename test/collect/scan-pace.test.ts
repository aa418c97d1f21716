import { describe, expect, it } from 'vitest'
import { ScanPace } from '../../src/collect/scan-pace.ts'

/** A pace after a scan that took so long, and how long it rests then. */
function scanned(costMs: number, hasNotices: boolean): { readonly pace: ScanPace; readonly restMs: number } {
  const pace = new ScanPace(5000, hasNotices)
  pace.begin(10_000)
  pace.end(10_000 + costMs)
  return { pace, restMs: pace.nextMs - 10_000 - costMs }
}

describe('the next scan', () => {
  it('is after the time between scans, where a scan takes little of it', () => {
    expect([scanned(20, true).restMs, scanned(20, false).restMs]).toEqual([5000, 5000])
  })

  it('of very many files waits until scans take 0.5 % of the time, for two minutes at most', () => {
    expect([scanned(300, true).restMs, scanned(2000, true).restMs]).toEqual([60_000, 120_000])
  })

  it('waits until scans take 2.5 % of the time where changes raise no notices, for seven seconds or as long as a scan at most', () => {
    expect([150, 2000, 20_000].map((costMs) => scanned(costMs, false).restMs)).toEqual([6000, 7000, 20_000])
    const { pace } = scanned(2000, true)
    pace.missesNotices()
    pace.begin(300_000)
    pace.end(302_000)
    expect(pace.nextMs).toBe(309_000)
  })

  it('does not wait for long because one was slow once', () => {
    const { pace } = scanned(20, true)
    pace.begin(100_000)
    pace.end(103_000)
    expect(pace.nextMs).toBe(108_000)
  })

  it('is soon after a hint, but not at once again', () => {
    const { pace } = scanned(2000, true)
    pace.hint()
    expect(pace.nextMs).toBe(20_000)
    const { pace: quick } = scanned(4, true)
    quick.hint()
    expect(quick.nextMs).toBe(10_300)
  })

  it('is at once when it was hinted at while the last one ran', () => {
    const pace = new ScanPace(5000, true)
    pace.begin(0)
    pace.hint()
    pace.end(1000)
    expect(pace.nextMs).toBe(300)
  })
})
