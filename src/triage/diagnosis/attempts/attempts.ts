import type { EventJson } from '../../../event-json.ts'
import { joinShared } from '../shared-logs/join-shared.ts'
import { type Attempt, type FileFacts, isOfController, isShared, logKey, type Story } from '../story.ts'
import { add, addTo, askedOs, type Draft, giveMachine } from './draft.ts'
import { DraftIndex } from './draft-index.ts'
import { cameUpAfter } from './found-machines.ts'
import { instanceIn, isOfWindows, machinesOf, withMachines } from './machines.ts'
import { desktopsNamedIn, MADE } from './nameless-machine.ts'
import { nameByPortal } from './portal-names.ts'
import { attemptsInFolder, INSTANCE } from './reused-folder.ts'
import { addToAll, namedBy, OwnWords, sessionsOn } from './shared-host.ts'
import { tokensOf } from './tokens.ts'

export type Attempts = {
  readonly attempts: readonly Attempt[]
  /** Events of shared files that belong to no desktop. */
  readonly unassigned: readonly EventJson[]
}

/**
 * Assigns files and events to attempts: first by path, then the logs of hosts, then what other machines wrote, by the words
 * they use for a desktop.
 */
export function attemptsOf({ files, events, portal }: Story): Attempts {
  const drafts = new Map<string, Draft>()
  const draftsOfLog = new Map<string, readonly Draft[]>()
  const found = files.filter(({ source }) => !isShared(source))
  const desktopFiles = withMachines(found)
  // Events know the host that the path of their log names, if any.
  const logOf = new Map(desktopFiles.map((file, index) => [file, logKey(found[index] ?? file)]))
  const give = (file: FileFacts, given: readonly Draft[]) => draftsOfLog.set(logOf.get(file) ?? '', given)
  for (const file of desktopFiles.filter(isOfDesktop)) give(file, [addTo(drafts, keyOf(file), file)])
  const index = new DraftIndex(drafts.values())
  for (const [machine, machineFiles] of machinesOf(desktopFiles.filter((file) => !isOfDesktop(file)))) {
    const known = desktopsOn(machineFiles, drafts, index, events)
    const sessions = known.length > 0 ? [] : sessionsOn(machineFiles)
    for (const session of sessions) drafts.set(`${machine}\0${session.owner}\0${session.name}`, session)
    const hosted = known.length > 0 ? known : sessions
    for (const file of machineFiles) {
      const given = hosted.length === 0 ? [addTo(drafts, machine, file)] : giveTo(hosted, file)
      give(file, given)
      for (const draft of given) index.add(draft)
    }
  }
  giveEvents(events, draftsOfLog)
  tellApart(drafts)
  for (const draft of drafts.values()) {
    nameByOwnWords(draft)
    addressByOwnWords(draft)
  }
  nameByPortal(drafts.values(), portal?.sessions ?? [])
  const shared = events.filter(({ source }) => isShared(source))
  const controllers = controllersIn(files)
  const unassigned = joinShared(drafts, shared, controllers)
  nameTheOnlyMachine(drafts, new Set(files.filter(({ host }) => host === '').map(({ file }) => file)))
  const desktops = [...drafts.values()].filter((draft) => !controllers.has(draft.host) || isDesktop(draft))
  return { attempts: desktops.map(finished), unassigned }
}

/** Splits drafts whose folder holds the logs of several attempts. */
function tellApart(drafts: Map<string, Draft>): void {
  for (const [key, draft] of [...drafts]) {
    const [first = draft, ...later] = attemptsInFolder(draft)
    drafts.set(key, first)
    for (const [at, one] of later.entries()) drafts.set(`${key}\0${at}`, one)
  }
}

/** Hosts of machines that serve all desktops: those on which the shared logs lie, where paths name them. */
function controllersIn(files: readonly FileFacts[]): ReadonlySet<string> {
  const shared = files.filter(({ source, host }) => isOfController(source) && host !== '')
  return new Set(shared.map(({ host }) => host))
}

/** A machine that serves all desktops is not itself a desktop, unless it has an owner or logs of DCV. */
function isDesktop({ owner, files }: Draft): boolean {
  return owner !== '' || files.some(({ source }) => /^(?:dcv-|xdcv)/.test(source))
}

/** Rules whose events name the desktop, in the bootstrap's own words. */
export const NAMED = 'host-desktop-named'
export const FOLDER = 'milestone-log-folder-made'

/** Rules whose events decide whose a machine is, wherever they stand. */
export const NAMING = [NAMED, FOLDER, MADE, INSTANCE]

/** Names a desktop by the log of its bootstrap, if no path does. */
function nameByOwnWords(draft: Draft): void {
  if (draft.owner !== '') return
  const captures = draft.events.find(({ rule_id }) => rule_id === NAMED || rule_id === FOLDER)?.captures ?? {}
  const { uuid, cluster, owner = captures['user'], desktop = captures['session'] } = captures
  if (owner === undefined || desktop === undefined) return
  Object.assign(draft, { owner, name: desktop })
  draft.cluster ||= cluster ?? ''
  if (uuid === undefined) return
  draft.uuid ||= uuid
  draft.tokens.add(uuid)
}

const ADDRESS = 'host-address-named'

/** Windows up to 25.1 writes to paths that name no machine, but logs the address under which DCV answers. */
function addressByOwnWords(draft: Draft): void {
  const address = draft.events.find(({ rule_id }) => rule_id === ADDRESS)?.captures?.['host']
  if (draft.host !== '' || address === undefined) return
  draft.host = address
  draft.tokens.add(address)
}

/**
 * The logs of a single machine need not say which desktop it is. If the portal asked for exactly one desktop that has no
 * logs, it is that one.
 */
function nameTheOnlyMachine(drafts: Map<string, Draft>, nameless: ReadonlySet<string>): void {
  const asked = [...drafts].filter(([, { files }]) => files.length === 0)
  const machines = [...drafts.values()].filter(
    ({ files, owner }) => owner === '' && files.some(({ file }) => nameless.has(file)),
  )
  const [[key, request] = [], machine] = [asked[0], machines[0]]
  if (key === undefined || request === undefined || machine === undefined) return
  if (asked.length > 1 || machines.length > 1 || !isAskedAs(request, machine)) return
  if (!request.events.some(({ ts }) => cameUpAfter(machine, Date.parse(ts)))) return
  giveMachine(request, machine)
  drafts.delete(key)
}

/** Does the machine run the operating system that was asked for, if the request names one? */
function isAskedAs(request: Draft, machine: Draft): boolean {
  const os = askedOs(request)
  return os === undefined || (os === 'windows') === machine.files.some(isOfWindows)
}

/** If several desktops share a machine, each gets the events that name it and those that name none of them. */
function giveEvents(events: readonly EventJson[], draftsOfLog: ReadonlyMap<string, readonly Draft[]>): void {
  const given = events.map((event) => ({ event, to: namedBy(event, draftsOfLog.get(logKey(event)) ?? []) }))
  const sharing = new Set(given.flatMap(({ to }) => (to.length > 1 ? to : [])))
  const ownWords = new OwnWords(
    given.filter(({ to }) => to.length === 1 && to.some((draft) => sharing.has(draft))),
  )
  for (const { event, to } of given) {
    for (const draft of to.length > 1 ? ownWords.narrowed(event, to) : to) {
      draft.events.push(event)
      for (const token of tokensOf(Object.values(event.captures ?? {}).join(' ')))
        if (token.startsWith('i-')) draft.tokens.add(token)
    }
  }
}

/** Does the path name the desktop? Logs of DCV on a host do not count: they name sessions by their ids. */
function isOfDesktop({ owner, session, profile }: FileFacts): boolean {
  return owner !== '' && session !== '' && profile !== 'host'
}

function keyOf({ cluster, owner, session, session_uuid, host, file }: FileFacts): string {
  return [cluster, owner, session, session_uuid, BOOTSTRAP.exec(file)?.[1] ?? '', host].join('\0')
}

/** Since 25.1 each bootstrap has its own folder above that of the host; its id is the last one in the path. */
const BOOTSTRAP = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/[^/]+\/[^/]+$/

/** A file of a single desktop is added as it is. */
function giveTo(drafts: readonly Draft[], file: FileFacts): readonly Draft[] {
  const [only] = drafts
  return drafts.length === 1 && only !== undefined ? [add(only, file)] : addToAll(drafts, file)
}

/**
 * The desktops to which a machine's logs belong: by its name, by a session in the logs, or because there is only one.
 * Desktops of several owners that were on it at the same time share it; if they had its address one after the other, the last
 * one is meant.
 */
function desktopsOn(
  files: readonly FileFacts[],
  all: ReadonlyMap<string, Draft>,
  index: DraftIndex,
  events: readonly EventJson[],
): readonly Draft[] {
  const [first] = files
  if (first === undefined) return []
  const named = index.withTokens([first.host, instanceIn(first.file) ?? ''])
  if (named.length > 1 && areNamed(named, files)) return named
  if (named.length > 0)
    return named.sort((a, b) => (index.lastLine(a) < index.lastLine(b) ? 1 : -1)).slice(0, 1)
  if (first.host !== '') return []
  const drafts = [...all.values()]
  const inSessions = drafts.filter((draft) =>
    files.some(
      ({ session_uuid, owner, session }) =>
        draft.tokens.has(session_uuid) || (session !== '' && owner === draft.owner && session === draft.name),
    ),
  )
  if (inSessions.length === 1 || areNamed(inSessions, files)) return inSessions
  const alike = drafts.filter((draft) => draft.files.some(isOfWindows) === isOfWindows(first))
  if (instanceIn(first.file) !== undefined) return []
  if (alike.length === 1) return alike
  const meant = desktopsNamedIn(files, events, alike)
  return meant.length === 1 ? meant : []
}

/**
 * Do these logs of one machine name owners of several of the desktops? A machine's disk is lost with it, so the desktops were
 * there at the same time.
 */
function areNamed(drafts: readonly Draft[], files: readonly FileFacts[]): boolean {
  const owners = drafts.filter((draft) =>
    files.some((file) => file.owner !== '' && file.owner === draft.owner),
  )
  return new Set(owners.map(({ owner }) => owner)).size > 1
}

function finished(draft: Draft): Attempt {
  const { tokens, ...attempt } = draft
  const instance = [...tokens].find((token) => token.startsWith('i-')) ?? ''
  return {
    ...attempt,
    uuid: draft.uuid || sessionIdIn(draft),
    host: draft.host || instance,
    instance,
    os:
      draft.files.length === 0
        ? (askedOs(draft) ?? 'linux')
        : draft.files.some(isOfWindows)
          ? 'windows'
          : 'linux',
  }
}

/** Up to 2.7.5 no path contains the id of the session; the line that creates it does. */
function sessionIdIn({ events }: Draft): string {
  const captures = events.findLast(({ rule_id }) => rule_id === 'milestone-session-begin')?.captures
  const id = captures?.['session'] ?? ''
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : ''
}
