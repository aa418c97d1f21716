import type { EventJson } from '../event-json.ts'
import type { Store } from './client.ts'
import { allOf, fixed, given } from './conditions.ts'
import { DATABASE } from './database.ts'
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
import { BY_INDEX, QUESTION_LIMITS } from './query-limits.ts'
import { LINE_COLUMNS, VERDICT_NAMES } from './row-columns.ts'
import { timeParam } from './sql-time.ts'
import { STORED_VERDICT, type StoredVerdict } from './stored-lines.ts'

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
     ORDER BY t.ts DESC, t.file_id DESC, t.generation DESC, t.offset DESC LIMIT ${Math.trunc(page.limit)} SETTINGS ${QUESTION_LIMITS}, ${BY_INDEX}`,
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

/** An event that a rule made of several others, as it is stored: where and of whom it is, and which batch brought it. */
export type StoredCorrelated = Pick<EventJson, 'event_id' | 'file_id' | 'generation' | 'offset'> &
  Record<'rule_id' | 'owner' | 'session' | 'host' | 'batch', string>

/** Parameters are sent in the URL of a request. */
const AT_ONCE = 2000

/**
 * The stored events that may be the same as these: with one of their ids, or of one of their rules at one of their times; in
 * the order of the batches.
 */
export async function selectStoredLike(
  store: Store,
  events: readonly EventJson[],
): Promise<StoredCorrelated[]> {
  const stored = new Map<string, StoredCorrelated>()
  for (let from = 0; from < events.length; from += AT_ONCE) {
    const some = events.slice(from, from + AT_ONCE)
    const rows = await store.query<StoredCorrelated>(
      `SELECT event_id, batch, rule_id, file_id, generation, toFloat64(t.offset) AS offset, owner, session, host
       FROM ${DATABASE}.events AS t
       WHERE t.${OF_SEVERAL} AND t.rule_id IN {rules:Array(String)}
         AND (t.event_id IN {ids:Array(String)} OR t.ts IN {times:Array(DateTime64(6, 'UTC'))})
       SETTINGS ${QUESTION_LIMITS}`,
      {
        rules: [...new Set(some.map(({ rule_id = '' }) => rule_id))],
        ids: some.map(({ event_id }) => event_id),
        times: [...new Set(some.map(({ ts }) => ts.replace('T', ' ').replace('Z', '')))],
      },
    )
    for (const row of rows) stored.set(`${row.event_id} ${row.batch}`, row)
  }
  return [...stored.values()].sort((a, b) => (a.batch < b.batch ? -1 : 1))
}

/** What rules said of several events from `since` on (ISO 8601). */
export function selectCorrelatedVerdicts(store: Store, since: string): Promise<StoredVerdict[]> {
  return store.query<StoredVerdict>(
    `SELECT ${STORED_VERDICT} FROM ${DATABASE}.events
     WHERE ${OF_SEVERAL} AND ts >= ${timeParam('since')} SETTINGS ${QUESTION_LIMITS}, ${BY_INDEX}`,
    { since },
  )
}
