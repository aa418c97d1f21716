import type { EventJson } from '../../event-json.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import type { Store } from '../../store/client.ts'
import {
  type LoneMachines,
  selectHostsOfInstances,
  selectLoneMachines,
  selectNamedHosts,
} from '../../store/host-query.ts'
import {
  type Desktop,
  type FileRow,
  hasDesktops,
  type StoryFilter,
  selectDamaged,
  selectFiles,
  selectOwnEvents,
  selectPlaces,
  selectUnreadLogs,
  selectWordsOfMachines,
} from '../../store/story-query.ts'
import { sessionParts } from '../parameters.ts'
import type { Portal } from '../portal/portal-session.ts'
import { FOLDER, NAMED, OWN_WORDS } from './attempts/own-names.ts'
import { machineWords } from './attempts/portal-names.ts'
import { isUuid, tokensOfEvent } from './attempts/tokens.ts'
import {
  allSharedEvents,
  haveAllWritten,
  type SharedSource,
  sharedEventsOf,
} from './shared-logs/shared-events.ts'
import { SHARED, type Story } from './story.ts'

/** Which desktop (`owner/name`) or host a story is about, all if neither is given; from when, ISO 8601; what the portal says. */
type StoryAsk = {
  readonly session?: string | undefined
  readonly from?: string | undefined
  readonly portal?: Portal
}

/** What is stored about one desktop and the machines around it, or about all desktops since `from`. */
export async function storyOf(
  { session, from, portal }: StoryAsk,
  store: Store,
  rules: RuleSet,
): Promise<Story> {
  const asked = session === undefined ? {} : filterOf([session])
  return storyOfDesktops({ ...asked, from, shared: [...SHARED], portal }, { store, rules })
}

/**
 * What machines that serve all desktops have written since `from`, with every desktop that has ever written, which it may be
 * about; undefined if nothing in it is `wanted`.
 */
export async function sharedStory(
  { from, portal }: { readonly from: string; readonly portal: Portal },
  store: Store,
  wanted: (event: EventJson) => boolean,
): Promise<Story | undefined> {
  const kinds = [...SHARED]
  const [shared, own] = await Promise.all([
    allSharedEvents(from, store),
    selectWordsOfMachines(store, { from, shared: kinds, rules: OWN_WORDS }),
  ])
  if (![...shared, ...own].some(wanted)) return undefined
  const files = await selectPlaces(store, kinds)
  return { files, events: inTime(own, shared), damaged: new Set(), portal }
}

/**
 * What is stored about some desktops. If a machine's paths do not name its desktop, the owner of its logs depends on which other
 * desktops exist; if there are such logs, the files of `all` are looked at. A desktop that wrote nothing itself may have a
 * machine that did.
 */
export async function storyOfDesktops(
  {
    all: known,
    portal,
    ...filter
  }: StoryFilter & { readonly all?: readonly FileRow[] | undefined; readonly portal?: Portal | undefined },
  source: SharedSource,
): Promise<Story> {
  const { store } = source
  const { desktops, from } = filter
  const machines = machinesAround(filter, store)
  // In parallel, since each of them mostly waits for the store.
  const [own, { hosts: lone, nameless }, readsDesktops] = await Promise.all([
    ownOf(filter, store, machines),
    machines,
    portal === undefined ? undefined : hasDesktops(store, filter.shared),
  ])
  const shared =
    desktops === undefined
      ? await allSharedEvents(from, store)
      : await sharedEventsOf({ desktops, ...own, from, words: portalWords(desktops, portal) }, source)
  const found =
    desktops === undefined ? [] : await machinesNamed(desktops, { ...own, shared, portal, lone }, store)
  const hosts = [...(filter.hosts ?? []), ...found]
  const { files, events } = found.length === 0 ? own : await ownOf({ ...filter, hosts }, store, machines)
  const all = nameless ? (known ?? (await selectFiles(store, { ...filter, desktops: undefined }))) : files
  const paths = all.map(({ file }) => file)
  const [damaged, refused] = await Promise.all([selectDamaged(store, paths), selectUnreadLogs(store)])
  const isRead = new Set(paths)
  // Shared logs tell of hundreds of others. A host that is asked for may turn out to be of any desktop.
  const isOfNamed = desktops !== undefined && (filter.hosts ?? []).length === 0
  return {
    ...{ files: all, events: inTime(events, shared), damaged: new Set(damaged) },
    unread: refused.filter(({ file }) => !isRead.has(file)),
    ...(portal === undefined || readsDesktops === undefined ? {} : { portal, readsDesktops }),
    ...(nameless || isOfNamed ? { only: namesOf(filter) } : {}),
  }
}

function namesOf({ desktops = [], hosts = [] }: StoryFilter): ReadonlySet<string> {
  return new Set([...desktops.map(({ owner, session }) => `${owner}/${session}`), ...hosts])
}

/** Machines that no desktop's folder names, which matter only where some desktops are asked for. */
async function machinesAround(
  { desktops, nameless, shared }: StoryFilter,
  store: Store,
): Promise<LoneMachines> {
  if (desktops === undefined) return { hosts: [], nameless: false }
  const found = await selectLoneMachines(store, shared)
  return { ...found, nameless: nameless ?? found.nameless }
}

/** What the desktops and their hosts wrote, including logs of machines that no path names, if there are any. */
async function ownOf(filter: StoryFilter, store: Store, machines: Promise<LoneMachines>) {
  const [files, events] = await Promise.all([
    selectFiles(store, filter),
    machines.then(({ nameless }) => selectOwnEvents(store, { ...filter, nameless })),
  ])
  return { files, events }
}

type Around = {
  readonly files: readonly FileRow[]
  readonly shared: readonly EventJson[]
  readonly portal: Portal | undefined
  /** Machines of which only their own logs are stored. */
  readonly lone: readonly string[]
}

/**
 * Hosts whose paths name no desktop but which belong to one of these: as their own logs say, or the portal, or (for desktops
 * without logs) the logs of other machines.
 */
export async function machinesNamed(
  desktops: readonly Desktop[],
  { files, shared, portal, lone }: Around,
  store: Store,
): Promise<string[]> {
  if (lone.length === 0) return []
  const others = haveAllWritten(desktops, files) ? [] : shared.flatMap(tokensOfEvent)
  const uuids = [...new Set(others)].filter(isUuid).slice(0, MOST_IDS)
  const ownNames = await selectNamedHosts(store, { desktops, uuids, rules: [NAMED, FOLDER] })
  const words = [...others, ...portalWords(desktops, portal)]
  const instances = [...new Set(words)].filter((word) => word.startsWith('i-')).slice(0, MOST_IDS)
  const ofInstances = instances.length === 0 ? [] : await selectHostsOfInstances(store, lone, instances)
  const named = new Set([...ownNames, ...ofInstances, ...words])
  return lone.filter((host) => named.has(host))
}

/** The words by which the portal calls the machines of some desktops. */
function portalWords(desktops: readonly Desktop[], portal: Portal | undefined): string[] {
  const asked = new Set(desktops.map(({ owner, session }) => `${owner}/${session}`))
  const rows = (portal?.sessions ?? []).filter(({ owner, name }) => asked.has(`${owner}/${name}`))
  return rows.flatMap(machineWords)
}

/** At most this many sessions are looked for; parameters are sent in a URL. */
const MOST_IDS = 1000

/** Splits names into desktops (`owner/name`) and hosts, as a story is selected by. */
export function filterOf(names: readonly string[]): Required<Pick<StoryFilter, 'desktops' | 'hosts'>> {
  const parts = names.map(sessionParts)
  return {
    desktops: parts.flatMap(({ owner, session }) =>
      owner === undefined || session === undefined ? [] : [{ owner, session }],
    ),
    hosts: parts.flatMap(({ host }) => host ?? []),
  }
}

/** Merges two lists of events that are each in order of time. */
function inTime(a: readonly EventJson[], b: readonly EventJson[]): EventJson[] {
  const both: EventJson[] = []
  let i = 0
  for (const event of a) {
    for (let next = b[i]; next !== undefined && next.ts <= event.ts; next = b[++i]) both.push(next)
    both.push(event)
  }
  return [...both, ...b.slice(i)]
}
