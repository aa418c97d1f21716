import { withoutUnknown } from '../../event-json.ts'
import type { Store } from '../../store/client.ts'
import { type StoryFilter, selectDamaged, selectFiles, selectStoryEvents } from '../../store/story-query.ts'
import type { Portal } from '../portal/portal-session.ts'
import type { PortalReader } from '../portal/read-portal.ts'
import type { Probes } from '../prober.ts'
import { type DiagnosisJson, diagnose, type Knowing } from './diagnose.ts'
import { withProbes } from './probe-view.ts'
import type { Status } from './status.ts'
import { SHARED, type Story } from './story.ts'

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
  const story = await storyOf({ session: ask.session, from }, store)
  const diagnoses = diagnose({ ...story, portal: createdSince(await knowing.portal(), from) }, knowing)
  return withProbes(diagnoses, knowing.probes)
    .filter(({ session }) => ask.session === undefined || session === ask.session)
    .filter(({ status }) => ask.status === undefined || status === ask.status)
}

/** What is stored of one desktop and the machines around it, or of all desktops from a time on. */
export async function storyOf(
  { session, from }: Pick<DiagnosisAsk, 'session' | 'from'>,
  store: Store,
): Promise<Story> {
  const slash = session?.indexOf('/') ?? -1
  const own =
    session === undefined ? {} : { owner: session.slice(0, slash), session: session.slice(slash + 1) }
  const filter: StoryFilter = { ...own, from, shared: [...SHARED] }
  const files = await selectFiles(store, filter)
  const events = (await selectStoryEvents(store, filter)).map(withoutUnknown)
  const damaged = await selectDamaged(
    store,
    files.map(({ file }) => file),
  )
  return { files, events, damaged: new Set(damaged) }
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
