import { withoutUnknown } from '../../event-json.ts'
import type { Store } from '../../store/client.ts'
import { type StoryFilter, selectDamaged, selectFiles, selectStoryEvents } from '../../store/story-query.ts'
import { type DiagnosisJson, diagnose, type Knowing } from './diagnose.ts'
import type { Status } from './status.ts'
import { SHARED, type Story } from './story.ts'

export type DiagnosisAsk = {
  readonly session?: string | undefined
  readonly status?: Status | undefined
  readonly from?: string | undefined
}

/** Without a time, desktops of so many days are looked at. */
const DAYS = 7
const DAY_MS = 86_400_000

/** Diagnoses one desktop with all its attempts, or every desktop of the last days, from what is stored. */
export async function askDiagnosis(
  ask: DiagnosisAsk,
  store: Store,
  knowing: Knowing,
): Promise<DiagnosisJson[]> {
  const since = ask.session === undefined ? new Date(knowing.nowMs - DAYS * DAY_MS).toISOString() : undefined
  const story = await storyOf({ session: ask.session, from: ask.from ?? since }, store)
  return diagnose(story, knowing)
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

/** What answers to questions go by, as a diagnosis needs it. */
export function knowingOf({
  rules,
  phases,
  generations,
  nowMs,
}: Omit<Knowing, 'phases'> & { readonly phases: () => Knowing['phases'] }): Knowing {
  return { rules, phases: phases(), generations, nowMs }
}
