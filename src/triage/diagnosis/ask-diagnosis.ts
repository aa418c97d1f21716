import { type EventJson, withoutUnknown } from '../../event-json.ts'
import type { Store } from '../../store/client.ts'
import { selectAround, selectLastLines, selectPlace } from '../../store/context-query.ts'
import type { Portal } from '../portal/portal-session.ts'
import type { PortalReader } from '../portal/read-portal.ts'
import type { Probes } from '../probe/prober.ts'
import { compareRows, machineWords } from './attempts/portal-names.ts'
import { diagnose } from './diagnose.ts'
import type { DiagnosisJson } from './diagnosis-json.ts'
import { withProbes } from './outside/probe-view.ts'
import { type LinesAround, NEIGHBOURS, withLinesAround } from './shown/around.ts'
import { withLastLines } from './shown/last-lines.ts'
import type { Status } from './status.ts'
import { storyOf } from './stored-story.ts'
import type { DiagnosisContext } from './world.ts'

export type DiagnosisAsk = {
  readonly session?: string | undefined
  readonly status?: Status | undefined
  readonly from?: string | undefined
}

/** What diagnoses are made with, besides what is stored. */
export type AskContext = DiagnosisContext & { readonly portal: PortalReader; readonly probes: Probes }

/** If no start time is given, this many days are looked at. */
const DAYS = 7
const DAY_MS = 86_400_000

/** Diagnoses one desktop with all its attempts, or every desktop of the last days, from what is stored. */
export async function askDiagnosis(
  ask: DiagnosisAsk,
  store: Store,
  context: AskContext,
): Promise<DiagnosisJson[]> {
  const portal = await context.portal()
  const found = await diagnosesOf(ask, portal, store, context)
  if (ask.session === undefined || found.some(({ phases }) => phases.length > 0)) return found
  const called = desktopCalled(ask.session, portal)
  return called === undefined ? found : diagnosesOf({ ...ask, session: called }, portal, store, context)
}

async function diagnosesOf(
  ask: DiagnosisAsk,
  portal: Portal,
  store: Store,
  context: AskContext,
): Promise<DiagnosisJson[]> {
  const since = ask.session === undefined ? new Date(context.nowMs - DAYS * DAY_MS).toISOString() : undefined
  const from = ask.from ?? since
  const story = await storyOf({ session: ask.session, from, portal }, store, context.rules)
  // A desktop created before `from` need not have written anything since.
  const silentSince = from === undefined ? {} : { silentSince: from.slice(0, 19) }
  const diagnoses = diagnose({ ...story, ...silentSince }, context)
  const wanted = withProbes(diagnoses, context.probes)
    .filter((diagnosis) => ask.session === undefined || isNamed(diagnosis, ask.session))
    .filter(({ status }) => ask.status === undefined || status === ask.status)
  const shown = await withLastLines(wanted, async (signs) => {
    const lines = await selectLastLines(store, signs)
    return new Map(lines.map((line) => [String(line['file_id']), withoutUnknown(line)]))
  })
  return ask.session === undefined ? shown : withLinesAround(shown, linesIn(store))
}

function linesIn(store: Store): LinesAround {
  return async (events) => {
    const around = new Map<string, readonly EventJson[]>()
    for (const { event_id, ts } of events) {
      const place = await selectPlace(store, event_id, ts)
      const rows = place === undefined ? [] : await selectAround(store, place, NEIGHBOURS)
      around.set(event_id, rows.map(withoutUnknown))
    }
    return around
  }
}

/** The desktop that the portal knows by an address, a host, an instance or the id of a session; the newest of several. */
function desktopCalled(word: string, { sessions }: Portal): string | undefined {
  const host = /^\d+(?:\.\d+){3}$/.test(word) ? `ip-${word.replaceAll('.', '-')}` : word
  const rows = sessions.filter((row) => row.uuid === word || machineWords(row).includes(host))
  const row = rows.toSorted(compareRows).at(-1)
  return row === undefined ? undefined : `${row.owner}/${row.name}`
}

/** Is it this desktop, or a desktop on this host? */
export function isNamed({ session, host }: { session: string; host: string }, name: string): boolean {
  return session === name || (!name.includes('/') && host === name)
}

/** What a diagnosis needs, from what all answers are made with. */
export function askContextOf({
  rules,
  phases,
  generations,
  nowMs,
  portal,
  probes,
}: Omit<AskContext, 'phases'> & { readonly phases: () => DiagnosisContext['phases'] }): AskContext {
  return { rules, phases: phases(), generations, nowMs, portal, probes }
}
