import { type EventJson, withoutUnknown } from '../../event-json.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import type { Store } from '../../store/client.ts'
import { selectLastLines } from '../../store/context-query.ts'
import { selectLoneHosts, selectNamedHosts } from '../../store/host-query.ts'
import {
  type Desktop,
  type FileRow,
  hasDesktops,
  hasNameless,
  type StoryFilter,
  selectDamaged,
  selectFiles,
  selectOwnEvents,
} from '../../store/story-query.ts'
import { sessionParts } from '../parameters.ts'
import type { Portal } from '../portal/portal-session.ts'
import type { PortalReader } from '../portal/read-portal.ts'
import type { Probes } from '../prober.ts'
import { FOLDER, NAMED } from './attempts.ts'
import { type DiagnosisJson, diagnose, type Knowing } from './diagnose.ts'
import { withLastLines } from './last-lines.ts'
import { machineWords } from './portal-names.ts'
import { withProbes } from './probe-view.ts'
import { allSharedEvents, haveAllWritten, sharedEventsOf } from './shared-events.ts'
import type { Status } from './status.ts'
import { SHARED, type Story } from './story.ts'
import { tokensOfEvent } from './tokens.ts'

export type DiagnosisAsk = {
  readonly session?: string | undefined
  readonly status?: Status | undefined
  readonly from?: string | undefined
}

/** What questions go by, besides what is stored. */
export type AskKnowing = Knowing & { readonly portal: PortalReader; readonly probes: Probes }

/** Without a time, desktops of so many days are looked at. */
const DAYS = 7
const DAY_MS = 86_400_000

/** Diagnoses one desktop with all its attempts, or every desktop of the last days, from what is stored. */
export async function askDiagnosis(
  ask: DiagnosisAsk,
  store: Store,
  knowing: AskKnowing,
): Promise<DiagnosisJson[]> {
  const since = ask.session === undefined ? new Date(knowing.nowMs - DAYS * DAY_MS).toISOString() : undefined
  const from = ask.from ?? since
  const portal = createdSince(await knowing.portal(), from)
  const story = await storyOf({ session: ask.session, from, portal }, store, knowing.rules)
  const diagnoses = diagnose(story, knowing)
  const wanted = withProbes(diagnoses, knowing.probes)
    .filter((one) => ask.session === undefined || isNamed(one, ask.session))
    .filter(({ status }) => ask.status === undefined || status === ask.status)
  return withLastLines(wanted, async (signs) => {
    const lines = await selectLastLines(store, signs)
    return new Map(lines.map((line) => [String(line['file_id']), withoutUnknown(line)]))
  })
}

/** Is it this desktop, or on this host? */
export function isNamed({ session, host }: { session: string; host: string }, name: string): boolean {
  return session === name || (!name.includes('/') && host === name)
}

/** What is stored of one desktop and the machines around it, or of all desktops from a time on. */
export async function storyOf(
  { session, from, portal }: Pick<DiagnosisAsk, 'session' | 'from'> & { readonly portal?: Portal },
  store: Store,
  rules: RuleSet,
): Promise<Story> {
  const asked = session === undefined ? {} : filterOf([session])
  return storyOfDesktops({ ...asked, from, shared: [...SHARED], portal }, store, rules)
}

/**
 * The same of some desktops. Whose the logs of a machine are whose name no path tells depends on which desktops there are:
 * with such logs, the files of `all` are looked at. A desktop that never wrote may have a machine that did.
 */
export async function storyOfDesktops(
  {
    all: known,
    portal,
    ...filter
  }: StoryFilter & { readonly all?: readonly FileRow[] | undefined; readonly portal?: Portal | undefined },
  store: Store,
  rules: RuleSet,
): Promise<Story> {
  const { desktops, from } = filter
  // At once: each of them waits for the store most of its time.
  const [{ nameless, ...own }, lone, readsDesktops] = await Promise.all([
    ownOf(filter, store),
    desktops === undefined ? [] : selectLoneHosts(store),
    portal === undefined ? undefined : hasDesktops(store, filter.shared),
  ])
  const shared =
    desktops === undefined
      ? await allSharedEvents(from, store)
      : await sharedEventsOf({ desktops, ...own, from }, store, rules)
  const found =
    desktops === undefined ? [] : await machinesNamed(desktops, { ...own, shared, portal, lone }, store)
  const hosts = [...(filter.hosts ?? []), ...found]
  const { files, events } = found.length === 0 ? own : await ownOf({ ...filter, nameless, hosts }, store)
  const all = nameless ? (known ?? (await selectFiles(store, { ...filter, desktops: undefined }))) : files
  const damaged = await selectDamaged(
    store,
    all.map(({ file }) => file),
  )
  return {
    ...{ files: all, events: inTime(events, shared), damaged: new Set(damaged) },
    ...(portal === undefined || readsDesktops === undefined ? {} : { portal, readsDesktops }),
    ...(nameless ? { only: namesOf(filter) } : {}),
  }
}

function namesOf({ desktops = [], hosts = [] }: StoryFilter): ReadonlySet<string> {
  return new Set([...desktops.map(({ owner, session }) => `${owner}/${session}`), ...hosts])
}

/** What the desktops and their hosts wrote; with the logs of machines whose name no path tells, if there are any. */
async function ownOf(filter: StoryFilter, store: Store) {
  const ownEvents = async () => {
    const nameless =
      filter.desktops !== undefined && (filter.nameless ?? (await hasNameless(store, filter.shared)))
    return { nameless, events: await selectOwnEvents(store, { ...filter, nameless }) }
  }
  const [files, own] = await Promise.all([selectFiles(store, filter), ownEvents()])
  return { files, ...own }
}

type Around = {
  readonly files: readonly FileRow[]
  readonly shared: readonly EventJson[]
  readonly portal: Portal | undefined
  /** Machines of which only their own logs are stored. */
  readonly lone: readonly string[]
}

/** Machines of which no path says whose they are: their own words do, the portal, or of desktops without logs those of others. */
async function machinesNamed(
  desktops: readonly Desktop[],
  { files, shared, portal, lone }: Around,
  store: Store,
): Promise<string[]> {
  if (lone.length === 0) return []
  const own = await selectNamedHosts(store, desktops, [NAMED, FOLDER])
  const others = haveAllWritten(desktops, files) ? [] : shared.flatMap(tokensOfEvent)
  const asked = new Set(desktops.map(({ owner, session }) => `${owner}/${session}`))
  const rows = (portal?.sessions ?? []).filter(({ owner, name }) => asked.has(`${owner}/${name}`))
  const named = new Set([...own, ...others, ...rows.flatMap(machineWords)])
  return lone.filter((host) => named.has(host))
}

/** Desktops as `owner/name`, and hosts of which no desktop is known, as a story is asked for. */
export function filterOf(names: readonly string[]): Required<Pick<StoryFilter, 'desktops' | 'hosts'>> {
  const parts = names.map(sessionParts)
  return {
    desktops: parts.flatMap(({ owner, session }) =>
      owner === undefined || session === undefined ? [] : [{ owner, session }],
    ),
    hosts: parts.flatMap(({ host }) => host ?? []),
  }
}

/** Two lists in the order of their times, as one. */
function inTime(a: readonly EventJson[], b: readonly EventJson[]): EventJson[] {
  const both: EventJson[] = []
  let i = 0
  for (const event of a) {
    for (let next = b[i]; next !== undefined && next.ts <= event.ts; next = b[++i]) both.push(next)
    both.push(event)
  }
  return [...both, ...b.slice(i)]
}

/** Of a desktop that is older nothing need have been written since. */
function createdSince(portal: Portal, from: string | undefined): Portal {
  return from === undefined
    ? portal
    : { ...portal, sessions: portal.sessions.filter(({ createdAt }) => createdAt >= from.slice(0, 19)) }
}

/** What answers to questions go by, as a diagnosis needs it. */
export function knowingOf({
  rules,
  phases,
  generations,
  nowMs,
  portal,
  probes,
}: Omit<AskKnowing, 'phases'> & { readonly phases: () => Knowing['phases'] }): AskKnowing {
  return { rules, phases: phases(), generations, nowMs, portal, probes }
}
