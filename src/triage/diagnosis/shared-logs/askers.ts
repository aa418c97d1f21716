import type { EventJson } from '../../../event-json.ts'
import { REQUEST } from '../attempts/found-machines.ts'
import { type PortalWords, portalWords } from '../attempts/tokens.ts'
import { LISTED } from './listing.ts'
import { ANSWER_MS, isAnsweredBy, isRefusal } from './refusal.ts'

/** An event of the shared logs, and the portal's words in it. */
export type Spoken = { readonly event: EventJson; words: PortalWords }

/** A request that names a desktop but no user, and its time (ms). */
type Open = { readonly request: Spoken; readonly atMs: number }

/** Who asked for a desktop, and when (ms). */
type Asked = { readonly user: string; readonly atMs: number }

/** The portal records a desktop within this time after it has created the stack. */
const RECORDED_MS = 30_000
/** After a request, the desktops of its user are listed within this time. */
const LISTED_MS = 10_000
/** The stack of a desktop is looked at when somebody opens the list again: within this time. */
const STACK_MS = 30 * 60_000

/** Stands for the user of a desktop whose launch was refused before the portal wrote who had asked for it. */
export const NOBODY_NAMED = '?'

/**
 * Adds who asked for a desktop. In SOCA 2.x the request does not say so, but right after it comes the stack, whose name ends
 * in desktop and user, or the list of that user's desktops; a refusal names the folder that is removed. Later releases name
 * the user where a watcher looks for the instance. Why a launch is refused is written right before the refusal that names the
 * desktop. Where nothing names the user of a refused request, it is NOBODY_NAMED. The events are in the order of their files.
 */
export function withAskers(events: readonly EventJson[]): readonly Spoken[] {
  const spoken = events.map((event): Spoken => ({ event, words: portalWords(event) }))
  byUuid(spoken)
  byName(spoken)
  byListing(spoken)
  markRefused(spoken, ({ words }) => words.name !== undefined)
  byRefusal(spoken)
  markRefused(spoken, ({ words }) => words.name === undefined)
  return spoken
}

/** Gives a user to events that name the id of a session whose user another event names. */
function byUuid(spoken: readonly Spoken[]): void {
  const users = new Map<string, string>()
  for (const { words } of spoken)
    if (words.uuid !== undefined && words.user !== undefined) users.set(words.uuid, words.user)
  for (const one of spoken) {
    const user = one.words.user ?? users.get(one.words.uuid ?? '')
    if (user !== one.words.user && user !== undefined) one.words = { ...one.words, user }
  }
}

/**
 * Gives a user to events that name only a desktop, from an event soon after that names both, or from one just before; never
 * from one before to a request, since others ask for desktops of the same name.
 */
function byName(spoken: readonly Spoken[]): void {
  let open = new Map<string, Open[]>()
  let asked = new Map<string, Asked>()
  let file = ''
  for (const one of spoken) {
    const { event, words } = one
    if (event.file !== file) [open, asked] = [new Map(), new Map()]
    file = event.file
    if (event.phase !== 'launch' || event.ts_quality === 'mtime' || words.name === undefined) continue
    const atMs = Date.parse(event.ts)
    const waiting = open.get(words.name) ?? []
    const before = event.rule_id === REQUEST ? undefined : asked.get(words.name)
    if (words.user === undefined && before !== undefined && atMs - before.atMs <= RECORDED_MS)
      one.words = { ...words, user: before.user }
    else if (words.user === undefined)
      open.set(words.name, [...waiting.filter(isNear(atMs)), { request: one, atMs }])
    else asked.set(answered(one, open, atMs), { user: words.user, atMs })
  }
}

/** Gives the user that an event names to the requests that it answers; returns the name of their desktop. */
function answered(one: Spoken, open: Map<string, Open[]>, atMs: number): string {
  const { name: called = '', user } = one.words
  const waiting = open.get(called) ?? []
  const meant = waiting.length > 0 ? waiting : numbered(called, open, atMs)
  const name = meant[0]?.request.words.name ?? called
  one.words = { ...one.words, name }
  for (const { request } of meant.filter(isNear(atMs))) {
    request.words = { ...request.words, ...(user === undefined ? {} : { user }) }
  }
  open.delete(name)
  return name
}

/**
 * Up to 25.1 a refusal calls a desktop by the number that its user gave it, though the request had a name for it, too: then it
 * answers the last request.
 */
function numbered(name: string, open: ReadonlyMap<string, readonly Open[]>, atMs: number): Open[] {
  if (!/^\d+$/.test(name)) return []
  const asked = [...open.values()].flat().filter((request) => Math.abs(atMs - request.atMs) <= ANSWER_MS)
  return asked.sort((a, b) => a.atMs - b.atMs).slice(-1)
}

/** Concurrent requests write their lines a moment out of order. */
const DISORDER_MS = 1000

function isNear(atMs: number): (open: Open) => boolean {
  return (open) => atMs >= open.atMs - DISORDER_MS && atMs - open.atMs <= STACK_MS
}

/** The reason of a refusal comes within this time before it. */
const REFUSED_MS = 2000

/** Gives the desktop and user of a refused launch to the failures right before it that name none. */
function byRefusal(spoken: readonly Spoken[]): void {
  let refusal: Spoken | undefined
  for (const one of spoken.toReversed()) {
    const { event, words } = one
    const isRefusal = event.phase === 'launch' && event.kind !== 'milestone' && event.ts_quality === 'parsed'
    const isNear =
      refusal?.event.file === event.file && Date.parse(refusal.event.ts) - Date.parse(event.ts) <= REFUSED_MS
    if (!isRefusal) refusal = undefined
    else if (words.name !== undefined) refusal = words.user === undefined ? undefined : one
    else if (refusal !== undefined && isNear) one.words = { ...words, ...refusal.words }
    else refusal = undefined
  }
}

/**
 * Marks requests that nobody is named for and that one of these failures answers: the one of the same desktop, or the last
 * one if the failure names none.
 */
function markRefused(spoken: readonly Spoken[], isAnswer: (failure: Spoken) => boolean): void {
  let open: Spoken[] = []
  const asked = new Set(
    spoken.flatMap(({ words: { name, user } }) => (user === undefined ? [] : (name ?? []))),
  )
  for (const one of spoken) {
    const { event, words } = one
    open = open.filter((request) => isAnsweredBy(request.event, event))
    if (event.phase !== 'launch' || words.user !== undefined) continue
    if (event.rule_id === REQUEST) open.push(one)
    if (!isRefusal(event) || !isAnswer(one)) continue
    const refused = open.findLast(({ words: { name } }) => words.name === undefined || words.name === name)
    // The request may be written in words that nobody knows, or not at all.
    const isUnasked = refused === undefined && words.name !== undefined && !asked.has(words.name)
    if (isUnasked) one.words = { ...words, user: NOBODY_NAMED }
    if (refused?.words.name === undefined) continue
    open = open.filter((request) => request !== refused)
    refused.words = { ...refused.words, user: NOBODY_NAMED }
    one.words = { ...words, ...refused.words }
  }
}

/** A list right after a request shows its user's desktops, if there is no other request and no other user's list near it. */
function byListing(spoken: readonly Spoken[]): void {
  const isOfLaunch = ({ rule_id }: EventJson) => rule_id === REQUEST || rule_id === LISTED
  const steps = spoken.filter(({ event }) => isOfLaunch(event) && event.ts_quality !== 'mtime')
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

/** Events of the same file within the time of a list, from one position on in one direction. */
function nearby(steps: readonly Spoken[], at: number, step: 1 | -1): Spoken[] {
  const from = steps[at]
  const found: Spoken[] = []
  for (let i = at + step; from !== undefined; i += step) {
    const spoken = steps[i]
    if (spoken === undefined || spoken.event.file !== from.event.file) return found
    if (Math.abs(Date.parse(spoken.event.ts) - Date.parse(from.event.ts)) > LISTED_MS) return found
    if (step === 1 || spoken.event.rule_id === REQUEST) found.push(spoken)
  }
  return found
}
