import type { EventJson } from '../../../event-json.ts'
import { joinShared } from '../shared-logs/join-shared.ts'
import { type Attempt, type FileFacts, isOfController, isShared, logKey, type Story } from '../story.ts'
import { giveEarlyLogs, nameByBoot } from './booted-after.ts'
import { addTo, askedOs, type Draft } from './draft.ts'
import { DraftIndex } from './draft-index.ts'
import { folderKeys } from './folder-keys.ts'
import { giveEvents } from './give-events.ts'
import { type Given, giveTo, hostedBy } from './hosted.ts'
import { learnInstances } from './learn-instances.ts'
import { isOfWindows, machinesOf, withMachines } from './machines.ts'
import { nameTheOnlyMachine } from './only-machine.ts'
import { learnSessions, nameByOwnEvents } from './own-names.ts'
import { nameByPortal } from './portal-names.ts'
import { withRefusedAnew } from './refused-anew.ts'
import { replacedAmong } from './replaced.ts'
import { attemptsInFolder } from './reused-folder.ts'

export type Attempts = {
  readonly attempts: readonly Attempt[]
  /** Events of shared files that belong to no desktop. */
  readonly unassigned: readonly EventJson[]
  /** Events of the other logs of machines that serve all desktops. */
  readonly ofControllers: readonly EventJson[]
}

/**
 * Assigns files and events to attempts: first by path, then the logs of hosts, then what other machines wrote, by the words
 * they use for a desktop.
 */
export function attemptsOf({ files, events, portal }: Story): Attempts {
  const drafts = new Map<string, Draft>()
  giveEvents(events, giveFiles(drafts, { files, events }))
  const earlier = tellApart(drafts)
  for (const draft of drafts.values()) nameByOwnEvents(draft)
  nameByPortal(drafts.values(), portal?.sessions ?? [])
  const shared = events.filter(({ source }) => isShared(source))
  const controllers = controllersIn(files)
  const unassigned = joinShared(drafts, shared, controllers)
  giveEarlyLogs(drafts)
  nameByBoot(drafts)
  nameTheOnlyMachine(drafts, new Set(files.filter(({ host }) => host === '').map(({ file }) => file)))
  const servesAll = (draft: Draft) => controllers.has(draft.host) && !isDesktop(draft)
  const machines = [...drafts.values()]
  const desktops = machines.filter((draft) => !servesAll(draft)).flatMap(withRefusedAnew)
  const replaced = new Set([...earlier, ...replacedAmong(desktops)])
  return {
    attempts: desktops.map((draft) => finished(draft, replaced.has(draft))),
    unassigned,
    ofControllers: machines.filter(servesAll).flatMap(({ events: own }) => own),
  }
}

/**
 * Makes a draft of each desktop that a path names and of each machine that is known as no desktop's, and gives them their
 * files. Returns by log (`logKey`) which drafts have it.
 */
function giveFiles(
  drafts: Map<string, Draft>,
  { files, events }: Pick<Story, 'files' | 'events'>,
): ReadonlyMap<string, Given> {
  const found = files.filter(({ source }) => !isShared(source))
  const desktopFiles = withMachines(found)
  // Events know the host that the path of their log names, if any.
  const logOf = new Map(desktopFiles.map((file, index) => [file, logKey(found[index] ?? file)]))
  const givenOf = new Map<string, Given>()
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
  return givenOf
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

/** Does the path name the desktop? Logs of DCV on a host do not count: they name sessions by their ids. */
function isOfDesktop({ owner, session, profile }: FileFacts): boolean {
  return owner !== '' && session !== '' && profile !== 'host'
}

/** The attempt that a draft has become; without a host, the id of its instance stands for it. */
function finished(draft: Draft, isReplaced: boolean): Attempt {
  const { tokens, ...attempt } = draft
  const instance = [...tokens].find((token) => token.startsWith('i-')) ?? ''
  return {
    ...attempt,
    host: draft.host || instance,
    instance,
    address: addressOf(draft),
    isReplaced,
    os: osOf(draft),
  }
}

/** The address of its host: the host itself, or the only one that is known of its instance. */
function addressOf({ host, tokens }: Draft): string {
  const [only = '', ...others] = [host, ...tokens].filter((word) => word.startsWith('ip-'))
  return host === only || others.every((word) => word === only) ? only : ''
}

/** By its logs; if it has none, as its user asked for it. */
function osOf(draft: Draft): Attempt['os'] {
  if (draft.files.length === 0) return askedOs(draft) ?? 'linux'
  return draft.files.some(isOfWindows) ? 'windows' : 'linux'
}
