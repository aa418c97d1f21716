/** A range as in the address: `from` and `to` are ISO times or ages like `24h`. */
export type Range = { readonly fromMs: number; readonly toMs: number }

const HOUR = 3_600_000
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: HOUR, d: 24 * HOUR, w: 168 * HOUR }

/** Ranges that are offered by name. */
export const RANGES = [
  { age: '1h', title: 'last hour' },
  { age: '6h', title: 'last 6 hours' },
  { age: '24h', title: 'last 24 hours' },
  { age: '7d', title: 'last 7 days' },
  { age: '30d', title: 'last 30 days' },
] as const

/** An ISO time or an age as milliseconds since the epoch; undefined if it is neither. */
export function timeOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined
  const age = /^(\d+)([mhdw])$/.exec(text)
  if (age !== null) return nowMs - Number(age[1]) * (UNITS[age[2] ?? ''] ?? 0)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

/** The range of a view. */
export function rangeOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
  defaultAge = '24h',
): Range {
  const toMs = timeOf(to, nowMs) ?? nowMs
  const fromMs = timeOf(from, nowMs) ?? timeOf(defaultAge, nowMs) ?? nowMs
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: toMs - HOUR, toMs }
}

/** What is wrong with a range, in words; undefined if it is valid. */
export function rangeFault(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): string | undefined {
  const [fromMs, toMs] = [timeOf(from, nowMs), timeOf(to, nowMs)]
  if (from !== undefined && fromMs === undefined) return `The address has from=${from}, which is not a time.`
  if (to !== undefined && toMs === undefined) return `The address has to=${to}, which is not a time.`
  if (fromMs !== undefined && fromMs >= (toMs ?? nowMs))
    return toMs === undefined ? 'The range begins in the future.' : 'The range ends before it begins.'
  return undefined
}

/** The value for a date and time field, in the reader's zone: `2026-01-05T08:00:00`. */
export function inputTime(ms: number): string {
  const at = new Date(ms)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

const BUCKETS = [
  ['1m', 60_000],
  ['5m', 300_000],
  ['15m', 900_000],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
] as const
export type Bucket = (typeof BUCKETS)[number][0]

/** The bucket size that gives a chart of about fifty to a hundred columns. */
export function bucketFor({ fromMs, toMs }: Range): { readonly name: Bucket; readonly ms: number } {
  const [name, ms] = BUCKETS.find(([, size]) => (toMs - fromMs) / size <= 110) ?? ['1d', 86_400_000]
  return { name, ms }
}

/** ISO 8601, as parameters expect it. */
export function isoOf(ms: number): string {
  return new Date(Math.round(ms)).toISOString()
}
