import { DATABASE, type Store } from './client.ts'
import { allOf, fixed, given } from './conditions.ts'
import {
  behind,
  type EventRowJson,
  type LineFilter,
  type LinePage,
  lineConditions,
  verdictConditions,
  withTime,
} from './line-query.ts'
import { OF_SEVERAL } from './of-lines.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { LINE_COLUMNS, VERDICT_NAMES } from './row-columns.ts'
import { timeParam } from './sql-time.ts'
import type { StoredVerdict } from './stored-lines.ts'

/**
 * Events that rules make of several others: stored beside them, without a line of their own. Newest first; only those of
 * `rules`, if given.
 */
export async function selectCorrelated(
  store: Store,
  { rules, ...filter }: LineFilter & { readonly rules?: readonly string[] },
  page: LinePage,
): Promise<EventRowJson[]> {
  const { sql, params } = allOf([
    fixed(`t.${OF_SEVERAL}`),
    ...lineConditions(filter),
    ...verdictConditions(filter),
    ...given('rules', rules, 't.rule_id IN {rules:Array(String)}'),
    ...behind({ ...page, newestFirst: true }),
  ])
  const rows = await store.query<Record<string, unknown>>(
    `SELECT ${LINE_COLUMNS}, ${VERDICT_NAMES} FROM ${DATABASE}.events AS t WHERE ${sql}
     ORDER BY t.ts DESC, t.file_id DESC, t.generation DESC, t.offset DESC LIMIT ${Math.trunc(page.limit)} SETTINGS ${QUESTION_LIMITS}`,
    params,
  )
  return rows.map(withTime)
}

/** The event of this id, if it was made of several others. */
export async function selectCorrelatedById(store: Store, id: string): Promise<EventRowJson[]> {
  const rows = await store.query<Record<string, unknown>>(
    `SELECT ${LINE_COLUMNS}, ${VERDICT_NAMES} FROM ${DATABASE}.events AS t
     WHERE t.event_id = {id:String} AND t.${OF_SEVERAL} LIMIT 1 SETTINGS ${QUESTION_LIMITS}`,
    { id },
  )
  return rows.map(withTime)
}

/** Parameters are sent in the URL of a request. */
const IDS_AT_ONCE = 5000

/** Those of the ids that are stored. */
export async function selectStoredIds(store: Store, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const stored = new Set<string>()
  for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
    const rows = await store.query<{ event_id: string }>(
      `SELECT event_id FROM ${DATABASE}.events WHERE event_id IN {ids:Array(String)} SETTINGS ${QUESTION_LIMITS}`,
      { ids: ids.slice(from, from + IDS_AT_ONCE) },
    )
    for (const { event_id } of rows) stored.add(event_id)
  }
  return stored
}

/** What rules said of several events from `since` on (ISO 8601). */
export function selectCorrelatedVerdicts(store: Store, since: string): Promise<StoredVerdict[]> {
  return store.query<StoredVerdict>(
    `SELECT event_id, kind, rule_id, rule_version FROM ${DATABASE}.events
     WHERE ${OF_SEVERAL} AND ts >= ${timeParam('since')} SETTINGS ${QUESTION_LIMITS}`,
    { since },
  )
}
