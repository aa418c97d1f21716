import { type FileFacts, isShared, lastLineOf } from '../story.ts'
import { add, askedOs, beginOf, type Draft, giveMachine } from './draft.ts'
import { REQUEST } from './found-machines.ts'
import { isBeforeMount, isOfWindows } from './machines.ts'

/** A machine begins its user data within this time after it was asked for, unless something is wrong. */
const BOOT_MS = 20 * 60_000

/**
 * Gives a machine whose logs name nobody to the desktop without logs right after whose request it booted: if no other request
 * and no other machine fit the two.
 */
export function nameByBoot(drafts: Map<string, Draft>): void {
  const requests = [...drafts].filter(([, { files, owner }]) => files.length === 0 && owner !== '')
  for (const [request, machine] of pairs(requests, nameless(drafts), isBootedFor)) {
    giveMachine(request[1], machine[1])
    drafts.delete(request[0])
  }
}

/** The bootstrap goes on within this time after the shared file system was mounted. */
const MOUNTED_MS = 20 * 60_000

/**
 * Gives what a host wrote before its mount, which names only its instance, to the desktop whose other logs begin right after:
 * if no other fits.
 */
export function giveEarlyLogs(drafts: Map<string, Draft>): void {
  const desktops = [...drafts].filter(
    ([, { files, owner }]) => owner !== '' && files.length > 0 && !files.some(isOfEarlySource),
  )
  const early = nameless(drafts).filter(([, { files }]) => files.every(isBeforeMount))
  for (const [[, desktop], [key, machine]] of pairs(desktops, early, goesOn)) {
    for (const file of machine.files) add(desktop, file)
    desktop.events.push(...machine.events)
    drafts.delete(key)
  }
}

type Keyed = readonly [key: string, draft: Draft]

function nameless(drafts: ReadonlyMap<string, Draft>): Keyed[] {
  return [...drafts].filter(([, { files, owner }]) => files.length > 0 && owner === '')
}

/** Those that fit each other and nothing else. */
function pairs(
  desktops: readonly Keyed[],
  machines: readonly Keyed[],
  belong: (desktop: Draft, machine: Draft) => boolean,
): [desktop: Keyed, machine: Keyed][] {
  const fitting = desktops.map((desktop) => machines.filter((machine) => belong(desktop[1], machine[1])))
  return desktops.flatMap((desktop, at): [Keyed, Keyed][] => {
    const [machine, ...others] = fitting[at] ?? []
    if (machine === undefined || others.length > 0) return []
    return fitting.some((found, other) => other !== at && found.includes(machine)) ? [] : [[desktop, machine]]
  })
}

const EARLY_SOURCES = new Set(['user-data', 'filesystems-mount', 'install-packages'])

function isOfEarlySource({ source }: FileFacts): boolean {
  return EARLY_SOURCES.has(source)
}

function goesOn(desktop: Draft, machine: Draft): boolean {
  if (isOther(desktop.tokens, machine.tokens)) return false
  const sinceMs = beginOf(desktop) - Date.parse(lastLineOf(machine.files))
  return beginOf(desktop) >= bootOf(machine) && sinceMs >= 0 && sinceMs <= MOUNTED_MS
}

function isBootedFor(request: Draft, machine: Draft): boolean {
  const os = askedOs(request)
  if (os !== undefined && (os === 'windows') !== machine.files.some(isOfWindows)) return false
  if (isOther(request.tokens, machine.tokens)) return false
  const bootMs = bootOf(machine)
  return request.events.some(({ rule_id, ts, ts_quality }) => {
    const sinceMs = bootMs - Date.parse(ts)
    return rule_id === REQUEST && ts_quality === 'parsed' && sinceMs >= 0 && sinceMs <= BOOT_MS
  })
}

/** Are both instances known, and different? */
function isOther(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const instances = [...one].filter((token) => token.startsWith('i-'))
  const known = [...other].filter((token) => token.startsWith('i-'))
  return instances.length > 0 && known.length > 0 && !instances.some((instance) => other.has(instance))
}

/** When its user data began, in ms; infinite if its logs do not say. */
function bootOf({ events }: Draft): number {
  const begun = events.filter(
    ({ kind, phase, ts_quality, source }) =>
      kind === 'milestone' && phase === 'user-data' && ts_quality === 'parsed' && !isShared(source),
  )
  return Math.min(...begun.map(({ ts }) => Date.parse(ts)), Number.POSITIVE_INFINITY)
}
