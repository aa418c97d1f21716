import { type EventJson, withoutUnknown } from '../../event-json.ts'
import { MOST_TOGETHER, selectEventsOf } from '../../store/event-query.ts'
import { selectHosts } from '../../store/host-query.ts'
import { selectDesktops } from '../../store/session-query.ts'
import { selectFiles } from '../../store/story-query.ts'
import type { Library } from '../answers.ts'
import { clusterEvents, clusterRules } from '../diagnosis/findings/cluster-findings.ts'
import { nameOf, SHARED } from '../diagnosis/story.ts'
import type { Pace } from '../sessions/background.ts'
import type { DiagnosisCache } from '../sessions/diagnosis-cache.ts'
import { requestedDesktops } from '../sessions/requested.ts'
import { SESSIONS } from '../sessions/sessions.ts'

/** Desktops that have written nothing for so many days are not looked at. */
const DAYS = 7
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/**
 * What rules make of several events now: of the desktops and hosts of the last days, which are diagnosed for it with rests in
 * between, and of their clusters. Stores nothing.
 */
export async function* madeEvents(
  library: Library,
  cache: DiagnosisCache,
  pace: Pace,
): AsyncGenerator<readonly EventJson[]> {
  const sinceMs = library.nowMs - DAYS * DAY_MS
  const names = await namesOf(new Date(sinceMs).toISOString(), library)
  yield* cache.anew(names, library, pace)
  if (!pace.isStopped()) yield await madeOfClusters(sinceMs, library)
}

async function namesOf(from: string, library: Library): Promise<string[]> {
  const [desktops, hosts, requested] = await Promise.all([
    selectDesktops(library.store, from),
    selectHosts(library.store, { from }),
    requestedDesktops(SESSIONS.parse({ from }), library),
  ])
  const written = desktops.map(({ owner, name }) => `${owner}/${name}`)
  return [...new Set([...written, ...hosts.map(({ host }) => host), ...requested.map(nameOf)])]
}

async function madeOfClusters(sinceMs: number, { store, rules, nowMs }: Library): Promise<EventJson[]> {
  const [from, to] = [new Date(sinceMs).toISOString(), new Date(nowMs + HOUR_MS).toISOString()]
  const rows = await selectEventsOf(store, clusterRules(rules), { from, to })
  const files = await selectFiles(store, { from, shared: [...SHARED] })
  const events = rows.map(withoutUnknown)
  // If there were more, older ones were left out.
  const oldestMs = rows.length < MOST_TOGETHER ? sinceMs : Date.parse(events.at(-1)?.ts ?? from)
  return clusterEvents(events, rules, { files, sinceMs: oldestMs })
}
