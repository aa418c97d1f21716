import type { Store } from './client.ts'
import { allOf, fixed, within } from './conditions.ts'
import { DATABASE } from './database.ts'
import { OF_LINES } from './of-lines.ts'
import { QUESTION_LIMITS } from './query-limits.ts'

export type CoverageFilter = { readonly from?: string | undefined; readonly to?: string | undefined }

/** How many events of a source a rule matches; without a rule, how many no rule matches. */
export type CoverageRow = {
  readonly source: string
  readonly kind: string
  readonly rule_id: string
  readonly severity: string
  readonly count: number
  readonly sessions: number
  /** Does a rule explain them? A general rule only names their kind; they have a template then. */
  readonly explained: boolean
}

/** Counts events of lines by source and rule, most frequent first, without copies. Times are ISO 8601, UTC. */
export function selectCoverage(store: Store, filter: CoverageFilter): Promise<CoverageRow[]> {
  const { sql, params } = allOf([fixed('counted = 1'), fixed(OF_LINES), ...within(filter, 'ts')])
  return store.query<CoverageRow>(
    `SELECT source, kind, rule_id, severity, CAST(kind != 'unknown' AND template_id = '', 'Bool') AS explained, toFloat64(count()) AS count,
       toFloat64(uniqExactIf((owner, session), session != '')) AS sessions
     FROM ${DATABASE}.events WHERE ${sql}
     GROUP BY source, kind, rule_id, severity, explained ORDER BY count DESC, source, rule_id
     SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
}
