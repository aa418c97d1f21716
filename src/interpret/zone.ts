import { usageError } from '../errors.ts'

/** A time zone: converts a wall-clock time to an instant, both in µs since the epoch. */
export type Zone = { readonly name: string; readonly toUtcMicros: (localMicros: number) => number }

const HOUR_MICROS = 3_600_000_000
const DAY_MICROS = 24 * HOUR_MICROS
/** Hours cached per zone, by their low bits: six weeks at a time. */
const SLOTS = 1024

const known = new Map<string, Zone>()

/**
 * The zone of an IANA name; `UTC` is the identity. A local time that occurs twice (clocks set back) is the first of the two;
 * one that never occurs (clocks set forward) is read as if the clocks had not been changed yet.
 */
export function zone(name: string): Zone {
  const found = known.get(name)
  if (found !== undefined) return found
  const made = name === 'UTC' ? { name, toUtcMicros: (localMicros: number) => localMicros } : ianaZone(name)
  known.set(name, made)
  return made
}

function ianaZone(name: string): Zone {
  const offsetAt = offsets(name)
  const hours = new Float64Array(SLOTS).fill(Number.NaN)
  const cached = new Float64Array(SLOTS)
  const toUtcMicros = (localMicros: number): number => {
    const hour = Math.floor(localMicros / HOUR_MICROS)
    const slot = hour & (SLOTS - 1)
    if (hours[slot] !== hour) {
      cached[slot] = offsetOfHour(hour * HOUR_MICROS, offsetAt)
      hours[slot] = hour
    }
    const offset = cached[slot] as number
    return Number.isNaN(offset) ? resolve(localMicros, offsetAt) : localMicros - offset
  }
  return { name, toUtcMicros }
}

/** The offset of all local times of one hour; NaN if it changes within the hour (half-hour DST of Lord Howe). */
function offsetOfHour(begin: number, offsetAt: (utcMicros: number) => number): number {
  const first = begin - resolve(begin, offsetAt)
  const last = begin + HOUR_MICROS - 1
  return last - resolve(last, offsetAt) === first ? first : Number.NaN
}

/** Looks a day back and a day ahead for possible offsets; zones never change twice within two days. */
function resolve(localMicros: number, offsetAt: (utcMicros: number) => number): number {
  const before = offsetAt(localMicros - DAY_MICROS)
  const after = offsetAt(localMicros + DAY_MICROS)
  const early = localMicros - before
  if (before === after || offsetAt(early) === before) return early
  const late = localMicros - after
  return offsetAt(late) === after ? late : early
}

/** Local time minus UTC at an instant, in µs. */
function offsets(name: string): (utcMicros: number) => number {
  const format = dateFormat(name)
  return (utcMicros) => {
    const second = Math.floor(utcMicros / 1_000_000)
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(second * 1000)) part[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: s = 0 } = part
    return (Date.UTC(year, month - 1, day, hour, minute, s) / 1000 - second) * 1_000_000
  }
}

function dateFormat(name: string): Intl.DateTimeFormat {
  const two = '2-digit'
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    })
  } catch {
    const hint = 'Use a name of the IANA time zone database, such as UTC or Europe/Paris.'
    throw usageError('E_ZONE', `"${name}" is not a time zone`, hint)
  }
}
