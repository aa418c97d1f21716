import type { EventJson } from '../event-json.ts'
import type { Params, Store } from './client.ts'
import { DATABASE } from './database.ts'
import { OF_LINES } from './of-lines.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { isoText, timeParam } from './sql-time.ts'
import { selectStoryEvents } from './story-events.ts'

/** Events of shared machines, which serve all desktops: of these sources, since a time (ISO 8601). */
export type SharedFilter = { readonly shared: readonly string[]; readonly from: string | undefined }

/** At most this many events are read for one question, the newest ones. */
export const MOST_SHARED = 100_000
const HOUR = 'toUnixTimestamp(toStartOfHour(ts))'
const IN_HOURS = `${HOUR} IN {hours:Array(UInt32)}`

/** Everything that shared machines wrote, oldest first. */
export function selectSharedEvents(store: Store, filter: SharedFilter): Promise<EventJson[]> {
  return selectStoryEvents(store, [since(filter)], paramsOf(filter), MOST_SHARED)
}

/** Launch messages with the same text: when first and last (ISO 8601, UTC), and of which cluster. */
export type LaunchRow = Readonly<
  Record<'cluster' | 'profile' | 'message' | 'first_seen' | 'last_seen', string>
>

/** What shared logs wrote from one time to another. */
export type LaunchSpan = SharedFilter & { readonly to?: string | undefined }

/** Launch messages of shared machines, grouped by text: those of the rules in `requests`, and what went wrong. */
export function selectLaunches(
  store: Store,
  span: LaunchSpan,
  requests: readonly string[],
): Promise<LaunchRow[]> {
  return store.query<LaunchRow>(
    `SELECT t.cluster AS cluster, t.profile AS profile, t.message AS message,
       ${isoText('min(t.ts)')} AS first_seen, ${isoText('max(t.ts)')} AS last_seen
     FROM (
       SELECT cluster, profile, message, ts FROM ${DATABASE}.events
       WHERE ${during(span)} AND phase = 'launch' AND (rule_id IN {requests:Array(String)} OR severity != 'info')
       ORDER BY ts DESC LIMIT ${MOST_SHARED}
     ) AS t GROUP BY t.cluster, t.profile, t.message SETTINGS ${QUESTION_LIMITS}`,
    { ...paramsOf(span), requests },
  )
}

/**
 * All events of the rule `wanted`; and within `withinMs` before and after each of them, events of the rule `beside` and
 * failures of launches.
 */
export function selectNearby(
  store: Store,
  span: LaunchSpan,
  {
    wanted,
    beside,
    withinMs,
  }: { readonly wanted: string; readonly beside: string; readonly withinMs: number },
): Promise<EventJson[]> {
  const second = 'toUnixTimestamp(ts)'
  const away = Math.ceil(withinMs / 1000)
  const near = `SELECT arrayJoin(range(toUInt32(${second} - ${away}), toUInt32(${second} + ${away + 1}))) FROM ${DATABASE}.events
    WHERE ${during(span)} AND rule_id = {wanted:String}`
  const isAnswer = `(rule_id = {beside:String} OR (phase = 'launch' AND severity IN ('error', 'critical')))`
  return selectStoryEvents(
    store,
    [`${during(span)} AND (rule_id = {wanted:String} OR (${isAnswer} AND ${second} IN (${near})))`],
    { ...paramsOf(span), wanted, beside },
    MOST_SHARED,
  )
}

/** Events of shared logs that are wanted at any time: all of some rules, and the first of each hour of others. */
export type Always = { readonly all: readonly string[]; readonly firsts: readonly string[] }

/** Events in some hours (seconds since the epoch; at least one), the newest, oldest first. */
export function selectSharedIn(
  store: Store,
  shared: readonly string[],
  hours: readonly number[],
): Promise<EventJson[]> {
  // The engine finds rows by bounds of time, not by hours.
  const span = {
    shared,
    from: new Date(Math.min(...hours) * 1000).toISOString(),
    to: new Date((Math.max(...hours) + 3600) * 1000).toISOString(),
  }
  return selectStoryEvents(
    store,
    [`${during(span)} AND ${IN_HOURS}`],
    { ...paramsOf(span), hours },
    MOST_SHARED,
  )
}

/** Events in other hours than these: those that are always wanted, and the last of each kind in each file; oldest first. */
export function selectSharedAlways(
  store: Store,
  filter: SharedFilter,
  hours: readonly number[],
  always: Always,
): Promise<EventJson[]> {
  const from = `FROM ${DATABASE}.events WHERE ${since(filter)}`
  const lasts = `SELECT argMax(event_id, ts) ${from} GROUP BY file_id, rule_id, severity, phase, template_id`
  const firsts = `SELECT argMin(event_id, ts) ${from} AND rule_id IN {firsts:Array(String)} GROUP BY file_id, rule_id, ${HOUR}`
  const wanted = `rule_id IN {all:Array(String)} OR event_id IN (${lasts}) OR event_id IN (${firsts})`
  return selectStoryEvents(
    store,
    [`${since(filter)} AND NOT ${IN_HOURS} AND (${wanted})`],
    { ...paramsOf(filter), hours, ...always },
    MOST_SHARED,
  )
}

/** The condition that a row is of these machines and times. */
export function since({ from }: SharedFilter): string {
  const late = from === undefined ? '' : ` AND ts >= ${timeParam('from')}`
  return `source IN {shared:Array(String)} AND ${OF_LINES}${late}`
}

function during({ to, ...filter }: LaunchSpan): string {
  const until = to === undefined ? '' : ` AND ts < ${timeParam('to')}`
  return `${since(filter)}${until}`
}

/** The parameters of that condition. */
export function paramsOf({ shared, from, to }: LaunchSpan): Params {
  return { shared, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}
