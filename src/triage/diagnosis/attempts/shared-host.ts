import type { EventJson } from '../../../event-json.ts'
import type { FileFacts } from '../story.ts'
import { add, type Draft, emptyDraft } from './draft.ts'
import { tokensOf } from './tokens.ts'

/** Users that run the screen before anybody logs in: never the owner of a desktop. */
const GREETERS = new Set(['', 'root', 'dcv', 'gdm', 'gdm3', 'lightdm', 'sddm', 'Debian-gdm'])

/** If no path names a desktop and a machine has sessions of several owners, each session becomes a desktop. */
export function sessionsOn(files: readonly FileFacts[]): Draft[] {
  const sessions = new Map<string, Draft>()
  for (const { owner, session, session_uuid } of files) {
    const id = session || session_uuid
    if (GREETERS.has(owner) || id === '' || sessions.has(id)) continue
    sessions.set(id, Object.assign(emptyDraft(), { owner, name: id, uuid: session_uuid }))
  }
  const drafts = [...sessions.values()]
  return new Set(drafts.map(({ owner }) => owner)).size > 1 ? drafts : []
}

/** Adds a file of a machine to the desktops on it: to those that its path names, otherwise to all of them. */
export function addToAll(drafts: readonly Draft[], file: FileFacts): readonly Draft[] {
  const named = drafts.filter((draft) => isOf(file, draft))
  const receivers = named.length > 0 ? named : drafts
  // A file of one desktop keeps the names in it; a file of the whole machine must not name any of the sessions.
  const facts = named.length > 0 ? file : { ...file, owner: '', session: '', session_uuid: '' }
  for (const draft of receivers) add(draft, facts)
  return receivers
}

function isOf({ owner, session, session_uuid }: FileFacts, draft: Draft): boolean {
  if (session_uuid !== '') return draft.tokens.has(session_uuid) || draft.uuid === session_uuid
  if (GREETERS.has(owner) || owner !== draft.owner) return false
  return session === '' || session === draft.name || draft.tokens.has(session)
}

/** The desktops on a machine that an event names by session, uuid or owner; all of them if it names none. */
export function namedBy(event: EventJson, drafts: readonly Draft[]): readonly Draft[] {
  if (drafts.length < 2) return drafts
  const { message, captures = {} } = event
  const values = new Set([...Object.values(captures), ...quotedIn(message)])
  const tokens = tokensOf(message)
  const bySession = drafts.filter(
    ({ name, uuid }) => values.has(name) || (uuid !== '' && (values.has(uuid) || tokens.includes(uuid))),
  )
  if (bySession.length > 0) return bySession
  const byOwner = drafts.filter(({ owner }) => values.has(owner))
  return byOwner.length > 0 ? byOwner : drafts
}

const QUOTED = /['"]([\w.@-]{1,64})['"]|\b(?:user|owner|session)[ =:]+([\w.@-]{1,64})/g

/** Words that a message quotes, or introduces as a user, an owner or a session. */
function quotedIn(message: string): string[] {
  return Array.from(message.matchAll(QUOTED), ([, quoted, said]) => quoted ?? said ?? '')
}

/** The log of a desktop and that of its machine report the same thing within this time. */
const SAME_MS = 30_000
const OF_A_SESSION: ReadonlySet<string> = new Set(['session', 'connect'])

/**
 * When each desktop's own logs reported what. An event of the machine that names no desktop belongs to the desktop that
 * reported the same at that time.
 */
export class OwnWords {
  readonly #times = new Map<Draft, Map<string, number[]>>()

  constructor(given: readonly { readonly event: EventJson; readonly to: readonly Draft[] }[]) {
    for (const { event, to } of given.toSorted((a, b) => (a.event.ts < b.event.ts ? -1 : 1))) {
      for (const draft of event.rule_id === undefined ? [] : to) {
        const rules = this.#times.get(draft) ?? new Map<string, number[]>()
        this.#times.set(draft, rules)
        const times = rules.get(event.rule_id ?? '') ?? []
        rules.set(event.rule_id ?? '', times)
        times.push(Date.parse(event.ts))
      }
    }
  }

  /** The desktops that reported the same at the same time; all of them if none did, or if the event concerns the whole host. */
  narrowed({ rule_id = '', ts, phase, layer }: EventJson, to: readonly Draft[]): readonly Draft[] {
    if (phase === undefined || !OF_A_SESSION.has(phase) || layer === 'environment') return to
    const same = to.filter((draft) => isNear(this.#times.get(draft)?.get(rule_id) ?? [], Date.parse(ts)))
    return same.length > 0 ? same : to
  }
}

/** Is one of these times, which ascend, close to `atMs`? */
function isNear(times: readonly number[], atMs: number): boolean {
  let [from, to] = [0, times.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((times[middle] ?? 0) < atMs - SAME_MS) from = middle + 1
    else to = middle
  }
  return (times[from] ?? Number.POSITIVE_INFINITY) <= atMs + SAME_MS
}
