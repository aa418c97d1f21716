import type { Range } from './time-range.ts'

/** A tick on a time axis: its position, as a part of the width from 0 to 1, and its label. */
export type Tick = { readonly at: number; readonly ms: number; readonly label: string }

const STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800,
]

/** Round times within a range, at most `most` of them; in the browser's zone unless another is given. */
export function ticksOf({ fromMs, toMs }: Range, most: number, timeZone?: string): Tick[] {
  const span = Math.max(toMs - fromMs, 1)
  const stepS = STEPS_S.find((step) => span / 1000 / step <= most) ?? STEPS_S.at(-1) ?? 1
  const stepMs = stepS * 1000
  const shift = offsetMs(fromMs, timeZone)
  const format = labelFormat(stepS, timeZone)
  const ticks: Tick[] = []
  for (let ms = Math.ceil((fromMs + shift) / stepMs) * stepMs - shift; ms <= toMs; ms += stepMs) {
    ticks.push({ at: (ms - fromMs) / span, ms, label: format.format(ms) })
  }
  return ticks
}

/** How far the zone is ahead of UTC, ms, so that days begin at its midnight. */
function offsetMs(ms: number, timeZone: string | undefined): number {
  if (timeZone === 'UTC') return 0
  return -new Date(ms).getTimezoneOffset() * 60_000
}

function labelFormat(stepS: number, timeZone: string | undefined): Intl.DateTimeFormat {
  const zone = timeZone === undefined ? {} : { timeZone }
  if (stepS >= 86400) return new Intl.DateTimeFormat('en-GB', { ...zone, day: 'numeric', month: 'short' })
  const seconds = stepS < 60 ? { second: '2-digit' as const } : {}
  return new Intl.DateTimeFormat('en-GB', {
    ...zone,
    hour: '2-digit',
    minute: '2-digit',
    ...seconds,
    hourCycle: 'h23',
  })
}

/** The range between two points of the width; undefined if they are too close. */
export function brushed(range: Range, from: number, to: number, leastPart = 0.005): Range | undefined {
  const [low, high] = from < to ? [from, to] : [to, from]
  if (high - low < leastPart) return undefined
  const span = range.toMs - range.fromMs
  const at = (part: number) => Math.round(range.fromMs + Math.min(Math.max(part, 0), 1) * span)
  return { fromMs: at(low), toMs: at(high) }
}
