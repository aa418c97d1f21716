import type { SeenRow, selectHours } from '../../store/signature-query.ts'

const HOURS = 24

/** Tells rows of one rule or template from those of others. */
export function keyOf({ rule_id, template_id }: Pick<SeenRow, 'rule_id' | 'template_id'>): string {
  return `${rule_id}\0${template_id}`
}

/** By rule and template: how often they occurred in each of the last 24 hours, the oldest first. */
export function trendsOf(
  hours: Awaited<ReturnType<typeof selectHours>>,
): ReadonlyMap<string, readonly number[]> {
  const trends = new Map<string, number[]>()
  for (const row of hours) {
    const trend = trends.get(keyOf(row)) ?? new Array<number>(HOURS).fill(0)
    const at = HOURS - 1 - row.hour
    trend[at] = (trend[at] ?? 0) + row.count
    trends.set(keyOf(row), trend)
  }
  return trends
}

/** The sum of trends, hour by hour; zeros if there are none. */
export function summed(trends: readonly (readonly number[])[]): number[] {
  return Array.from({ length: HOURS }, (_, hour) =>
    trends.reduce((total, trend) => total + (trend[hour] ?? 0), 0),
  )
}
