import type { TrendJson } from '../../triage/trends.ts'
import type { Range } from './time-range.ts'

/** The counts of one signature in each bucket. */
type Series = {
  /** '' for failures that no rule explains, `others` for the rest. */
  readonly id: string
  readonly title: string
  readonly total: number
  readonly counts: readonly number[]
}

export type Stack = {
  /** When each bucket begins, ms since the epoch. */
  readonly beginsMs: readonly number[]
  /** Most frequent first, the rest last. */
  readonly series: readonly Series[]
  /** For each series, the sum of its counts and all before it: the top of its part of a column. */
  readonly tops: readonly (readonly number[])[]
}

/** Counts by signature as stacked columns; all but the `most - 1` most frequent are one series. */
export function stackOf(trends: readonly TrendJson[], range: Range, bucketMs: number, most: number): Stack {
  const firstMs = Math.floor(range.fromMs / bucketMs) * bucketMs
  const length = Math.max(1, Math.ceil((range.toMs - firstMs) / bucketMs))
  const beginsMs = Array.from({ length }, (_, i) => firstMs + i * bucketMs)
  const byRule = new Map<string, { id: string; title: string; total: number; counts: number[] }>()
  for (const { bucket, rule_id, title, count } of trends) {
    const at = Math.floor((Date.parse(bucket) - firstMs) / bucketMs)
    if (at < 0 || at >= length) continue
    const one = byRule.get(rule_id) ?? { id: rule_id, title, total: 0, counts: beginsMs.map(() => 0) }
    one.counts[at] = (one.counts[at] ?? 0) + count
    one.total += count
    byRule.set(rule_id, one)
  }
  const sorted = [...byRule.values()].sort((a, b) => b.total - a.total || (a.id < b.id ? -1 : 1))
  const series =
    sorted.length <= most ? sorted : [...sorted.slice(0, most - 1), joined(sorted.slice(most - 1))]
  return { beginsMs, series, tops: topsOf(series, length) }
}

function joined(rest: readonly Series[]): Series {
  const counts = (rest[0]?.counts ?? []).map((_, i) =>
    rest.reduce((sum, series) => sum + (series.counts[i] ?? 0), 0),
  )
  const total = rest.reduce((sum, series) => sum + series.total, 0)
  return { id: 'others', title: `${rest.length} others`, total, counts }
}

function topsOf(series: readonly Series[], length: number): number[][] {
  const sums = Array.from({ length }, () => 0)
  return series.map(({ counts }) =>
    counts.map((count, i) => {
      const sum = (sums[i] ?? 0) + count
      sums[i] = sum
      return sum
    }),
  )
}
