import type { EventJson } from '../../../event-json.ts'
import { joinShared } from '../shared-logs/join-shared.ts'
import { type Attempt, type FileFacts, isOfController, isShared, logKey, type Story } from '../story.ts'
import { giveEarlyLogs, nameByBoot } from './booted-after.ts'
import { addTo, askedOs, type Draft, giveMachine } from './draft.ts'
import { DraftIndex } from './draft-index.ts'
import { folderKeys } from './folder-keys.ts'
import { cameUpAfter } from './found-machines.ts'
import { type Given, giveTo, hostedBy } from './hosted.ts'
import { learnInstances } from './learn-instances.ts'
import { isOfWindows, machinesOf, withMachines } from './machines.ts'
import { MADE } from './nameless-machine.ts'
import { nameByPortal } from './portal-names.ts'
import { withRefusedAnew } from './refused-anew.ts'
import { replacedAmong } from './replaced.ts'
import { attemptsInFolder, INSTANCE } from './reused-folder.ts'
import { namedBy, OwnWords } from './shared-host.ts'
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
  const givenOf = new Map<string, Given>()
  const found = files.filter(({ source }) => !isShared(source))
  const desktopFiles = withMachines(found)
  // Events know the host that the path of their log names, if any.
  const logOf = new Map(desktopFiles.map((file, index) => [file, logKey(found[index] ?? file)]))
  const note = (file: FileFacts, given: Given) => givenOf.set(logOf.get(file) ?? '', given)
  const ofDesktops = desktopFiles.filter(isOfDesktop)
  const keyOf = folderKeys(ofDesktops)
  for (const file of ofDesktops) note(file, { to: [addTo(drafts, keyOf(file), file)] })
  learnSessions(events, givenOf)
  const index = new DraftIndex(drafts.values())
  learnInstances(events, index)
  for (const [machine, machineFiles] of machinesOf(desktopFiles.filter((file) => !isOfDesktop(file)))) {
    const hosted = hostedBy(machine, machineFiles, { drafts, index, events })
    for (const file of machineFiles) {
      const given = giveTo(hosted, file)
      note(file, given)
      for (const draft of given.to) index.add(draft)
    }
  }
  giveEvents(events, givenOf)
  const earlier = tellApart(drafts)
  for (const draft of drafts.values()) {
    nameByOwnWords(draft)
    addressByOwnWords(draft)
    sessionByOwnWords(draft)
  }
  nameByPortal(drafts.values(), portal?.sessions ?? [])
  const shared = events.filter(({ source }) => isShared(source))
  const controllers = controllersIn(files)
  const unassigned = joinShared(drafts, shared, controllers)
  giveEarlyLogs(drafts)
  nameByBoot(drafts)
  nameTheOnlyMachine(drafts, new Set(files.filter(({ host }) => host === '').map(({ file }) => file)))
  const desktops = [...drafts.values()]
    .filter((draft) => !controllers.has(draft.host) || isDesktop(draft))
    .flatMap(withRefusedAnew)
  const replaced = new Set([...earlier, ...replacedAmong(desktops)])
  return { attempts: desktops.map((draft) => finished(draft, replaced.has(draft))), unassigned }
}

/** Splits drafts whose folder holds the logs of several attempts; returns all but the last of each folder. */
function tellApart(drafts: Map<string, Draft>): Draft[] {
  return [...drafts].flatMap(([key, draft]) => {
    const inFolder = attemptsInFolder(draft)
    for (const [at, one] of inFolder.entries()) drafts.set(at === 0 ? key : `${key}\0${at}`, one)
    return inFolder.slice(0, -1)
  })
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

/** Names a desktop by the log of its bootstrap, if no path does; that of Windows may know only the id of its session. */
function nameByOwnWords(draft: Draft): void {
  if (draft.owner !== '') return
  const captures = draft.events.find(({ rule_id }) => rule_id === NAMED || rule_id === FOLDER)?.captures ?? {}
  const { uuid, cluster, owner = captures['user'], desktop = captures['session'] } = captures
  if (owner !== undefined && desktop !== undefined) Object.assign(draft, { owner, name: desktop })
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

/** Up to 2.7.5 no path contains the id of the session; the line that creates it does. The portal knows the desktop by it. */
function sessionByOwnWords(draft: Draft): void {
  const id = draft.events.map(createdSession).findLast((one) => one !== '') ?? ''
  if (id === '') return
  draft.uuid ||= id
  draft.tokens.add(id)
}

/** The session that an event of a desktop's own log creates; '' if none. */
function createdSession({ rule_id, captures }: EventJson): string {
  const id = rule_id === 'milestone-session-begin' ? (captures?.['session'] ?? '') : ''
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : ''
}

/** Logs of DCV are named by the sessions that desktops create; their owners are learnt before those logs are given. */
function learnSessions(events: readonly EventJson[], givenOf: ReadonlyMap<string, Given>): void {
  for (const event of events) {
    const id = createdSession(event)
    if (id !== '') for (const draft of givenOf.get(logKey(event))?.to ?? []) draft.tokens.add(id)
  }
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
function giveEvents(events: readonly EventJson[], givenOf: ReadonlyMap<string, Given>): void {
  const given = events.map((event) => ({ event, to: receiversOf(event, givenOf.get(logKey(event))) }))
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

function receiversOf(event: EventJson, { to, turns }: Given = { to: [] }): readonly Draft[] {
  const inTurn = turns?.at(event.ts)
  return inTurn === undefined ? namedBy(event, to) : [inTurn]
}

/** Does the path name the desktop? Logs of DCV on a host do not count: they name sessions by their ids. */
function isOfDesktop({ owner, session, profile }: FileFacts): boolean {
  return owner !== '' && session !== '' && profile !== 'host'
}

function finished(draft: Draft, isReplaced: boolean): Attempt {
  const { tokens, ...attempt } = draft
  const instance = [...tokens].find((token) => token.startsWith('i-')) ?? ''
  return {
    ...attempt,
    host: draft.host || instance,
    instance,
    isReplaced,
    os:
      draft.files.length === 0
        ? (askedOs(draft) ?? 'linux')
        : draft.files.some(isOfWindows)
          ? 'windows'
          : 'linux',
  }
}
