import type { EventJson } from '../../../event-json.ts'
import { SESSION_MADE } from '../log-habits.ts'
import { type FileFacts, logKey } from '../story.ts'
import type { Draft } from './draft.ts'
import type { Given } from './hosted.ts'
import { INSTANCE } from './reused-folder.ts'

/** Rules whose events name the desktop, in the bootstrap's own words. */
export const NAMED = 'host-desktop-named'
export const FOLDER = 'milestone-log-folder-made'

/** Rules whose events say which desktop a machine belongs to, in whatever file they occur. */
export const NAMING = [NAMED, FOLDER, SESSION_MADE, INSTANCE]

const ADDRESS = 'host-address-named'
const SESSION = 'milestone-session-begin'

/** Rules whose events give other machines words for a desktop: its names, instance, address or session. */
export const OWN_WORDS = [...NAMING, ADDRESS, SESSION]

/** Learns from a desktop's own events what the paths of its logs do not say: its names, its address, the id of its session. */
export function nameByOwnEvents(draft: Draft): void {
  nameByBootstrap(draft)
  addressByOwnWords(draft)
  sessionByOwnWords(draft)
}

/** Logs of DCV are named by the sessions that desktops create; their owners are learnt before those logs are given. */
export function learnSessions(events: readonly EventJson[], givenOf: ReadonlyMap<string, Given>): void {
  for (const event of events) {
    const id = createdSession(event)
    if (id !== '') for (const draft of givenOf.get(logKey(event))?.to ?? []) draft.tokens.add(id)
  }
}

/** Names a desktop by the log of its bootstrap, if no path does; that of Windows may know only the id of its session. */
function nameByBootstrap(draft: Draft): void {
  if (draft.owner !== '') return
  const { uuid, cluster, owner, name } = draft.events.map(namesIn).find((names) => names !== undefined) ?? {}
  if (owner !== undefined && name !== undefined) Object.assign(draft, { owner, name })
  draft.cluster ||= cluster ?? ''
  if (uuid === undefined) return
  draft.uuid ||= uuid
  draft.tokens.add(uuid)
}

/** What the bootstrap calls the desktop in this event, if it names it. */
function namesIn({ rule_id, captures = {} }: EventJson) {
  if (rule_id !== NAMED && rule_id !== FOLDER) return undefined
  const { uuid, cluster, owner = captures['user'], desktop = captures['session'] } = captures
  return { uuid, cluster, owner, name: desktop }
}

/** Do these logs of one machine name desktops, and this one is none of them? */
export function nameOthers(
  files: readonly FileFacts[],
  events: readonly EventJson[],
  { owner, name }: Draft,
): boolean {
  const told = desktopsTold(files, events)
  return owner !== '' && told.size > 0 && !told.has(`${owner}/${name}`)
}

/** Do two sets of logs name desktops, and none that both name? */
export function nameDifferent(
  files: readonly FileFacts[],
  others: readonly FileFacts[],
  events: readonly EventJson[],
): boolean {
  const [one, other] = [desktopsTold(files, events), desktopsTold(others, events)]
  return one.size > 0 && other.size > 0 && ![...one].some((desktop) => other.has(desktop))
}

/** The desktops (`owner/name`) that the bootstrap names in these logs. */
function desktopsTold(files: readonly FileFacts[], events: readonly EventJson[]): ReadonlySet<string> {
  const logs = new Set(files.map(logKey))
  const named = events.flatMap((event) => (logs.has(logKey(event)) ? (namesIn(event) ?? []) : []))
  return new Set(
    named.flatMap(({ owner, name }) => (owner === undefined || name === undefined ? [] : `${owner}/${name}`)),
  )
}

/**
 * Windows writes to paths that name no machine, or only its instance, but logs the address under which DCV answers: the name
 * that the portal and the load balancer have for it.
 */
function addressByOwnWords(draft: Draft): void {
  const address = draft.events.find(({ rule_id }) => rule_id === ADDRESS)?.captures?.['host']
  if (address === undefined) return
  draft.host ||= address
  draft.tokens.add(address)
}

/** Up to 2.7.5 no path contains the id of the session; the line that creates it does. The portal knows the desktop by it. */
function sessionByOwnWords(draft: Draft): void {
  const id = draft.events.map(createdSession).findLast((one) => one !== '') ?? ''
  if (id === '') return
  draft.uuid ||= id
  draft.tokens.add(id)
}

/** The session that an event of a desktop's own log creates; '' if none. */
function createdSession({ rule_id, captures }: EventJson): string {
  const id = rule_id === SESSION ? (captures?.['session'] ?? '') : ''
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : ''
}
