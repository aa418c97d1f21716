import { DATABASE, LIMITS, type Store } from './client.ts'

export type CoverageFilter = { readonly from?: string | undefined; readonly to?: string | undefined }

/** How often a rule (or none, for what no rule explains) spoke of lines of a source. */
export type CoverageRow = {
  readonly source: string
  readonly kind: string
  readonly rule_id: string
  readonly severity: string
  readonly count: number
  readonly sessions: number
}

/** Counts events by source and rule, the most frequent first. Times are ISO 8601, UTC. */
export function selectCoverage(store: Store, { from, to }: CoverageFilter): Promise<CoverageRow[]> {
  const conditions = [
    ...(from === undefined ? [] : ["ts >= parseDateTime64BestEffort({from:String}, 6, 'UTC')"]),
    ...(to === undefined ? [] : ["ts < parseDateTime64BestEffort({to:String}, 6, 'UTC')"]),
  ]
  const params = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
  return store.query<CoverageRow>(
    `SELECT source, kind, rule_id, severity, toFloat64(count()) AS count,
       toFloat64(uniqExactIf((owner, session), session != '')) AS sessions
     FROM ${DATABASE}.events ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     GROUP BY source, kind, rule_id, severity ORDER BY count DESC, source, rule_id
     SETTINGS ${LIMITS}`,
    params,
  )
}
