import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OpsError } from '../../src/errors.ts'
import { zone } from '../../src/interpret/zone.ts'

const micros = (iso: string) => Date.parse(iso) * 1000
const utc = (name: string, local: string) =>
  new Date(zone(name).toUtcMicros(micros(`${local}Z`)) / 1000).toISOString().slice(0, 19)

/** What a clock in a zone shows at an instant, by a way of its own: its text. */
function shown(name: string, utcMs: number): number {
  const text = new Intl.DateTimeFormat('sv-SE', {
    timeZone: name,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(utcMs)
  return Date.parse(`${text.replace(' ', 'T')}Z`) + (utcMs % 1000)
}

describe('zones', () => {
  it('UTC changes nothing', () => {
    const { toUtcMicros } = zone('UTC')
    for (const value of [0, 1, -1, 1_782_907_200_123_456, 0.5]) expect(toUtcMicros(value)).toBe(value)
    expect(toUtcMicros(Number.NaN)).toBeNaN()
  })

  it('know summer and winter, east and west, and odd offsets', () => {
    expect(utc('Europe/Paris', '2026-01-15T12:00:00')).toBe('2026-01-15T11:00:00')
    expect(utc('Europe/Paris', '2026-07-15T12:00:00')).toBe('2026-07-15T10:00:00')
    expect(utc('America/Los_Angeles', '2026-07-15T20:00:00')).toBe('2026-07-16T03:00:00')
    expect(utc('Asia/Kathmandu', '2026-07-15T00:00:00')).toBe('2026-07-14T18:15:00')
    expect(utc('Pacific/Kiritimati', '2026-07-15T00:00:00')).toBe('2026-07-14T10:00:00')
    expect(utc('Etc/GMT+5', '2026-07-15T00:00:00')).toBe('2026-07-15T05:00:00')
  })

  it('take a time that never was as if the clocks had not been set forward yet', () => {
    expect(utc('Europe/Paris', '2026-03-29T01:59:59')).toBe('2026-03-29T00:59:59')
    expect(utc('Europe/Paris', '2026-03-29T02:00:00')).toBe('2026-03-29T01:00:00')
    expect(utc('Europe/Paris', '2026-03-29T02:30:00')).toBe('2026-03-29T01:30:00')
    expect(utc('Europe/Paris', '2026-03-29T03:00:00')).toBe('2026-03-29T01:00:00')
    expect(utc('America/New_York', '2026-03-08T02:30:00')).toBe('2026-03-08T07:30:00')
  })

  it('take a time that was twice as the first of the two', () => {
    expect(utc('Europe/Paris', '2026-10-25T01:59:59')).toBe('2026-10-24T23:59:59')
    expect(utc('Europe/Paris', '2026-10-25T02:00:00')).toBe('2026-10-25T00:00:00')
    expect(utc('Europe/Paris', '2026-10-25T02:59:59')).toBe('2026-10-25T00:59:59')
    expect(utc('Europe/Paris', '2026-10-25T03:00:00')).toBe('2026-10-25T02:00:00')
  })

  it('change in the middle of an hour where they do (Lord Howe, by half an hour)', () => {
    const name = 'Australia/Lord_Howe'
    expect(utc(name, '2026-10-04T01:59:59')).toBe('2026-10-03T15:29:59')
    expect(utc(name, '2026-10-04T02:15:00')).toBe('2026-10-03T15:45:00')
    expect(utc(name, '2026-10-04T02:30:00')).toBe('2026-10-03T15:30:00')
    expect(utc(name, '2026-04-05T01:29:59')).toBe('2026-04-04T14:29:59')
    expect(utc(name, '2026-04-05T01:45:00')).toBe('2026-04-04T14:45:00')
    expect(utc(name, '2026-04-05T02:00:00')).toBe('2026-04-04T15:30:00')
  })

  it('give back the instant that a clock showed, in whatever order it is asked', () => {
    const names = fc.constantFrom(
      'Europe/London',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Tehran',
      'Africa/Casablanca',
    )
    const instants = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2045, 0, 1) })
    fc.assert(
      fc.property(names, instants, (name, utcMs) => {
        const local = shown(name, utcMs)
        const found = zone(name).toUtcMicros(local * 1000 + 7) / 1000
        // Another instant may show the same time: then ours is the earlier one.
        expect(shown(name, Math.floor(found))).toBe(local)
        expect(Math.floor(found)).toBeLessThanOrEqual(utcMs)
        if (Math.floor(found) !== utcMs) expect(utcMs - found).toBeLessThanOrEqual(3_600_000)
      }),
      { numRuns: 300 },
    )
  })

  it('are made once per name, and refuse a name that is none', () => {
    expect(zone('Europe/Paris')).toBe(zone('Europe/Paris'))
    expect(zone('Europe/Paris').name).toBe('Europe/Paris')
    for (const name of ['Europe/Pari', '', 'CET-1', 'x\ny']) {
      expect(() => zone(name), name).toThrow(OpsError)
      expect(() => zone(name), name).toThrow('is not a time zone')
    }
  })
})
