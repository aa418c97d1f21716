import type { EventJson } from '../event-json.ts'
import { DATABASE, type Params, type Store } from './client.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { isoText, timeParam } from './sql-time.ts'
import { selectStoryEvents } from './story-events.ts'

/** Events of the machines that serve all desktops: of these kinds of logs, since a time (ISO 8601). */
export type SharedFilter = { readonly shared: readonly string[]; readonly from: string | undefined }

/** By what such machines speak of some desktops. */
export type Words = {
  /** Hosts, addresses, instances, uuids, and phrases around a desktop's name. */
  readonly tokens: readonly string[]
  /** What names one only together. */
  readonly owners: readonly string[]
  readonly sessions: readonly string[]
  /** Rows of the portal's table. */
  readonly rows: readonly string[]
}

/** When some desktops were spoken of, in hours (seconds since the epoch), and what else they are called there. */
export type Mentions = Pick<Words, 'tokens' | 'rows'> & { readonly hours: readonly number[] }

/** More events than this of one question are not looked at: the newest count. */
const MAX_SHARED = 100_000
/** The engine searches so many words at once. */
const WORDS_AT_ONCE = 250
const HOUR = 'toUnixTimestamp(toStartOfHour(ts))'
const ROW = "extract(message, '(?:_session\\\\.id=|<(?:Linux|Windows)DCVSessions )([0-9]+)')"
const IDS = `arrayConcat(extractAll(message, '\\\\bi-[0-9a-f]{8,17}\\\\b'), extractAll(message, 'session_uuid\\\\W{1,5}([0-9a-f-]{36})'))`
/** As the portal keeps what was typed, see `portalWords`. */
const TYPED = "replaceRegexpAll(message, '\\\\W', '')"

/** Looks for words of desktops in what the machines that serve all of them wrote; `turnMs` before and after belongs to it. */
export async function selectMentions(
  store: Store,
  filter: SharedFilter,
  words: Words,
  turnMs: number,
): Promise<Mentions> {
  const turn = `toIntervalSecond(${Math.ceil(turnMs / 1000)})`
  const { condition, params } = mentioning(words)
  const found = await store.query<{ early: number; late: number; tokens: string[]; rows: string[] }>(
    `SELECT toUnixTimestamp(toStartOfHour(ts - ${turn})) AS early, toUnixTimestamp(toStartOfHour(ts + ${turn})) AS late,
       groupUniqArrayArray(${IDS}) AS tokens, groupUniqArray(${ROW}) AS rows
     FROM ${DATABASE}.events WHERE ${since(filter)} AND (${condition}) GROUP BY early, late SETTINGS ${QUESTION_LIMITS}`,
    { ...paramsOf(filter), ...params },
  )
  return {
    hours: distinct(found.flatMap(({ early, late }) => [early, late])),
    tokens: distinct(found.flatMap(({ tokens }) => tokens)),
    rows: distinct(found.flatMap(({ rows }) => rows)).filter((row) => row !== ''),
  }
}

function mentioning({ tokens, owners, sessions, rows }: Words): { condition: string; params: Params } {
  const params: Record<string, readonly string[]> = { rows }
  const anyOf = (text: string, name: string, words: readonly string[]) => {
    const parts: string[] = []
    for (let from = 0; from < words.length; from += WORDS_AT_ONCE) {
      params[`${name}${from}`] = words.slice(from, from + WORDS_AT_ONCE)
      parts.push(`multiSearchAny(${text}, {${name}${from}:Array(String)})`)
    }
    return parts.length === 0 ? '0' : `(${parts.join(' OR ')})`
  }
  const byOwner = anyOf('message', 'owners', owners)
  const typed = `(position(message, 'session_name') > 0 AND ${anyOf(TYPED, 'sessions', sessions)})`
  const condition = [
    `(${byOwner} AND (${anyOf('message', 'sessions', sessions)} OR ${typed}))`,
    `${ROW} IN {rows:Array(String)}`,
    anyOf('message', 'tokens', tokens),
  ].join(' OR ')
  return { condition, params }
}

/** All that such machines wrote, oldest first. */
export function selectSharedEvents(store: Store, filter: SharedFilter): Promise<EventJson[]> {
  return selectStoryEvents(store, [since(filter)], paramsOf(filter), MAX_SHARED)
}

/** What was said of launches in the same words: when first and last (ISO 8601, UTC), and of which cluster. */
export type LaunchRow = Readonly<
  Record<'cluster' | 'profile' | 'message' | 'first_seen' | 'last_seen', string>
>

/** What shared logs wrote from one time to another. */
export type LaunchSpan = SharedFilter & { readonly to?: string | undefined }

/** What those machines wrote of launches, by its words: what these rules tell, and what went wrong. */
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
       ORDER BY ts DESC LIMIT ${MAX_SHARED}
     ) AS t GROUP BY t.cluster, t.profile, t.message SETTINGS ${QUESTION_LIMITS}`,
    { ...paramsOf(span), requests },
  )
}

/** All events of one rule, and those of another that were told within some time of them. */
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
  const ofWanted = `${during(span)} AND rule_id = {wanted:String}`
  const near = `SELECT arrayJoin(range(toUInt32(${second} - ${away}), toUInt32(${second} + ${away + 1}))) FROM ${DATABASE}.events WHERE ${ofWanted}`
  return selectStoryEvents(
    store,
    [ofWanted, `${during(span)} AND rule_id = {beside:String} AND ${second} IN (${near})`],
    { ...paramsOf(span), wanted, beside },
    MAX_SHARED,
  )
}

/** What of shared logs is wanted at any time: all events of some rules, and of others the first of each hour. */
export type Always = { readonly all: readonly string[]; readonly firsts: readonly string[] }

/** What they wrote in some hours, what is always wanted, and of each thing that one of their files tells the last, oldest first. */
export function selectSharedEventsIn(
  store: Store,
  filter: SharedFilter,
  hours: readonly number[],
  always: Always,
): Promise<EventJson[]> {
  const inHours = `${HOUR} IN {hours:Array(UInt32)}`
  const from = `FROM ${DATABASE}.events WHERE ${since(filter)}`
  const lasts = `SELECT argMax(event_id, ts) ${from} GROUP BY file_id, rule_id, severity, phase, template_id`
  const firsts = `SELECT argMin(event_id, ts) ${from} AND rule_id IN {firsts:Array(String)} GROUP BY file_id, rule_id, ${HOUR}`
  const wanted = `rule_id IN {all:Array(String)} OR event_id IN (${lasts}) OR event_id IN (${firsts})`
  return selectStoryEvents(
    store,
    [`${since(filter)} AND (${inHours} OR ${wanted})`],
    { ...paramsOf(filter), hours, ...always },
    MAX_SHARED,
  )
}

function since({ from }: SharedFilter): string {
  const late = from === undefined ? '' : ` AND ts >= ${timeParam('from')}`
  return `source IN {shared:Array(String)}${late}`
}

function during({ to, ...filter }: LaunchSpan): string {
  const until = to === undefined ? '' : ` AND ts < ${timeParam('to')}`
  return `${since(filter)}${until}`
}

function paramsOf({ shared, from, to }: LaunchSpan): Params {
  return { shared, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)]
}
