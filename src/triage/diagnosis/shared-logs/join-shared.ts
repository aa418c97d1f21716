import type { EventJson } from '../../../event-json.ts'
import { type Draft, emptyDraft } from '../attempts/draft.ts'
import { DraftIndex } from '../attempts/draft-index.ts'
import { FoundMachines, LONGEST_LAUNCH_MS, REQUEST } from '../attempts/found-machines.ts'
import { learnInstances } from '../attempts/learn-instances.ts'
import { isUuid, type PortalWords, tokensOf, tokensOfEvent } from '../attempts/tokens.ts'
import { HOST_GONE } from '../course/standing.ts'
import { compareByPlace } from '../story.ts'
import { NOBODY_NAMED, type Spoken, withAskers } from './askers.ts'
import { type Known, Listing } from './listing.ts'
import { isToldInTurn, meantBy, type Named } from './named-before.ts'
import { RefusedLogins } from './refused-logins.ts'

/** What follows these belongs to no desktop until one is named. */
const FORGET = new Set(['milestone-alb-run-begin', 'milestone-alb-run-done', 'milestone-alb-check-done'])

/**
 * Gives each event of a shared file to the desktops it is about; returns the events that are about none. An event of the ALB
 * manager without a name belongs to the host that the same run named last; one of the portal about a login, to the desktop
 * asked for last, or to the one whose server was refused then.
 */
export function joinShared(
  drafts: Map<string, Draft>,
  shared: readonly EventJson[],
  controllers: ReadonlySet<string>,
): EventJson[] {
  const known: Known = {
    ...{ drafts, index: new DraftIndex(drafts.values()) },
    ...{ rows: new Map(), machines: new FoundMachines(controllers) },
  }
  const ordered = withAskers(shared.toSorted(compareByPlace))
  learnIds(ordered, known)
  const unassigned: EventJson[] = []
  let file = ''
  let current: Named | undefined
  let asked: Named | undefined
  const listing = new Listing(known)
  const refused = new RefusedLogins(drafts.values())
  for (const { event, words } of ordered) {
    if (event.file !== file || FORGET.has(event.rule_id ?? '') || isListing(words)) current = undefined
    file = event.file
    listing.learn(event, words)
    const named = draftsOf(event, words, known)
    if (named.length > 0 && isToldInTurn(event) && !isListing(words)) current = { event, drafts: named }
    if (named.length > 0 && event.rule_id === REQUEST) asked = { event, drafts: named }
    const meant = named.length > 0 ? named : meantBy(event, { current, asked }).filter(mayBe(words))
    const owners = meant.length > 0 ? meant : refused.at(event)
    for (const draft of owners) draft.events.push(event)
    if (owners.length === 0) unassigned.push(event)
  }
  known.machines.give(drafts)
  return unassigned
}

/**
 * A request names the id of a desktop, and the portal the address of its instance. They are learnt first, because files that
 * are read before may use them.
 */
function learnIds(spoken: readonly Spoken[], known: Known): void {
  for (const { event, words } of spoken) {
    const isNew = words.uuid !== undefined && known.index.withTokens([words.uuid]).every(isNameless)
    if (isNew) byName(event, words, known)
  }
  learnInstances(
    spoken.map(({ event }) => event),
    known.index,
  )
}

/** A machine may be known by the id of its session before anybody says whose that is. */
function isNameless({ owner }: Draft): boolean {
  return owner === ''
}

/** Drafts that an event may belong to: it must not name another user. */
function mayBe({ user }: PortalWords): (draft: Draft) => boolean {
  return ({ owner }) => user === undefined || owner === '' || user === owner
}

function draftsOf(event: EventJson, words: PortalWords, known: Known): Draft[] {
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
  const request = requestOf(words, index)
  if (request !== undefined) learnMachine(request, event, tokens, known)
  learnPair(event, known)
  for (const draft of inTime)
    for (const token of tokens) if (token.startsWith('i-')) index.addToken(draft, token)
  return inTime.length > 0 ? inTime : byName(event, words, known)
}

/** Is it about several desktops at once? Then what follows belongs to none of them until one is named. */
function isListing({ rows = [] }: PortalWords): boolean {
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

/** A host's address may have belonged to another desktop before: the attempt nearest in time is meant. */
function atTheTime(
  drafts: readonly Draft[],
  { ts, ts_quality, rule_id }: EventJson,
  index: DraftIndex,
): Draft[] {
  const begun = drafts.filter(({ files }) => files.some(({ first_ts }) => first_ts <= ts))
  // What ends a desktop cannot be about one that does not exist yet.
  const possible = rule_id === HOST_GONE && begun.length > 0 ? begun : drafts
  if (ts_quality !== 'parsed') return [...possible]
  const byEnd = possible.toSorted((a, b) => (index.lastLine(a) < index.lastLine(b) ? -1 : 1))
  const nearest = byEnd.find((draft) => index.lastLine(draft) >= ts) ?? byEnd.at(-1)
  return nearest === undefined ? [] : [nearest]
}

/** By the names that the portal uses; a desktop that only the portal knows is created here. */
function byName(event: EventJson, words: PortalWords, { drafts, index }: Known): Draft[] {
  const { name, user, uuid } = words
  if (name === undefined) return []
  const found = index.named(name).filter((draft) => isMeant(draft, event, words))
  if (found.length > 0) {
    const meant = atTheTime(found, event, index)
    if (uuid !== undefined)
      for (const draft of meant) if (draft.files.length === 0) index.addToken(draft, uuid)
    return meant
  }
  if (user === undefined || event.source === 'alb-manager') return []
  const { cluster = '', profile = '' } = event
  const made = Object.assign(emptyDraft(), { cluster, profile, owner: user, name })
  if (uuid !== undefined) made.tokens.add(uuid)
  drafts.set(`portal\0${user}\0${name}`, made)
  index.add(made)
  return [made]
}

/** Is an event about this desktop of the name that it contains? */
function isMeant(draft: Draft, event: EventJson, { user, uuid }: PortalWords): boolean {
  if (user === undefined) return isNear(draft, event)
  if (draft.owner === user || user !== NOBODY_NAMED) return draft.owner === user
  // Others may ask for a desktop of the same name: it is the one with logs, unless those are of another session.
  const isOther = uuid !== undefined && draft.uuid !== '' && !draft.tokens.has(uuid)
  return draft.files.length > 0 && !isOther && isNear(draft, event)
}

/**
 * Names are reused (nearly everybody has a `LinuxDesktop1`): an event from long before a desktop began is about another one.
 */
function isNear({ files }: Draft, { ts, ts_quality }: EventJson): boolean {
  if (ts_quality !== 'parsed' || files.length === 0) return true
  const begin = Math.min(...files.map(({ first_ts }) => Date.parse(first_ts)))
  return Date.parse(ts) >= begin - LONGEST_LAUNCH_MS
}
