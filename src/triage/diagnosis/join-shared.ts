import type { EventJson } from '../../event-json.ts'
import { type Draft, emptyDraft } from './draft.ts'
import { lastLineOf } from './story.ts'
import { type PortalWords, portalWords, tokensOfEvent } from './tokens.ts'

/** What follows these is of no desktop until one is named. */
const FORGET = new Set(['milestone-alb-run-begin', 'milestone-alb-run-done', 'milestone-alb-check-done'])

/**
 * Gives each event of a shared file to the desktops it speaks of; gives those that speak of none. What the ALB manager says
 * without a name is of the host that the same run named last; what the portal says of a login, of the one asked for last.
 */
export function joinShared(drafts: Map<string, Draft>, shared: readonly EventJson[]): EventJson[] {
  const rows = new Map<string, Draft>()
  const unassigned: EventJson[] = []
  let file = ''
  let current: readonly Draft[] = []
  for (const event of shared.toSorted(byPlace)) {
    if (event.file !== file || FORGET.has(event.rule_id ?? '')) current = []
    file = event.file
    const named = draftsOf(event, drafts, rows)
    if (named.length > 0 && isToldInTurn(event)) current = named
    const owners = named.length > 0 ? named : isToldInTurn(event) ? current : []
    for (const draft of owners) draft.events.push(event)
    if (owners.length === 0) unassigned.push(event)
  }
  return unassigned
}

/** Does its writer speak of one desktop after the other, without naming it each time? */
function isToldInTurn({ source, phase }: EventJson): boolean {
  return source === 'alb-manager' || (source === 'web-ui' && phase === 'connect')
}

function draftsOf(event: EventJson, drafts: Map<string, Draft>, rows: Map<string, Draft>): Draft[] {
  const tokens = tokensOfEvent(event)
  const words = portalWords(event)
  const byToken = tokens.length === 0 ? [] : mostNamed([...drafts.values()], tokens, words.user)
  const inTime = byToken.length > 1 ? atTheTime(byToken, event) : [...byToken]
  if (words.row !== undefined) {
    const known = rows.get(words.row)
    const [found] = inTime
    if (found !== undefined) rows.set(words.row, found)
    else if (known !== undefined) return [known]
  }
  for (const draft of inTime) for (const token of tokens) if (token.startsWith('i-')) draft.tokens.add(token)
  return inTime.length > 0 ? inTime : byName(event, words, drafts)
}

/** Those that have most of the words: a session's uuid tells two desktops on one host apart, and so does its user. */
function mostNamed(
  drafts: readonly Draft[],
  tokens: readonly string[],
  user: string | undefined,
): readonly Draft[] {
  const told = drafts.map((draft) => ({
    draft,
    count: tokens.filter((token) => draft.tokens.has(token)).length,
  }))
  const most = Math.max(1, ...told.map(({ count }) => count))
  const found = told.filter(({ count }) => count === most).map(({ draft }) => draft)
  const own = found.filter(({ owner }) => owner === user)
  return own.length > 0 ? own : found
}

/** A host's address may have been another's before: the attempt that is nearest in time is meant. */
function atTheTime(drafts: readonly Draft[], { ts, ts_quality }: EventJson): Draft[] {
  if (ts_quality !== 'parsed') return [...drafts]
  const begun = drafts.filter(({ files }) => files.some(({ last_ts }) => last_ts >= ts))
  const [first] = (begun.length > 0 ? begun : drafts).toSorted((a, b) =>
    lastLineOf(a.files) < lastLineOf(b.files) ? -1 : 1,
  )
  return first === undefined ? [] : [first]
}

/** By the names that the portal gives; a desktop that only the portal knows begins here. */
function byName(event: EventJson, { name, user }: PortalWords, drafts: Map<string, Draft>): Draft[] {
  if (name === undefined) return []
  const found = [...drafts.values()].filter(
    (draft) => draft.name === name && (user === undefined || draft.owner === user),
  )
  if (found.length > 0) return atTheTime(found, event)
  if (user === undefined || event.source === 'alb-manager') return []
  const { cluster = '', profile = '' } = event
  const made = Object.assign(emptyDraft(), { cluster, profile, owner: user, name })
  drafts.set(`portal\0${user}\0${name}`, made)
  return [made]
}

function byPlace(a: EventJson, b: EventJson): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.generation - b.generation || a.offset - b.offset
}
