import { z } from 'zod'

/** Times of the week or the year, in the terms of Alertmanager. Days and months are ranges `a:b`, both ends included. */

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
]

type Range = { readonly from: number; readonly to: number }

/** `a:b` or `a`, of names or numbers. */
function range(what: string, numberOf: (text: string) => number | undefined) {
  return z.string().transform((text, context): Range => {
    const [from, to = from, ...more] = text.split(':').map((part) => numberOf(part.trim().toLowerCase()))
    // In a range of days of the month, a negative end counts from the end of the month: `5:-1`.
    const isRange = from !== undefined && to !== undefined && (from <= to || (from > 0 && to < 0))
    if (isRange && more.length === 0) return { from, to }
    context.addIssue({ code: 'custom', message: `is no range of ${what}` })
    return z.NEVER
  })
}

const named = (names: readonly string[], base: number) => (text: string) => {
  const at = names.indexOf(text)
  return at < 0 ? undefined : at + base
}
const whole = (min: number, max: number) => (text: string) => {
  const number = /^-?\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  return number >= min && number <= max && number !== 0 ? number : undefined
}

const Clock = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be like 08:30')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)))

const Location = z.string().refine((zone) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined
  } catch {
    return false
  }
}, 'is no time zone, as Europe/Berlin')

export const TimeInterval = z.strictObject({
  times: z
    .array(
      z
        .strictObject({ start_time: Clock, end_time: Clock })
        .refine(({ start_time, end_time }) => start_time < end_time, 'ends before it starts'),
    )
    .optional(),
  weekdays: z.array(range('days, as monday:friday', named(DAYS, 0))).optional(),
  days_of_month: z.array(range('days of the month, as 1:5 or -3:-1', whole(-31, 31))).optional(),
  months: z
    .array(range('months, as january:march', (text) => named(MONTHS, 1)(text) ?? whole(1, 12)(text)))
    .optional(),
  years: z.array(range('years, as 2026:2027', whole(1970, 9999))).optional(),
  location: Location.default('UTC'),
})

export type TimeInterval = z.infer<typeof TimeInterval>

/** Is a moment within an interval? Parts that are not given always match. */
export function isWithin(interval: TimeInterval, nowMs: number): boolean {
  const { minute, weekday, day, month, year } = localParts(nowMs, interval.location)
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const fromEnd = (number: number) => (number < 0 ? last + 1 + number : number)
  const { times, weekdays, days_of_month, months, years } = interval
  return (
    (times === undefined ||
      times.some(({ start_time, end_time }) => minute >= start_time && minute < end_time)) &&
    isIn(weekdays, weekday) &&
    isIn(
      days_of_month?.map(({ from, to }) => ({ from: fromEnd(from), to: fromEnd(to) })),
      day,
    ) &&
    isIn(months, month) &&
    isIn(years, year)
  )
}

function isIn(ranges: readonly Range[] | undefined, value: number): boolean {
  return ranges === undefined || ranges.some(({ from, to }) => value >= from && value <= to)
}

function localParts(nowMs: number, timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      weekday: 'long',
    },
  })
  const parts = Object.fromEntries(format.formatToParts(nowMs).map(({ type, value }) => [type, value]))
  const number = (name: string) => Number(parts[name])
  return {
    minute: number('hour') * 60 + number('minute'),
    weekday: DAYS.indexOf(String(parts['weekday']).toLowerCase()),
    ...{ day: number('day'), month: number('month'), year: number('year') },
  }
}
