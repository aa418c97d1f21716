import type { Params, Store } from './client.ts'
import { DATABASE } from './database.ts'
import { QUESTION_LIMITS } from './query-limits.ts'
import { paramsOf, type SharedFilter, since } from './shared-query.ts'

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

/** The engine searches for at most this many words at once. */
const WORDS_AT_ONCE = 250
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

function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)]
}
