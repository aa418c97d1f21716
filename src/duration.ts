import { z } from 'zod'

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The largest first. */
const UNITS = ['d', 'h', 'm', 's'] as const

/** A span of time as `30s`, `10m`, `2h` or `1d`; code sees milliseconds. */
export const Duration = z
  .string()
  .regex(/^\d{1,4}[smhd]$/, 'not a duration, as 30s, 10m, 2h or 1d')
  .transform((text) => Number(text.slice(0, -1)) * UNIT_MS[text.slice(-1) as keyof typeof UNIT_MS])

/** The same as people read it: the largest unit that leaves no rest, `90s` but `2m`. */
export function durationText(ms: number): string {
  const units = (['d', 'h', 'm'] as const).filter((unit) => ms >= UNIT_MS[unit] && ms % UNIT_MS[unit] === 0)
  const unit = units[0] ?? 's'
  return `${Math.round(ms / UNIT_MS[unit])}${unit}`
}

/** The same where a rest does not matter: the two largest units, `18d 5h` for what is 18 days, 5 hours and some minutes. */
export function roughDurationText(ms: number): string {
  const at = UNITS.findIndex((unit) => ms >= UNIT_MS[unit])
  const [large, small] = at < 0 ? [] : UNITS.slice(at, at + 2)
  if (large === undefined) return durationText(ms)
  const count = Math.floor(ms / UNIT_MS[large])
  const rest = small === undefined ? 0 : Math.floor((ms % UNIT_MS[large]) / UNIT_MS[small])
  return rest === 0 ? `${count}${large}` : `${count}${large} ${rest}${small}`
}
