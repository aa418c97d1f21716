import type { Store } from './client.ts'
import { allOf, type Condition, fixed, given } from './conditions.ts'
import { DATABASE } from './database.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { ofSession, type SessionRows } from './session-rows.ts'
import { LAST_MS } from './sql-time.ts'

export type TrendFilter = {
  /** The width of a bucket in minutes: 1, or a multiple of 5. */
  readonly bucketMinutes: number
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly rule?: string | undefined
  /** Only events of this desktop and its machines; the number of desktops is then always 1. */
  readonly desktop?: SessionRows | undefined
  readonly host?: string | undefined
  /** Also count milestones, whatever their severity. */
  readonly milestones: boolean
  /** Of other events, count only these severities; all if undefined. */
  readonly severities?: readonly string[] | undefined
}

export type TrendRow = {
  readonly bucket: string
  readonly rule_id: string
  readonly kind: string
  readonly severity: string
  readonly count: number
  readonly sessions: number
  readonly hosts: number
}

const MINUTE_MS = 60_000

/**
 * Events by bucket and rule, oldest first. The query has the shape of the projections `trend_minutes`, `trend_hours` and
 * `trend_days`, so that the engine reads them instead of all events. Buckets of a minute, and those of one desktop, are counted
 * from the events.
 */
export async function selectTrends(store: Store, filter: TrendFilter): Promise<TrendRow[]> {
  const parts = partsOf(filter).map((part) => selectPart(store, { ...filter, ...part }))
  return (await Promise.all(parts)).flat()
}

/** A part of the span, and the width in which its events are pre-counted. */
type Part = Pick<TrendFilter, 'from' | 'to'> & { readonly start: string }

/**
 * Divides the span into parts that share no bucket. Hours and days are used only where they lie completely within the span and
 * the buckets are whole hours or days.
 */
function partsOf({ bucketMinutes, from, to }: TrendFilter): readonly Part[] {
  const minutes = 'toStartOfFiveMinutes'
  if (bucketMinutes < 5) return [{ from, to, start: 'toStartOfMinute' }]
  if (bucketMinutes % 60 !== 0) return [{ from, to, start: minutes }]
  const stepMs = bucketMinutes * MINUTE_MS
  const begin = from === undefined ? undefined : timeText(Math.ceil(Date.parse(from) / stepMs) * stepMs)
  const end = to === undefined ? undefined : timeText(Math.floor(Date.parse(to) / stepMs) * stepMs)
  if (begin !== undefined && end !== undefined && begin > end) return [{ from, to, start: minutes }]
  return [
    { from, to: begin, start: minutes },
    { from: begin, to: end, start: bucketMinutes % 1440 === 0 ? 'toStartOfDay' : 'toStartOfHour' },
    { from: end, to, start: minutes },
  ].filter((part) => part.start !== minutes || !isEmpty(part))
}

function isEmpty({ from, to }: Part): boolean {
  return from === undefined || to === undefined || Date.parse(from) >= Date.parse(to)
}

function timeText(ms: number): string {
  return new Date(Math.min(ms, LAST_MS)).toISOString()
}

function selectPart(store: Store, { start, ...filter }: TrendFilter & Part): Promise<TrendRow[]> {
  const minutes = Math.trunc(filter.bucketMinutes)
  const part = `${start}(ts)`
  const { from, to, rule, desktop, host } = filter
  const { sql, params } = allOf([
    fixed('counted = 1'),
    ...kindsOf(filter),
    ...given('from', from, `${part} >= ${start}(parseDateTimeBestEffort({from:String}, 'UTC'))`),
    ...given('to', to, `${part} < parseDateTimeBestEffort({to:String}, 'UTC')`),
    ...given('rule', rule, 'rule_id = {rule:String}'),
    ...ofSession(desktop),
    ...given('host', host, 'host = {host:String}'),
  ])
  const sessions = desktop === undefined ? "uniqExactIf((owner, session), session != '')" : '1'
  return store.query<TrendRow>(
    `SELECT formatDateTime(toStartOfInterval(${part}, INTERVAL ${minutes} MINUTE, 'UTC'), '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS bucket,
       rule_id, kind, severity, toFloat64(count()) AS count,
       toFloat64(${sessions}) AS sessions, toFloat64(uniqExactIf(host, host != '')) AS hosts
     FROM ${DATABASE}.events AS t WHERE ${sql}
     GROUP BY bucket, rule_id, kind, severity ORDER BY bucket, count DESC, rule_id
     SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
}

function kindsOf({ milestones, severities }: TrendFilter): readonly Condition[] {
  const wanted = 'severity IN {severities:Array(String)}'
  if (!milestones) return [fixed("kind != 'milestone'"), ...given('severities', severities, wanted)]
  return given('severities', severities, `(kind = 'milestone' OR ${wanted})`)
}
