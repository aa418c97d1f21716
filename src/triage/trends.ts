import { z } from 'zod'
import { rulesById } from '../interpret/all-rules.ts'
import { selectTrends } from '../store/trend-query.ts'
import type { Library, Page } from './answers.ts'
import { severitiesFrom } from './events.ts'
import { flag, session, severity, text, time } from './parameters.ts'
import { rowsOf } from './sessions/session-logs.ts'

export type TrendJson = {
  readonly bucket: string
  readonly rule_id: string
  readonly title: string
  readonly severity: string
  readonly count: number
  readonly sessions: number
  readonly hosts: number
}

const BUCKET_MINUTES = { '1m': 1, '5m': 5, '15m': 15, '1h': 60, '1d': 1440 } as const
const BUCKETS = ['1m', '5m', '15m', '1h', '1d'] as const

export const TRENDS = z.strictObject({
  bucket: z.enum(BUCKETS, 'must be 1m, 5m, 15m, 1h or 1d').default('1h').describe('width of a bucket'),
  from: time.optional(),
  to: time.optional(),
  rule: text.optional().describe('id of a rule, which counts whatever its severity'),
  severity: severity
    .optional()
    .describe('at or above it; warning if no rule is named, since notes (info) are not failures'),
  session: session.optional(),
  milestones: flag.default(false).describe('count milestones as well'),
})

/** Failures by bucket and rule, oldest first; events of severity info only on request. */
export async function askTrends(
  { session: desktop, severity: least, ...ask }: z.infer<typeof TRENDS>,
  library: Library,
): Promise<Page<TrendJson>> {
  const { store, rules } = library
  const known = rulesById(rules)
  const rows = await selectTrends(store, {
    ...ask,
    ...(await rowsOf(desktop, library)),
    severities: severitiesFrom(least ?? (ask.rule === undefined ? 'warning' : 'info')),
    bucketMinutes: BUCKET_MINUTES[ask.bucket],
  })
  const items = rows.map(({ bucket, rule_id, kind, severity, count, sessions, hosts }) => ({
    bucket,
    rule_id,
    title: known.get(rule_id)?.title ?? (kind === 'unknown' ? 'Failures that no rule explains' : rule_id),
    severity,
    count,
    sessions,
    hosts,
  }))
  return { items }
}
