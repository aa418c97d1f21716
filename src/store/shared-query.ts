import type { EventJson } from '../event-json.ts'
import type { Params, Store } from './client.ts'
import { DATABASE } from './database.ts'
import { OF_LINES } from './of-lines.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { isoText, timeParam } from './sql-time.ts'
import { selectStoryEvents } from './story-events.ts'

/** Events of shared machines, which serve all desktops: of these sources, since a time (ISO 8601). */
export type SharedFilter = { readonly shared: readonly string[]; readonly from: string | undefined }

/** The words by which shared machines refer to some desktops. */
export type Words = {
  /** Hosts, addresses, instances and uuids. */
  readonly tokens: readonly string[]
  /** Names identify a desktop only together, or where the portal names a desktop without its owner. */
  readonly owners: readonly string[]
  readonly sessions: readonly string[]
  /** Rows of the portal's table. */
  readonly rows: readonly string[]
}

/** When some desktops were mentioned, in hours (seconds since the epoch), and their other names there. */
export type Mentions = Pick<Words, 'tokens' | 'rows'> & { readonly hours: readonly number[] }

/** At most this many events are read for one question, the newest ones. */
export const MOST_SHARED = 100_000
/** The engine searches for at most this many words at once. */
const WORDS_AT_ONCE = 250
const HOUR = 'toUnixTimestamp(toStartOfHour(ts))'
const IN_HOURS = `${HOUR} IN {hours:Array(UInt32)}`
const ROWS =
  "extractAll(message, '(?:_session\\\\.id=|VDI Session |<VirtualDesktopSessions (?:id=)?|<(?:Linux|Windows)DCVSessions )([0-9]+)')"
/** The row id that a message names, as an array; empty for a list of several rows, which is about no single desktop. */
const OWN_ROW = `if(length(arrayDistinct(${ROWS})) = 1, ${ROWS}, [])`
const IDS = `arrayConcat(extractAll(message, '\\\\bi-[0-9a-f]{8,17}\\\\b'), extractAll(message, '(?:session_uuid|DCVSessionUUID)\\\\W{1,5}([0-9a-f-]{36})'))`
/** Words of desktops look alike: taking those of a message to look them up is many times faster than searching for each. */
const TOKENS = `arrayConcat(extractAll(message, 'ip-[0-9]{1,3}(?:-[0-9]{1,3}){3}|[0-9]{1,3}(?:\\\\.[0-9]{1,3}){3}'),
  extractAll(message, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'), extractAll(message, 'i-[0-9a-f]{8,17}'))`
/** What follows where the portal names a desktop without its owner, see `portalWords`. */
const NAMED = `arrayPopFront(splitByRegexp('[Dd]esktop |session_name(?:=|\\': u?\\')', message))`
/** The message as the portal keeps typed text, see `portalWords`. */
const TYPED = "replaceRegexpAll(message, '\\\\W', '')"

/** Searches for words of desktops in what shared machines wrote; includes `turnMs` before and after. */
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
       groupUniqArrayArray(${IDS}) AS tokens, groupUniqArrayArray(${OWN_ROW}) AS rows
     FROM ${DATABASE}.events WHERE ${since(filter)} AND (${condition}) GROUP BY early, late SETTINGS ${QUESTION_LIMITS}`,
    { ...paramsOf(filter), ...params },
  )
  return {
    hours: distinct(found.flatMap(({ early, late }) => [early, late])),
    tokens: distinct(found.flatMap(({ tokens }) => tokens)),
    rows: distinct(found.flatMap(({ rows }) => rows)),
  }
}

function mentioning({ tokens, owners, sessions, rows }: Words): { condition: string; params: Params } {
  const params: Record<string, readonly string[] | readonly number[]> = {
    ...{ rows, tokens, names: sessions },
    sizes: distinct(sessions.map((name) => Buffer.byteLength(name))),
  }
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
  const begins =
    'arrayExists(size -> substring(named, 1, size) IN {names:Array(String)}, {sizes:Array(UInt32)})'
  const condition = [
    `(${byOwner} AND (${anyOf('message', 'sessions', sessions)} OR ${typed}))`,
    `hasAny(${ROWS}, {rows:Array(String)})`,
    `arrayExists(token -> token IN {tokens:Array(String)}, ${TOKENS})`,
    `arrayExists(named -> ${begins}, ${NAMED})`,
  ].join(' OR ')
  // Each of them needs one of the words: messages without any are left out before anything is taken from them.
  const words = [...owners, ...sessions, ...tokens, ...rows]
  if (words.length > WORDS_AT_ONCE) return { condition, params }
  return { condition: `${anyOf('message', 'words', words)} AND (${condition})`, params }
}

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

function since({ from }: SharedFilter): string {
  const late = from === undefined ? '' : ` AND ts >= ${timeParam('from')}`
  return `source IN {shared:Array(String)} AND ${OF_LINES}${late}`
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
