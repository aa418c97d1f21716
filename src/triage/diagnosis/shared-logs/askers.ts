import type { EventJson } from '../../../event-json.ts'
import { REQUEST } from '../attempts/found-machines.ts'
import { type PortalWords, portalWords } from '../attempts/tokens.ts'
import { LISTED } from './listing.ts'

/** An event of the shared logs, and what the portal says in it. */
export type Spoken = { readonly event: EventJson; words: PortalWords }

/** An event that names a desktop and no user, and when it was told (ms). */
type Open = { readonly told: Spoken; readonly atMs: number }

/** His desktops are listed at once. */
export const LISTED_MS = 10_000
/** Their stack is looked at when somebody looks at the list again. */
const STACK_MS = 30 * 60_000

/**
 * Who asked for a desktop: SOCA 2.x does not say so in the request, but names the stack that ends in desktop and user, or
 * lists the desktops of that user right after it; a refusal names the folder that is taken away. The events are in the order
 * of their files.
 */
export function withAskers(events: readonly EventJson[]): readonly Spoken[] {
  const told = events.map((event): Spoken => ({ event, words: portalWords(event) }))
  byName(told)
  byListing(told)
  return told
}

/** Gives a user to what names a desktop without one, by what names both soon after it. */
function byName(told: readonly Spoken[]): void {
  let open = new Map<string, Open[]>()
  let file = ''
  for (const one of told) {
    const { event, words } = one
    if (event.file !== file) open = new Map()
    file = event.file
    if (event.phase !== 'launch' || event.ts_quality === 'mtime' || words.name === undefined) continue
    const atMs = Date.parse(event.ts)
    const waiting = open.get(words.name) ?? []
    if (words.user === undefined) open.set(words.name, [...waiting.filter(isNear(atMs)), { told: one, atMs }])
    else {
      for (const { told: request } of waiting.filter(isNear(atMs)))
        request.words = { ...request.words, user: words.user }
      open.delete(words.name)
    }
  }
}

function isNear(atMs: number): (open: Open) => boolean {
  return (open) => atMs >= open.atMs && atMs - open.atMs <= STACK_MS
}

/** The list that follows a request is its user's, if no other request and nobody else's list stand beside it. */
function byListing(told: readonly Spoken[]): void {
  const isOfLaunch = ({ rule_id }: EventJson) => rule_id === REQUEST || rule_id === LISTED
  const steps = told.filter(({ event }) => isOfLaunch(event) && event.ts_quality !== 'mtime')
  for (const [at, request] of steps.entries()) {
    const { event, words } = request
    if (event.rule_id !== REQUEST || words.name === undefined || words.user !== undefined) continue
    const near = [...nearby(steps, at, -1), ...nearby(steps, at, 1)]
    const users = new Set(near.flatMap((one) => one.event.captures?.['user'] ?? []))
    const [user] = users
    const isAlone = near.every((one) => one.event.rule_id === LISTED)
    if (user !== undefined && users.size === 1 && isAlone) request.words = { ...words, user }
  }
}

/** What the same file tells within the time of a list, from a place on in one direction. */
function nearby(steps: readonly Spoken[], at: number, step: 1 | -1): Spoken[] {
  const from = steps[at]
  const found: Spoken[] = []
  for (let i = at + step; from !== undefined; i += step) {
    const one = steps[i]
    if (one === undefined || one.event.file !== from.event.file) return found
    if (Math.abs(Date.parse(one.event.ts) - Date.parse(from.event.ts)) > LISTED_MS) return found
    if (step === 1 || one.event.rule_id === REQUEST) found.push(one)
  }
  return found
}
