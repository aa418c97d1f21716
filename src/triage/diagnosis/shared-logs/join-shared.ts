import type { EventJson } from '../../../event-json.ts'
import type { Draft } from '../attempts/draft.ts'
import { DraftIndex } from '../attempts/draft-index.ts'
import { FoundMachines, REQUEST } from '../attempts/found-machines.ts'
import { learnInstances } from '../attempts/learn-instances.ts'
import { isUuid, type PortalWords, tokensOf } from '../attempts/tokens.ts'
import { compareByPlace } from '../story.ts'
import { type Spoken, withAskers } from './askers.ts'
import { draftsByName } from './drafts-by-name.ts'
import { draftsOfEvent, isListing } from './drafts-of-event.ts'
import { type Known, Listing, PLANNED } from './listing.ts'
import { isToldInTurn, meantBy, type Named } from './named-before.ts'
import { RefusedLogins } from './refused-logins.ts'

/** Rules whose events end what a log says of a desktop: lines after them belong to none until one is named again. */
const FORGET = new Set(['milestone-alb-run-begin', 'milestone-alb-run-done', 'milestone-alb-check-done'])

/** Rules whose events name a desktop that is being asked for. */
const ASKING = new Set([REQUEST, PLANNED])

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
    if (event.file !== file) current = undefined
    file = event.file
    listing.learn(event, words)
    const named = draftsOfEvent(event, words, known)
    current = inTurnAfter({ event, words }, named, current)
    if (named.length > 0 && ASKING.has(event.rule_id ?? '')) asked = { event, drafts: named }
    // What deals with a machine that is not looked at now is of none of these.
    const inTurn = isOfUnknown(event, current) ? undefined : current
    const meant = named.length > 0 ? named : meantBy(event, { current: inTurn, asked }).filter(mayBe(words))
    const owners = meant.length > 0 ? meant : refused.at(event)
    for (const draft of owners) take(draft, event)
    if (owners.length === 0) unassigned.push(event)
  }
  known.machines.give(drafts)
  return unassigned
}

/** The desktops that a log deals with from an event on, until it names others. */
function inTurnAfter(
  { event, words }: Spoken,
  named: readonly Draft[],
  current: Named | undefined,
): Named | undefined {
  if (FORGET.has(event.rule_id ?? '') || isListing(words)) return undefined
  if (named.length > 0) return isToldInTurn(event) ? { event, drafts: named } : current
  return isLoginOfOther(event, current?.drafts ?? []) || isOfUnknown(event, current) ? undefined : current
}

/** Does the ALB manager turn to a machine that is none of these desktops'? */
function isOfUnknown({ source, captures = {} }: EventJson, current: Named | undefined): boolean {
  if (source !== 'alb-manager') return false
  const machine = tokensOf([captures['host'], captures['instance']].join(' '))
  return machine.length > 0 && !machine.some((word) => current?.drafts.some(({ tokens }) => tokens.has(word)))
}

const LOGIN_SESSION = /\bsessionId\W{1,5}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/

/** Is it the login to a session that is none of these desktops'? It may be one that is not looked at now. */
function isLoginOfOther({ message }: EventJson, drafts: readonly Draft[]): boolean {
  const session = LOGIN_SESSION.exec(message)?.[1]
  return (
    session !== undefined && drafts.every(({ tokens }) => !tokens.has(session) && [...tokens].some(isUuid))
  )
}

/** A machine whose own logs name no cluster is of the one whose shared logs name it. */
function take(draft: Draft, event: EventJson): void {
  draft.events.push(event)
  draft.cluster ||= event.cluster ?? ''
}

/**
 * A request names the id of a desktop, and the portal the address of its instance. They are learnt first, because files that
 * are read before may use them.
 */
function learnIds(spoken: readonly Spoken[], known: Known): void {
  for (const { event, words } of spoken) {
    const isNew = words.uuid !== undefined && known.index.withTokens([words.uuid]).every(isNameless)
    if (isNew) draftsByName(event, words, known)
  }
  const wordsOf = new Map(spoken.map(({ event, words }) => [event, words]))
  learnInstances([...wordsOf.keys()], known.index, (event) =>
    draftsByName(event, wordsOf.get(event) ?? {}, known),
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
