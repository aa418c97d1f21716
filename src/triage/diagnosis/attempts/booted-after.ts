import { type FileFacts, isShared, lastLineOf } from '../story.ts'
import { add, askedOs, beginOf, type Draft, giveMachine } from './draft.ts'
import { REQUEST } from './found-machines.ts'
import { isBeforeMount, isOfWindows } from './machines.ts'

/** A machine, and when its user data began, ms. */
type Machine = { readonly key: string; readonly draft: Draft; readonly bootMs: number }

/** A desktop that may be on one of the machines. */
type Desktop = {
  readonly key: string
  readonly draft: Draft
  readonly mayHave: (machine: Machine) => boolean
}

/** A machine begins its user data within this time after it was asked for, unless something is wrong. */
const BOOT_MS = 20 * 60_000

/**
 * Gives a machine whose logs name nobody to the desktop without logs right after whose request it booted: if no other request
 * and no other machine fit the two.
 */
export function nameByBoot(drafts: Map<string, Draft>): void {
  const desktops = [...drafts]
    .filter(([, { files, owner }]) => files.length === 0 && owner !== '')
    .map(([key, draft]): Desktop => ({ key, draft, mayHave: bootedFor(draft) }))
  const machines = machinesIn(drafts).filter(({ draft }) => draft.owner === '')
  for (const [desktop, machine] of pairs(desktops, machines)) {
    giveMachine(desktop.draft, machine.draft)
    drafts.delete(desktop.key)
  }
}

/** The bootstrap goes on within this time after the shared file system was mounted. */
const MOUNTED_MS = 20 * 60_000

/**
 * Until a host has mounted the shared file system, its logs name its instance and at most its desktop. Gives such logs to the
 * desktop whose other logs begin right after them, if no other desktop fits.
 */
export function giveEarlyLogs(drafts: Map<string, Draft>): void {
  const desktops = [...drafts]
    .filter(([, { files, owner }]) => owner !== '' && files.length > 0 && !files.some(isOfEarlySource))
    .map(([key, draft]): Desktop => ({ key, draft, mayHave: goesOnIn(draft) }))
  const early = machinesIn(drafts).filter(({ draft: { files } }) => files.every(isBeforeMount))
  for (const [{ draft: desktop }, { key, draft }] of pairs(desktops, early)) {
    for (const file of draft.files) add(desktop, file)
    desktop.events.push(...draft.events)
    drafts.delete(key)
  }
}

/** Machines whose logs say when they booted. */
function machinesIn(drafts: ReadonlyMap<string, Draft>): Machine[] {
  return [...drafts]
    .filter(([, { files }]) => files.length > 0)
    .map(([key, draft]) => ({ key, draft, bootMs: bootOf(draft) }))
    .filter(({ bootMs }) => Number.isFinite(bootMs))
}

/** Desktops and machines that fit each other and nothing else. */
function pairs(desktops: readonly Desktop[], machines: readonly Machine[]): [Desktop, Machine][] {
  const fitting = desktops.map(({ mayHave }) => machines.filter(mayHave))
  const wanted = new Map<Machine, number>()
  for (const machine of fitting.flat()) wanted.set(machine, (wanted.get(machine) ?? 0) + 1)
  return desktops.flatMap((desktop, at): [Desktop, Machine][] => {
    const [machine, ...others] = fitting[at] ?? []
    const isOnly = machine !== undefined && others.length === 0 && wanted.get(machine) === 1
    return isOnly ? [[desktop, machine]] : []
  })
}

const EARLY_SOURCES = new Set(['user-data', 'filesystems-mount', 'install-packages'])

function isOfEarlySource({ source }: FileFacts): boolean {
  return EARLY_SOURCES.has(source)
}

function goesOnIn(desktop: Draft): Desktop['mayHave'] {
  const beginMs = beginOf(desktop)
  return ({ draft, bootMs }) => {
    const sinceMs = beginMs - Date.parse(lastLineOf(draft.files))
    const isNext = beginMs >= bootMs && sinceMs >= 0 && sinceMs <= MOUNTED_MS
    return isNext && !areOthers(desktop, draft) && mayBeCalled(desktop, draft)
  }
}

/** Does the machine not say whose it is, or name this desktop? */
function mayBeCalled({ owner, name }: Draft, machine: Draft): boolean {
  return machine.owner === '' || (machine.owner === owner && machine.name === name)
}

function bootedFor(request: Draft): Desktop['mayHave'] {
  const os = askedOs(request)
  const askedMs = request.events
    .filter(({ rule_id, ts_quality }) => rule_id === REQUEST && ts_quality === 'parsed')
    .map(({ ts }) => Date.parse(ts))
  return ({ draft, bootMs }) => {
    const isRightAfter = askedMs.some((ms) => bootMs >= ms && bootMs - ms <= BOOT_MS)
    const isAskedFor = os === undefined || (os === 'windows') === draft.files.some(isOfWindows)
    return isRightAfter && isAskedFor && !areOthers(request, draft)
  }
}

/** Are the instances of both known, and different? */
function areOthers({ tokens: one }: Draft, { tokens: other }: Draft): boolean {
  const isInstance = (token: string) => token.startsWith('i-')
  const known = [...one].filter(isInstance)
  return known.length > 0 && [...other].some(isInstance) && !known.some((instance) => other.has(instance))
}

/** When its user data began, in ms; infinite if its logs do not say. */
function bootOf({ events }: Draft): number {
  let first = Number.POSITIVE_INFINITY
  for (const { kind, phase, ts, ts_quality, source } of events) {
    const isBegun =
      kind === 'milestone' && phase === 'user-data' && ts_quality === 'parsed' && !isShared(source)
    if (isBegun) first = Math.min(first, Date.parse(ts))
  }
  return first
}
