import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatOf, type ReadOptions, readHead } from './format-head.ts'

const two = (n: number) => String(n).padStart(2, '0')
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ')

type Moment = { readonly seconds: number; readonly micros: number; readonly offsetMinutes: number }

const moments: fc.Arbitrary<Moment> = fc.record({
  seconds: fc.integer({ min: 86_400, max: Date.UTC(2199, 11, 30) / 1000 }),
  micros: fc.integer({ min: 0, max: 999_999 }),
  offsetMinutes: fc.integer({ min: -840, max: 840 }),
})

/** Writes a moment as a clock on UTC shows it, word by word of the layout. */
function render(layout: string, { seconds, micros, offsetMinutes }: Moment): string {
  const shift = /[Zz]/.test(layout) ? offsetMinutes * 60 : 0
  const date = new Date((seconds + shift) * 1000)
  const abs = Math.abs(offsetMinutes)
  const words: Readonly<Record<string, string>> = {
    YYYY: String(date.getUTCFullYear()),
    MMM: MONTHS[date.getUTCMonth()] ?? '',
    MM: two(date.getUTCMonth() + 1),
    DDD: DAYS[date.getUTCDay()] ?? '',
    DD: two(date.getUTCDate()),
    D: String(date.getUTCDate()).padStart(2, ' '),
    hh: two(date.getUTCHours()),
    h: String(date.getUTCHours()).padStart(2, ' '),
    mm: two(date.getUTCMinutes()),
    ss: two(date.getUTCSeconds()),
    ffffff: String(micros).padStart(6, '0'),
    fff: String(Math.floor(micros / 1000)).padStart(3, '0'),
    F: `${micros % 2 === 0 ? ',' : '.'}${String(micros).padStart(6, '0')}`,
    Z: `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(abs / 60))}${micros % 2 === 0 ? ':' : ''}${two(abs % 60)}`,
    t: micros % 3 === 0 ? 'T' : ' ',
  }
  return layout.replace(
    /YYYY|MMM|MM|DDD|DD|D|hh|h|mm|ss|f{6}|f{3}|[FZzt]/g,
    (word) => words[word === 'z' ? 'Z' : word] ?? '',
  )
}

/** How fine a layout is, in µs. */
function grain(layout: string): number {
  if (/F|f{6}/.test(layout)) return 1
  return layout.includes('fff') ? 1000 : 1_000_000
}

const iso = (micros: number) => {
  const rest = micros % 1000
  return `${new Date((micros - rest) / 1000).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

const read = (layout: string, time: string, options: ReadOptions = {}) =>
  readHead(formatOf(`{time:${layout}}|{message}`), `${time}|x`, options)
const timeOf = (layout: string, time: string, options: ReadOptions = {}) => read(layout, time, options).time

describe('times', () => {
  it.each([
    'YYYY-MM-DD hh:mm:ss',
    'YYYY-MM-DD h:mm:ss',
    'YYYY-MM-DD hh:mm:ss,fff',
    'YYYY-MM-DD hh:mm:ss,ffffff',
    'YYYY-MM-DDThh:mm:ss.fffZ',
    'YYYY-MM-DDThh:mm:ssZ',
    'YYYY-MM-DDthh:mm:ssFz',
    'YYYY/MM/DD hh:mm:ssZ',
    'DD/MM/YYYY hh.mm.ss',
    'YYYYMMDDhhmmssffffff',
    'DDD MMM D hh:mm:ss YYYY',
    'DDD, DD MMM YYYY hh:mm:ss Z',
    'hh:mm:ssF DD-MM-YYYY',
  ])('of layout %s are read back as they were written', (layout) => {
    fc.assert(
      fc.property(moments, (moment) => {
        const micros = moment.seconds * 1_000_000 + moment.micros
        const expected = micros - (micros % grain(layout))
        expect(read(layout, render(layout, moment))).toMatchObject({
          starts: true,
          parsed: true,
          time: iso(expected),
        })
      }),
      { numRuns: 200 },
    )
  })

  it('that cannot be are none, but the head of a record all the same, if they have the shape of one', () => {
    const layout = 'YYYY-MM-DD hh:mm:ss'
    const impossible =
      '2026-00-01 00:00:00|2026-13-01 00:00:00|2026-01-00 00:00:00|2026-01-32 00:00:00|2026-04-31 00:00:00|2025-02-29 00:00:00|' +
      '2100-02-29 00:00:00|2026-01-01 24:00:00|2026-01-01 00:60:00|2026-01-01 00:00:61|1969-12-31 23:59:59|2200-01-01 00:00:00'
    for (const time of impossible.split('|')) {
      expect(read(layout, time), time).toMatchObject({ starts: true, parsed: true, time: '' })
    }
    const bad =
      '0000-01-01 00:00:00|9999-12-31 23:59:59|2026-1-01 00:00:00|2026-01-01T00:00:00|2026-01-01  00:00:00|2026-01-01 0:00:00|' +
      '+026-01-01 00:00:00|2026-01-01 00:00:0x|2026-01-01 00:00:0|２026-01-01 00:00:00'
    for (const time of bad.split('|')) {
      expect(read(layout, time), time).toMatchObject({ starts: false, parsed: false, time: '' })
    }
    expect(timeOf(layout, '2028-02-29 23:59:59')).toBe('2028-02-29T23:59:59.000000Z')
    expect(timeOf(layout, '2000-02-29 00:00:00')).toBe('2000-02-29T00:00:00.000000Z')
    expect(timeOf(layout, '1970-01-01 00:00:00')).toBe('1970-01-01T00:00:00.000000Z')
    expect(timeOf(layout, '2199-12-31 23:59:59')).toBe('2199-12-31T23:59:59.000000Z')
  })

  it('in a leap second are the last µs before it', () => {
    expect(timeOf('YYYY-MM-DD hh:mm:ss,ffffff', '2016-12-31 23:59:60,250000')).toBe(
      '2016-12-31T23:59:59.999999Z',
    )
  })

  it('have an optional fraction of any length where the layout says F', () => {
    const fraction = (text: string) => timeOf('YYYY-MM-DD hh:mm:ssF', `2026-01-02 03:04:05${text}`).slice(19)
    expect(['', ',5', '.25', ',161016', '.123456789', ',000'].map(fraction).join(' ')).toBe(
      '.000000Z .500000Z .250000Z .161016Z .123456Z .000000Z',
    )
    for (const text of [',', '.', ',x', '.1234567890', ';5']) expect(fraction(text), text).toBe('')
  })

  it('have a zone where the layout says Z, and may have one where it says z', () => {
    const zoned = (mark: string, text: string) =>
      timeOf(`YYYY-MM-DD hh:mm:ss${mark}`, `2026-01-02 03:04:05${text}`)
    expect(zoned('Z', 'Z')).toBe('2026-01-02T03:04:05.000000Z')
    expect(zoned('Z', '+05:45')).toBe('2026-01-01T21:19:05.000000Z')
    expect(zoned('z', '-0930')).toBe('2026-01-02T12:34:05.000000Z')
    expect(zoned('z', '')).toBe('2026-01-02T03:04:05.000000Z')
    for (const text of ['', 'z', '+05', '+5:00', '+24:00', '+05:60', '05:00', '+05:0x']) {
      expect(zoned('Z', text), text).toBe('')
    }
  })

  it('with a zone of their own do not move with the zone of the file', () => {
    const options = { zone: 'America/New_York' }
    expect(timeOf('YYYY-MM-DD hh:mm:ssz', '2026-07-01 12:00:00', options)).toBe('2026-07-01T16:00:00.000000Z')
    expect(timeOf('YYYY-MM-DD hh:mm:ssz', '2026-07-01 12:00:00Z', options)).toBe(
      '2026-07-01T12:00:00.000000Z',
    )
    expect(timeOf('epoch', '1782907200', options)).toBe('2026-07-01T12:00:00.000000Z')
  })

  it('that only the zone of the file explains follow its changes', () => {
    const format = formatOf('{time:YYYY-MM-DD hh:mm:ss}|{message}')
    const paris = (time: string) => readHead(format, `${time}|x`, { zone: 'Europe/Paris' }).time.slice(11, 19)
    const times = ['2026-03-29 01:59:59', '2026-03-29 03:00:00', '2026-10-25 01:59:59', '2026-10-25 03:00:00']
    expect(times.map(paris).join(' ')).toBe('00:59:59 01:00:00 23:59:59 02:00:00')
    expect(readHead(format, '2026-03-29 03:00:00|x').time.slice(11, 19)).toBe('03:00:00')
  })

  it('without a year are the latest that are not later than a day after the file was written', () => {
    const layout = 'MMM D hh:mm:ss'
    const at = (time: string, written: string, zone = 'UTC') =>
      timeOf(layout, time, { written, zone }).slice(0, 19)
    expect(at('Dec 31 23:59:59', '2026-01-01T00:00:05Z')).toBe('2025-12-31T23:59:59')
    expect(at('Jan  1 00:00:00', '2025-12-31T23:00:00Z')).toBe('2026-01-01T00:00:00')
    expect(at('Jan  2 00:00:00', '2026-01-01T00:00:00Z')).toBe('2026-01-02T00:00:00')
    expect(at('Jan  2 00:00:01', '2026-01-01T00:00:00Z')).toBe('2025-01-02T00:00:01')
    expect(at('Jun 15 12:00:00', '2026-06-15T11:00:00Z')).toBe('2026-06-15T12:00:00')
    expect(at('Jun 17 12:00:00', '2026-06-15T11:00:00Z')).toBe('2025-06-17T12:00:00')
    expect(at('Feb 29 12:00:00', '2026-06-15T11:00:00Z')).toBe('2024-02-29T12:00:00')
    expect(at('Feb 29 12:00:00', '2103-06-15T11:00:00Z')).toBe('2096-02-29T12:00:00')
    expect(at('Jan  1 03:00:00', '2025-12-30T19:30:00Z', 'Asia/Tokyo')).toBe('2025-12-31T18:00:00')
    expect(at('Jan  1 05:00:00', '2025-12-30T19:30:00Z', 'Asia/Tokyo')).toBe('2024-12-31T20:00:00')
    for (const time of ['Feb 30 12:00:00', 'Jan  0 12:00:00']) {
      expect(read(layout, time), time).toMatchObject({ parsed: true, time: '' })
    }
    for (const time of ['Jan    1 12:00:00', 'Foo  1 12:00:00', 'Ja']) {
      expect(read(layout, time).parsed, time).toBe(false)
    }
  })

  it('without a year are never found later, and never a year too early', () => {
    const layout = 'MMM D hh:mm:ss'
    const day = 86_400_000
    const years = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2150, 0, 1) })
    fc.assert(
      fc.property(years, fc.integer({ min: -1000 * day, max: 2 * day }), (written, ago) => {
        const seconds = Math.floor((written + ago) / 1000)
        const text = render(layout, { seconds, micros: 0, offsetMinutes: 0 })
        const found = Date.parse(timeOf(layout, text, { written: new Date(written).toISOString() }))
        expect(found).toBeLessThanOrEqual(written + day)
        const next = new Date(found)
        next.setUTCFullYear(next.getUTCFullYear() + (text.startsWith('Feb 29') ? 4 : 1))
        if (next.getUTCDate() === new Date(found).getUTCDate())
          expect(next.getTime()).toBeGreaterThan(written + day)
      }),
      { numRuns: 500 },
    )
  })

  it('since the epoch have nine or ten digits', () => {
    expect(timeOf('epoch', '1782907200.000001')).toBe('2026-07-01T12:00:00.000001Z')
    expect(timeOf('epoch', '123456789')).toBe('1973-11-29T21:33:09.000000Z')
    for (const text of ['12345678', '12345678901', '9999999999', '1782907200.', '-178290720']) {
      expect(timeOf('epoch', text), text).toBe('')
    }
  })

  it('since the machine came up say nothing of the day', () => {
    const layout = 'uptime'
    for (const text of ['   159.042', '0.000000', '695546.958725']) {
      expect(read(layout, text), text).toMatchObject({ starts: true, parsed: true, time: '' })
    }
    for (const text of ['159', ' .042', 'x.1', '         1.0'])
      expect(read(layout, text).parsed, text).toBe(false)
  })

  it.each([
    '',
    'YYYY',
    'YYYY-MM-DD',
    'hh:mm:ss',
    'MM-DD hh:mm',
    'DDD MMM hh:mm:ss',
    'epoch hh:mm:ss',
    'zMM-DD hh:mm:ss',
    'x',
  ])('need more than "%s"', (layout) => {
    expect(() => formatOf(`{time:${layout}} {message}`)).toThrow('is not the layout of a time')
  })
})
