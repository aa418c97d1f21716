import type { EventJson } from '../../event-json.ts'
import { type Range, timeOf } from './time-range.ts'

/** Lines of other machines long after the desktop's own last line do not stretch the axis. */
const AFTER_MS = 15 * 60_000

/** The zoomed range, otherwise from the first line of a desktop until a little after its own last one. */
export function storyRange(
  rows: readonly EventJson[],
  query: { readonly from?: string; readonly to?: string },
  nowMs: number,
): Range {
  const first = Date.parse(rows[0]?.ts ?? '')
  const fromMs = timeOf(query.from, nowMs) ?? (Number.isNaN(first) ? nowMs - 60_000 : first)
  const toMs = timeOf(query.to, nowMs) ?? lastOf(rows) ?? nowMs
  return toMs > fromMs ? { fromMs, toMs } : { fromMs: fromMs - 1000, toMs: fromMs + 1000 }
}

/** Adds a little room at both ends, so that the first and last marks are fully visible. */
export function withRoom({ fromMs, toMs }: Range): Range {
  const room = Math.max(1, (toMs - fromMs) * 0.012)
  return { fromMs: fromMs - room, toMs: toMs + room }
}

/** The number of rows after the end of the axis. */
export function rowsBehind(rows: readonly EventJson[], { toMs }: Range): number {
  const first = rows.findIndex(({ ts }) => Date.parse(ts) > toMs)
  return first < 0 ? 0 : rows.length - first
}

function lastOf(rows: readonly EventJson[]): number | undefined {
  const own = rows.findLast(({ session }) => session !== undefined)
  if (own === undefined) return rows.length === 0 ? undefined : Date.parse(rows.at(-1)?.ts ?? '')
  const limit = Date.parse(own.ts) + AFTER_MS
  return Date.parse(rows.findLast(({ ts }) => Date.parse(ts) <= limit)?.ts ?? own.ts)
}
