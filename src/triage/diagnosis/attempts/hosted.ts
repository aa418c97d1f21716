import type { EventJson } from '../../../event-json.ts'
import { type FileFacts, lastLineOf } from '../story.ts'
import { add, beginOf, type Draft, emptyDraft } from './draft.ts'
import type { DraftIndex } from './draft-index.ts'
import { LONGEST_LAUNCH_MS, REQUEST } from './found-machines.ts'
import { instanceIn, isBeforeMount, isOfWindows, nameIn, rootOf } from './machines.ts'
import { desktopsNamedIn } from './nameless-machine.ts'
import { nameDifferent, nameOthers } from './own-names.ts'
import { addToAll, sessionsOn } from './shared-host.ts'
import { Turns } from './turns.ts'

/** Desktops on a machine, or to which a log was given; `turns` if they had the machine's address one after the other. */
type Hosted = { readonly desktops: readonly Draft[]; readonly turns?: Turns | undefined }
export type Given = { readonly to: readonly Draft[]; readonly turns?: Turns | undefined }

type Found = {
  readonly drafts: Map<string, Draft>
  readonly index: DraftIndex
  readonly events: readonly EventJson[]
}

/** The desktops on a machine; new ones are added to `drafts` if none of them is known yet, under the machine's name. */
export function hostedBy(
  machine: string,
  files: readonly FileFacts[],
  { drafts, index, events }: Found,
): Hosted {
  const known = desktopsOn(files, drafts, index, events)
  if (known.length > 0)
    return { desktops: known, turns: areInTurn(known, files) ? new Turns(known) : undefined }
  const sessions = sessionsOn(files)
  for (const session of sessions) drafts.set(`${machine}\0${session.owner}\0${session.name}`, session)
  if (sessions.length > 0) return { desktops: sessions }
  const itself = drafts.get(machine) ?? emptyDraft()
  drafts.set(machine, itself)
  return { desktops: [itself] }
}

/** Adds a log of a machine to the desktops on it; that of a single desktop as it is. */
export function giveTo({ desktops, turns }: Hosted, file: FileFacts): Given {
  const [only] = desktops
  if (turns !== undefined) return { to: turns.give(file), turns }
  return { to: desktops.length === 1 && only !== undefined ? [add(only, file)] : addToAll(desktops, file) }
}

/**
 * The desktops to which a machine's logs belong: by its instance or its name, by a session in the logs, or because there is
 * only one.
 */
function desktopsOn(
  files: readonly FileFacts[],
  all: ReadonlyMap<string, Draft>,
  index: DraftIndex,
  events: readonly EventJson[],
): readonly Draft[] {
  const [first] = files
  if (first === undefined) return []
  const byInstance = index.withTokens([instanceIn(first.file) ?? ''])
  const named = byInstance.length > 0 ? byInstance : index.withTokens([first.host])
  if (named.length > 0 || first.host !== '') return named
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
  if (alike.length === 1)
    return alike.filter(
      (draft) => !isOfOtherLaunch(files, draft, events) && !nameOthers(files, events, draft),
    )
  const meant = desktopsNamedIn(files, events, alike)
  if (meant.length === 1) return meant
  const besides = alike.filter(
    (draft) => isOnDiskOf(draft, files) && !nameDifferent(files, draft.files, events),
  )
  return besides.length === 1 ? besides : []
}

/** Does what its bootstrap wrote before the mount lie below the root of these logs? */
function isOnDiskOf(draft: Draft, files: readonly FileFacts[]): boolean {
  const early = draft.files.filter(isBeforeMount)
  return early.length > 0 && files.some((file) => early.some((other) => rootOf(other) === rootOf(file)))
}

/** `Cloud-init v. 19.3-46.amzn2 running 'modules:final' at Sat, 28 Nov 2026 22:33:00 +0000. Up 31.40 seconds.` */
const BOOTED = /^Cloud-init v\. [^\n]{1,80} at (\w{3}, \d\d \w{3} \d{4} [\d:]{8} [+-]\d{4})/

/**
 * Did the machine of these logs boot for the first time for another desktop that had just been asked for: after this one wrote
 * its last line, or long before it wrote its first?
 */
function isOfOtherLaunch(files: readonly FileFacts[], desktop: Draft, events: readonly EventJson[]): boolean {
  const bootMs = firstBootMs(new Set(files.map(({ file }) => file)), events)
  const endMs = Date.parse(lastLineOf(desktop.files))
  const isBefore = beginOf(desktop) - bootMs > LONGEST_LAUNCH_MS
  return events.some(({ rule_id, ts }) => {
    if (rule_id !== REQUEST) return false
    const sinceMs = bootMs - Date.parse(ts)
    return sinceMs >= 0 && sinceMs <= LONGEST_LAUNCH_MS && (isBefore || Date.parse(ts) > endMs)
  })
}

/** When these logs say that cloud-init ran for the first time; infinite if they do not. */
function firstBootMs(paths: ReadonlySet<string>, events: readonly EventJson[]): number {
  return events.reduce((first, { file, message }) => {
    const [, time = ''] = paths.has(file) ? (BOOTED.exec(message) ?? []) : []
    return time === '' ? first : Math.min(first, Date.parse(time))
  }, Number.POSITIVE_INFINITY)
}

/** Were these desktops on the machine one after the other? If they were there at the same time, they share it. */
function areInTurn(drafts: readonly Draft[], files: readonly FileFacts[]): boolean {
  const [first] = files
  return drafts.length > 1 && first !== undefined && nameIn(first) !== undefined && !areNamed(drafts, files)
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
