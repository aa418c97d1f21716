import { z } from 'zod'
import { SEVERITIES } from '../model.ts'
import { STATUSES } from './diagnosis/status.ts'

/** The building blocks of questions' parameters. Faults are worded for the person who gave the value. */
export const text = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be given once') })
  .min(1, 'must not be empty')

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const AGE = /^(\d{1,6})([mhdw])$/
const LONGER_AGE = /^\d{7,}[mhdw]$/

const ZONE = /[+-]\d{2}:?\d{2}$/
const ISO = z.union([z.iso.datetime({ offset: true, local: true }), z.iso.date()])

/** A time, in UTC unless it says otherwise. */
export const instant = text.refine(
  (value) => ISO.safeParse(value).success,
  'must be a time like 2026-01-31T08:00:00Z',
)

/** A time or an age. */
export const time = text
  .refine((value) => !LONGER_AGE.test(value), {
    message: 'is too far back: at most 999999 minutes, hours, days or weeks',
    abort: true,
  })
  .refine(
    (value) => AGE.test(value) || ISO.safeParse(value).success,
    'must be a time like 2026-01-31T08:00:00Z, or an age like 30m, 2h or 7d',
  )
  .describe('ISO 8601, UTC unless it says otherwise; or an age: 30m, 2h, 7d, 1w')

/** A time, or an age like `2h` before `nowMs`, as ISO 8601 in UTC; any other text stays as it is. */
export function timeOf(value: string, nowMs: number): string {
  const [, count, unit = ''] = AGE.exec(value) ?? []
  if (count !== undefined)
    return new Date(Math.max(0, nowMs - Number(count) * (UNITS[unit] ?? 0))).toISOString()
  if (!ISO.safeParse(value).success || value.endsWith('Z')) return value
  if (!value.includes('T')) return `${value}T00:00:00Z`
  return ZONE.test(value) ? new Date(value).toISOString() : `${value}Z`
}

/** Replaces ages in `from` and `to` by times; throws a ZodError if they are in the wrong order. */
export function withTimes(params: Readonly<Record<string, unknown>>, nowMs: number): Record<string, unknown> {
  const times = ['from', 'to'].flatMap((name) => {
    const value = params[name]
    return typeof value === 'string' ? [[name, timeOf(value, nowMs)]] : []
  })
  const read = { ...params, ...Object.fromEntries(times) }
  if (isReversed(read))
    throw new z.ZodError([{ code: 'custom', path: ['to'], message: REVERSED, input: read }])
  return read
}

const REVERSED = 'must not be before from: an age counts back from now, as in from=5h, to=2h'

/** `from` and `to` may also be numbers, which are not times. */
function isReversed({ from, to }: Readonly<Record<string, unknown>>): boolean {
  if (!ISO.safeParse(from).success || !ISO.safeParse(to).success) return false
  return Date.parse(String(from)) > Date.parse(String(to))
}

const DIGITS = /^\d{1,16}$/

/** A number as digits, as in an address; text that JavaScript would also take for one (`0x10`, `1e2`, nothing) is refused. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  const upTo = most === Number.MAX_SAFE_INTEGER ? 'on' : `to ${most}`
  const fault = `must be a whole number from ${least} ${upTo}`
  return z
    .unknown()
    .transform((value, context): number => {
      const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value
      if (Number.isSafeInteger(number) && least <= Number(number) && Number(number) <= most)
        return Number(number)
      context.addIssue(value === undefined ? 'is missing' : fault)
      return z.NEVER
    })
    .meta({ type: 'integer', minimum: least, ...(upTo === 'on' ? {} : { maximum: most }) })
}

export const limit = wholeNumber(1, 100_000).describe('at most so many')

export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true')

export const session = text
  .regex(/^[^/]+(?:\/.+)?$/, 'must be owner/name or a host')
  .describe('a desktop, as owner/name, with the logs of its hosts; or a host without a known desktop')

export const severity = z
  .enum(SEVERITIES, `must be one of ${SEVERITIES.join(', ')}`)
  .describe('at or above it')

export const status = z
  .enum(STATUSES, `must be one of ${STATUSES.join(', ')}`)
  .describe('the state of the desktop')

/** Splits `owner/name`; a name may contain a slash, an owner may not. Without a slash it is a host. */
export function sessionParts(value: string | undefined): {
  readonly owner?: string
  readonly session?: string
  readonly host?: string
} {
  if (value === undefined) return {}
  const slash = value.indexOf('/')
  if (slash < 0) return { host: value }
  return { owner: value.slice(0, slash), session: value.slice(slash + 1) }
}

export const NOT_OURS = 'is not one that an answer gave'
