import type { EventJson } from '../../../event-json.ts'
import type { Draft } from '../attempts/draft.ts'
import type { DraftIndex } from '../attempts/draft-index.ts'
import { isUuid, type PortalWords, tokensOf, tokensOfEvent } from '../attempts/tokens.ts'
import { draftsByName } from './drafts-by-name.ts'
import type { Known } from './listing.ts'
import { atTheTime } from './reused-names.ts'

/**
 * The desktops that an event of a shared log names: by their rows in the portal, by ids and addresses, or else by their names.
 * What the event says besides, of machines and rows, is learnt.
 */
export function draftsOfEvent(event: EventJson, words: PortalWords, known: Known): Draft[] {
  const { index, rows } = known
  if (isListing(words)) return listedIn(words, known)
  const [row] = words.rows ?? []
  const tokens = tokensOfEvent(event)
  const byToken = mostNamed(index.withTokens(tokens), tokens, words.user)
  const inTime = byToken.length > 1 ? atTheTime(byToken, event, index) : [...byToken]
  if (row !== undefined) {
    const before = rows.get(row)
    const [found] = inTime
    if (before !== undefined) known.machines.note(before, inTime, event)
    if (found !== undefined && (found.owner !== '' || before === undefined)) rows.set(row, found)
    else if (before !== undefined) return [before]
  }
  const named = inTime.length > 0 ? inTime : draftsByName(event, words, known)
  const request = requestOf(words, index)
  if (request !== undefined) learnMachine(request, event, tokens, known)
  learnPair(event, known)
  for (const draft of inTime)
    for (const token of tokens) if (token.startsWith('i-')) index.addToken(draft, token)
  return named
}

/** Is the event about several desktops at once? Lines after it then belong to none of them until one is named. */
export function isListing({ rows = [] }: PortalWords): boolean {
  return rows.length > 1
}

/** The desktops of a list of rows. A row whose desktop was not named before is of none. */
function listedIn({ rows: listed = [] }: PortalWords, { rows }: Known): Draft[] {
  return [...new Set(listed.flatMap((row) => rows.get(row) ?? []))]
}

/**
 * Whoever reports on a desktop may mention its own address; but an id of an instance or a session, or what a rule captures, is
 * the desktop's.
 */
function learnMachine(
  request: Draft,
  event: EventJson,
  tokens: readonly string[],
  { index, machines }: Known,
): void {
  const captured = tokensOf(Object.values(event.captures ?? {}).join('\n'))
  const machineTokens = tokens.filter(
    (token) => token.startsWith('i-') || isUuid(token) || captured.includes(token),
  )
  const candidates = index.withTokens(machineTokens).filter((draft) => draft !== request)
  machines.note(request, candidates, event)
  for (const token of captured) if (token.startsWith('i-')) index.addToken(request, token)
}

/** What captures the session of a desktop without logs and the host of a machine without a desktop says that they are one. */
function learnPair(event: EventJson, { index, machines }: Known): void {
  const named = index.withTokens(tokensOf(Object.values(event.captures ?? {}).join('\n')))
  const [request, ...others] = named.filter(({ files, owner }) => files.length === 0 && owner !== '')
  if (request === undefined || others.length > 0) return
  machines.note(
    request,
    named.filter(({ files, owner }) => files.length > 0 && owner === ''),
    event,
  )
}

/** The desktop without logs that an event names together with its user. */
function requestOf({ name = '', user }: PortalWords, index: DraftIndex): Draft | undefined {
  return index.named(name).find(({ owner, files }) => owner !== '' && owner === user && files.length === 0)
}

/**
 * The drafts that share the most words with the event: two desktops on one host differ by the uuid of their session, or by
 * their user.
 */
function mostNamed(
  drafts: readonly Draft[],
  tokens: readonly string[],
  user: string | undefined,
): readonly Draft[] {
  const counted = drafts.map((draft) => ({
    draft,
    count: tokens.filter((token) => draft.tokens.has(token)).length,
  }))
  const most = Math.max(1, ...counted.map(({ count }) => count))
  const found = counted.filter(({ count }) => count === most).map(({ draft }) => draft)
  const ofUser = found.filter(({ owner }) => owner === user)
  return ofUser.length > 0 ? ofUser : found
}
