import type { EventJson } from '../../../event-json.ts'
import type { RuleSet } from '../../../interpret/load-rules.ts'
import type { Store } from '../../../store/client.ts'
import { selectMentions, type Words } from '../../../store/mention-query.ts'
import { type Always, type SharedFilter, selectSharedEvents } from '../../../store/shared-query.ts'
import type { Desktop } from '../../../store/story-query.ts'
import { grouped } from '../../grouped.ts'
import { LONGEST_LAUNCH_MS } from '../attempts/found-machines.ts'
import { NAMED } from '../attempts/own-names.ts'
import { tokensOf } from '../attempts/tokens.ts'
import { endingsOf } from '../findings/clearings.ts'
import { clusterRules } from '../findings/cluster-findings.ts'
import { type FileFacts, isShared, SHARED } from '../story.ts'
import { TURN_MS } from './named-before.ts'
import { LOGIN_REFUSED } from './refused-logins.ts'
import { SharedHours } from './shared-hours.ts'

const HOUR_S = 3600
const DAY_MS = 86_400_000
/** The store counts hours in 32 bits. */
const LAST_HOUR = 2 ** 32 - HOUR_S
/** Events found by one name of a desktop may reveal another name; this many rounds follow such names. */
const ROUNDS = 3

/** What is stored of some desktops themselves. */
export type DesktopRows = {
  readonly desktops: readonly Desktop[]
  readonly files: readonly FileFacts[]
  /** Oldest first. */
  readonly events: readonly EventJson[]
  /** Words for their machines that others know. */
  readonly words?: readonly string[]
  /** What was written before this time (ISO 8601) does not count. */
  readonly from?: string | undefined
}

/** Where shared logs are read from; `hours` if that was done just now for other desktops. */
export type SharedSource = {
  readonly store: Store
  readonly rules: RuleSet
  readonly hours?: SharedHours | undefined
}

/** Everything that machines serving all desktops have written since `from`. */
export function allSharedEvents(from: string | undefined, store: Store): Promise<EventJson[]> {
  return selectSharedEvents(store, filterFrom(from))
}

/**
 * What those machines wrote about some desktops and around them: in the days in which they began, near their last signs of
 * life, and in the hours in which they are mentioned or refused a login. Besides, at any time, what ends conditions, what concerns the whole
 * cluster, and the last events of each log. For a desktop that lives for months this is little.
 */
export async function sharedEventsOf(
  rows: DesktopRows,
  { store, rules, hours: known = new SharedHours(store) }: SharedSource,
): Promise<EventJson[]> {
  const filter = filterFrom(later(rows.from, startOf(rows)))
  const hours = hoursOfLife(rows.files)
  for (const { rule_id = '', ts } of rows.events)
    if (LOGIN_REFUSED.has(rule_id)) addHours(hours, Date.parse(ts), Date.parse(ts))
  const hasSilent = !haveAllWritten(rows.desktops, rows.files)
  let words = wordsOf(rows)
  for (let round = 0; round < ROUNDS; round++) {
    const mentions = await selectMentions(store, filter, words, TURN_MS)
    for (const hour of mentions.hours) hours.add(hour)
    // Which machine it got is reported until it is up, possibly without its name.
    if (hasSilent)
      for (const hour of mentions.hours) addHours(hours, hour * 1000, hour * 1000 + LONGEST_LAUNCH_MS)
    const tokens = [...new Set([...words.tokens, ...mentions.tokens])]
    const isKnown = tokens.length === words.tokens.length && mentions.rows.length <= words.rows.length
    if (isKnown) break
    words = { ...words, tokens, rows: mentions.rows }
  }
  return known.events(filter, [...hours], alwaysOf(rules))
}

/** Rules about a cluster need all their events; of what ends a condition, the first per file and hour is enough. */
function alwaysOf(rules: RuleSet): Always {
  return {
    all: clusterRules(rules),
    firsts: [...new Set(endingsOf(rules.rules).flatMap(({ clearsOn }) => clearsOn))],
  }
}

function filterFrom(from: string | undefined): SharedFilter {
  return { shared: [...SHARED], from }
}

/** Other machines mention a desktop before it writes itself, but not long before. Undefined if one of them has not written. */
function startOf({ desktops, files, events }: DesktopRows): string | undefined {
  if (!haveAllWritten(desktops, files)) return undefined
  const lines = files.filter(({ source }) => !isShared(source)).map(({ first_ts }) => first_ts)
  const [first] = [...lines, ...events.slice(0, 1).map(({ ts }) => ts)].sort()
  return first === undefined ? undefined : new Date(Date.parse(first) - DAY_MS).toISOString()
}

/** Does each of these desktops have a file? */
export function haveAllWritten(
  desktops: readonly Desktop[],
  files: readonly Pick<FileFacts, 'owner' | 'session'>[],
): boolean {
  const writing = new Set(files.map(({ owner, session }) => `${owner}/${session}`))
  return desktops.every(({ owner, session }) => writing.has(`${owner}/${session}`))
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Date.parse(a) > Date.parse(b) ? a : b
}

/** For each machine, the days around its first line and the hours around its last. */
function hoursOfLife(files: readonly FileFacts[]): Set<number> {
  const hours = new Set<number>()
  const hostFiles = files.filter(({ source }) => !isShared(source))
  for (const machineFiles of grouped(
    hostFiles,
    ({ host, session_uuid }) => `${session_uuid}\0${host}`,
  ).values()) {
    const first = Math.min(...machineFiles.map(({ first_ts }) => Date.parse(first_ts)))
    const last = Math.max(...machineFiles.map(({ last_ts }) => Date.parse(last_ts)))
    addHours(hours, first - DAY_MS, first + DAY_MS)
    addHours(hours, last - HOUR_S * 1000, last + HOUR_S * 1000)
  }
  return hours
}

function addHours(hours: Set<number>, fromMs: number, toMs: number): void {
  const hourOf = (ms: number) => Math.floor(ms / 1000 / HOUR_S) * HOUR_S
  // A clock that was not set yet writes times of 1970.
  for (let hour = Math.max(0, hourOf(fromMs)); hour <= Math.min(LAST_HOUR, hourOf(toMs)); hour += HOUR_S)
    hours.add(hour)
}

/** The words others use for these desktops, from their files and their own events. */
function wordsOf({ desktops, files, events, words = [] }: DesktopRows): Words {
  const hostFiles = files.filter(({ source }) => !isShared(source))
  const places = hostFiles.flatMap(({ host, session_uuid, file }) => [host, session_uuid, file])
  const captured = events.flatMap(({ captures = {} }) => Object.values(captures))
  const tokens = new Set([
    ...tokensOf([...places, ...words].join('\n')).flatMap(spellings),
    // Other captures of its events are not specific to it: they name clients, tokens and sessions by the thousand.
    ...tokensOf(captured.join('\n')).filter((token) => token.startsWith('i-')),
    ...events.flatMap(({ rule_id, captures }) => (rule_id === NAMED ? (captures?.['uuid'] ?? []) : [])),
  ])
  return {
    tokens: [...tokens],
    owners: [...new Set(desktops.map(({ owner }) => owner))],
    sessions: [...new Set(desktops.map(({ session }) => session))],
    rows: [],
  }
}

/** A host is also referred to by its address. */
function spellings(token: string): string[] {
  return token.startsWith('ip-') ? [token, token.slice('ip-'.length).replaceAll('-', '.')] : [token]
}
