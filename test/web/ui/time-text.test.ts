import { describe, expect, it } from 'vitest'
import { ageText, durationText, localText, utcText } from '../../../src/web/ui/time-text.ts'

describe('times as people read them', () => {
  it.each([
    [0, 'just now'],
    [42_000, '42 s ago'],
    [59 * 60_000, '59 min ago'],
    [47 * 3_600_000, '47 h ago'],
    [50 * 3_600_000, '2 d ago'],
  ])('%i ms are %s', (ms, text) => expect(ageText(ms)).toBe(text))

  it.each([
    [0, '0 s'],
    [89, '89 s'],
    [780, '13 min'],
    [7500, '2 h 5 min'],
    [7200, '2 h'],
    [273_600, '3 d 4 h'],
  ])('%i s last %s', (seconds, text) => expect(durationText(seconds)).toBe(text))

  it('a time is told in the zone of the reader, with as much of the date as is needed', () => {
    const now = Date.parse('2026-03-10T12:00:00Z')
    expect(localText('2026-03-10T09:03:12.118000Z', now, 'Europe/Berlin')).toBe('10:03:12')
    expect(localText('2026-03-09T09:03:12.118000Z', now, 'Europe/Berlin')).toBe('9 Mar 10:03:12')
    expect(localText('2025-03-10T23:30:00.000000Z', now, 'Europe/Berlin')).toBe('11 Mar 2025 00:30:00')
  })

  it('midnight is 00 and the UTC has milliseconds', () => {
    expect(localText('2026-03-10T00:00:00.000000Z', Date.parse('2026-03-10T12:00:00Z'), 'UTC')).toBe(
      '00:00:00',
    )
    expect(utcText('2026-03-10T09:03:12.118456Z')).toBe('2026-03-10 09:03:12.118 UTC')
  })
})
