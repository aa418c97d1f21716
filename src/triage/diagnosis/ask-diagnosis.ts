import { withoutUnknown } from '../../event-json.ts'
import type { Store } from '../../store/client.ts'
import { type StoryFilter, selectDamaged, selectFiles, selectStoryEvents } from '../../store/story-query.ts'
import { type DiagnosisJson, diagnose, type Knowing } from './diagnose.ts'
import type { Status } from './status.ts'
import { SHARED } from './story.ts'

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
  const slash = ask.session?.indexOf('/') ?? -1
  const own =
    ask.session === undefined
      ? {}
      : { owner: ask.session.slice(0, slash), session: ask.session.slice(slash + 1) }
  const since = ask.session === undefined ? new Date(knowing.nowMs - DAYS * DAY_MS).toISOString() : undefined
  const filter: StoryFilter = { ...own, from: ask.from ?? since, shared: [...SHARED] }
  const files = await selectFiles(store, filter)
  const events = (await selectStoryEvents(store, filter)).map(withoutUnknown)
  const damaged = await selectDamaged(
    store,
    files.map(({ file }) => file),
  )
  return diagnose({ files, events, damaged: new Set(damaged) }, knowing)
    .filter(({ session }) => ask.session === undefined || session === ask.session)
    .filter(({ status }) => ask.status === undefined || status === ask.status)
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
