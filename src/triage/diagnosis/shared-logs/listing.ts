import type { EventJson } from '../../../event-json.ts'
import { askedOs, beginOf, type Draft } from '../attempts/draft.ts'
import type { DraftIndex } from '../attempts/draft-index.ts'
import { type FoundMachines, LONGEST_LAUNCH_MS, REQUEST } from '../attempts/found-machines.ts'
import { type PortalWords, tokensOfEvent } from '../attempts/tokens.ts'
import { isAnsweredBy, isRefusal } from './refusal.ts'

/** The desktops that shared logs are joined to. */
export type Known = {
  readonly drafts: Map<string, Draft>
  readonly index: DraftIndex
  /** Desktops by their row in the portal. */
  readonly rows: Map<string, Draft>
  readonly machines: FoundMachines
}

export const LISTED = 'milestone-desktops-listed'
/** The portal prepares the stack of a desktop: a part of its answer to a request. */
export const PLANNED = 'milestone-stack-planned'
const STACKS = new Set([PLANNED, 'milestone-stack-under-way'])
/** Events that name the machine of the desktop that was listed. */
const RUNS = new Set([
  'milestone-instance-running',
  'milestone-portal-sees-desktop',
  'api-check-no-rule',
  'api-check-target-down',
  'api-check-no-target',
])
/** The portal lists a user's desktops within this time; it queries their machines, which may not answer. */
const LISTING_MS = 90_000

/** An event that lists a user's desktops or checks a stack, and the desktops that it may be about. */
type Listed = { readonly event: EventJson; readonly drafts: () => readonly Draft[] }

/**
 * Learns the machine of a desktop without logs. SOCA 2.x says whose desktops it lists, or which stack is being created, and
 * then which instance or address one of them has. The Windows desktops of those releases write nothing to the shared file
 * system.
 */
export class Listing {
  readonly #known: Known
  #listed: Listed | undefined

  constructor(known: Known) {
    this.#known = known
  }

  /** Takes the next event of the shared logs, with the portal's words in it. */
  learn(event: EventJson, { name = '', user = '' }: PortalWords): void {
    const { index, machines } = this.#known
    if (event.rule_id === LISTED) {
      const { user: owner = '', os } = event.captures ?? {}
      const drafts = () => index.ownedBy(owner).filter((draft) => isWithoutMachine(draft, os?.toLowerCase()))
      this.#listed = { event, drafts }
    }
    if (STACKS.has(event.rule_id ?? '')) {
      const drafts = () =>
        index.named(name).filter((draft) => draft.owner === user && isWithoutMachine(draft, undefined))
      this.#listed = { event, drafts }
    }
    if (!RUNS.has(event.rule_id ?? '')) return
    const tokens = tokensOfEvent(event)
    const found = index.withTokens(tokens)
    if (found.some(({ owner }) => owner !== '')) return
    const inList = this.#listedAt(event)
    const only = onlyOf(inList ?? waitingSince(index, found, event), machines)
    if (only === undefined) return
    if (found.length > 0) {
      machines.note(only, found, event)
      return
    }
    if (inList === undefined) return
    only.host = event.captures?.['host'] ?? ''
    for (const token of tokens) index.addToken(only, token)
  }

  /** The desktops of the list that is being shown at this event, if one is. */
  #listedAt({ file, ts }: EventJson): readonly Draft[] | undefined {
    const listed = this.#listed
    if (listed === undefined || listed.event.file !== file) return undefined
    return Date.parse(ts) - Date.parse(listed.event.ts) > LISTING_MS ? undefined : listed.drafts()
  }
}

function onlyOf(drafts: readonly Draft[], machines: FoundMachines): Draft | undefined {
  const waiting = drafts.filter((draft) => !machines.has(draft))
  return waiting.length === 1 ? waiting[0] : undefined
}

/** The desktops that were asked for and wait for a machine, if this one came up after the request. */
function waitingSince(index: DraftIndex, [machine]: readonly Draft[], { ts }: EventJson): readonly Draft[] {
  if (machine === undefined || machine.files.length === 0) return []
  const beginMs = beginOf(machine)
  const isAsked = ({ rule_id, ts: asked }: EventJson) =>
    rule_id === REQUEST &&
    Date.parse(asked) <= beginMs &&
    Date.parse(ts) - Date.parse(asked) <= LONGEST_LAUNCH_MS
  return [...index.silent].filter(
    (draft) => draft.owner !== '' && isWithoutMachine(draft, undefined) && draft.events.some(isAsked),
  )
}

/** Was it asked for with this operating system (if known), was it not refused, and is nothing known about its machine yet? */
function isWithoutMachine(draft: Draft, os: string | undefined): boolean {
  if (draft.files.length > 0 || draft.host !== '' || wasRefused(draft)) return false
  const asked = askedOs(draft)
  return asked === undefined || os === undefined || asked === os
}

/** Was its last request so far answered by a refusal? */
function wasRefused({ events }: Draft): boolean {
  const request = events.findLast(({ rule_id }) => rule_id === REQUEST)
  if (request === undefined) return false
  return events.some((event) => event.phase === 'launch' && isRefusal(event) && isAnsweredBy(request, event))
}
