import { z } from 'zod'
import { withoutUnknown } from '../event-json.ts'
import { worstFirst } from '../severity.ts'
import { selectEventsOf } from '../store/event-query.ts'
import type { Library } from './answers.ts'
import { type CommonFactor, commonFactors } from './common-factors.ts'
import type { DiagnosisJson } from './diagnosis/diagnosis-json.ts'
import { clusterFindings, clusterRules } from './diagnosis/findings/cluster-findings.ts'
import type { FindingJson } from './diagnosis/findings/findings.ts'
import type { Status } from './diagnosis/status.ts'
import { type FleetCause, fleetCauses } from './fleet-causes.ts'
import { askSignatures, SIGNATURES, type SignatureJson } from './novelty/ask-signatures.ts'
import { time, timeOf } from './parameters.ts'
import type { NotRead } from './portal/portal-session.ts'
import type { SessionJson } from './sessions/session-json.ts'
import { sessionsAndDiagnoses } from './sessions/sessions.ts'
import { askTrends, TRENDS, type TrendJson } from './trends.ts'

export const OVERVIEW = z.strictObject({ from: time.default('24h'), to: time.optional() })

/** The state of a cluster at a glance. */
export type OverviewJson = {
  readonly sessions: Readonly<Partial<Record<Status, number>>>
  /** The number of desktops and hosts that are not diagnosed yet and not counted here; fewer when asked again. */
  readonly pending: number
  readonly failing: readonly SessionJson[]
  readonly trend: readonly TrendJson[]
  readonly new_signatures: readonly SignatureJson[]
  readonly common: readonly CommonFactor[]
  /** Why desktops fail, and what those of one cause share. */
  readonly causes: readonly FleetCause[]
  /** Repeated events such as restarts and flapping, worst first. */
  readonly findings: readonly FleetFinding[]
  /** Desktops of which the portal says something else than their logs. */
  readonly disagreements: readonly Disagreement[]
  /** Databases of portals that could not be read. */
  readonly portal_not_read: readonly NotRead[]
}

/** A desktop of which the portal says something else than its logs. */
type Disagreement = Pick<SessionJson, 'session' | 'cluster' | 'status'> & {
  /** The portal's own term; '' if its database has no row of it. */
  readonly portal_state: string
  readonly text: string
}

/** A finding of several events, and where: on a desktop, or in its whole cluster. */
export type FleetFinding = FindingJson & {
  readonly cluster: string
  readonly session?: string
  readonly host?: string
}

const MOST_FAILING = 20
const MOST_CAUSES = 10
const MOST_NEW = 10
const LOOKED_AT = 100_000
const FAILING: readonly Status[] = ['failed', 'stalled']
/** A desktop that stalled longer ago than this is no longer waited for. */
const SAVABLE_MS = 6 * 3_600_000
const MOST_FINDINGS = 20
const MOST_DISAGREEMENTS = 20
const HOUR_MS = 3_600_000
/** More points than this are not drawn. */
const POINTS = 100

/** Desktops by status, the failing ones, failures over time, and what failed desktops have in common. */
export async function askOverview(ask: z.infer<typeof OVERVIEW>, given: Library): Promise<OverviewJson> {
  const diagnosisCache = given.diagnosisCache?.withoutWaiting()
  const library = { ...given, diagnosisCache }
  const from = timeOf(ask.from, library.nowMs)
  const to = ask.to === undefined ? undefined : timeOf(ask.to, library.nowMs)
  const range = { from, to }
  const bucket = bucketFor(range, library.nowMs)
  // In parallel, since each of them mostly waits for the store.
  const [{ page, lastOf }, { items: trend }, signatures, ofClusters] = await Promise.all([
    sessionsAndDiagnoses({ ...range, limit: LOOKED_AT }, library),
    askTrends(TRENDS.parse({ from, ...(to === undefined ? {} : { to }), bucket }), library),
    newSignatures({ ...library, diagnosisCache: diagnosisCache?.withoutWaiting() }),
    clusterWide(range, library),
  ])
  const pending = diagnosisCache?.pending ?? new Set()
  const items = page.items.filter(({ session }) => !pending.has(session))
  const lasts = items.flatMap((session) => lastOf(session) ?? [])
  return {
    sessions: counted(items),
    pending: pending.size,
    failing: byUrgency(
      items.filter(({ status }) => FAILING.includes(status)),
      library.nowMs,
    ).slice(0, MOST_FAILING),
    trend,
    new_signatures: signatures,
    common: commonFactors(lasts),
    causes: fleetCauses(lasts).slice(0, MOST_CAUSES),
    findings: [...findingsOf(lasts), ...ofClusters]
      .filter(({ last_seen }) => last_seen >= from)
      .toSorted((a, b) => worstFirst(a.severity, b.severity) || (a.last_seen < b.last_seen ? 1 : -1))
      .slice(0, MOST_FINDINGS),
    disagreements: disagreementsOf(lasts).slice(0, MOST_DISAGREEMENTS),
    portal_not_read: page.not_read ?? [],
  }
}

function disagreementsOf(desktops: readonly DiagnosisJson[]): Disagreement[] {
  return desktops.flatMap(({ session, cluster, status, portal }) =>
    portal?.disagreement === undefined
      ? []
      : [{ session, cluster, status, portal_state: portal.state, text: portal.disagreement }],
  )
}

/**
 * Sorts desktops that do not work: first those that stalled a short time ago and can still be saved, then failed ones, then
 * those that stalled long ago; within each group, the most failures first.
 */
export function byUrgency(failing: readonly SessionJson[], nowMs: number): SessionJson[] {
  return failing.toSorted((a, b) => urgency(a, nowMs) - urgency(b, nowMs) || b.failures - a.failures)
}

function urgency({ status, last_seen }: SessionJson, nowMs: number): number {
  if (status === 'stalled' && nowMs - Date.parse(last_seen) < SAVABLE_MS) return 0
  return status === 'failed' ? 1 : 2
}

function findingsOf(desktops: readonly DiagnosisJson[]): FleetFinding[] {
  return desktops.flatMap(({ findings, cluster, session, host }) =>
    findings
      .filter(({ type, per }) => type !== 'condition' && per !== 'cluster')
      .map((finding) => ({ ...finding, cluster, session, host })),
  )
}

async function clusterWide(range: Range, { store, rules, nowMs }: Library): Promise<FleetFinding[]> {
  const events = await selectEventsOf(store, clusterRules(rules), withEnd(range, nowMs))
  const byCluster = clusterFindings(events.map(withoutUnknown), rules)
  return [...byCluster].flatMap(([cluster, findings]) => findings.map((finding) => ({ ...finding, cluster })))
}

type Range = { readonly from: string; readonly to: string | undefined }

function withEnd({ from, to }: Range, nowMs: number): { readonly from: string; readonly to: string } {
  return { from, to: to ?? new Date(nowMs + HOUR_MS).toISOString() }
}

/** Failures that are new or came back, and are worth reporting. */
async function newSignatures(library: Library): Promise<SignatureJson[]> {
  const { items } = await askSignatures(SIGNATURES.parse({ limit: LOOKED_AT }), library)
  return items
    .filter(({ state, novel }) => state === 'regressed' || (state === 'new' && novel))
    .slice(0, MOST_NEW)
}

function counted(items: readonly SessionJson[]): Partial<Record<Status, number>> {
  const counts: Partial<Record<Status, number>> = {}
  for (const { status } of items) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function bucketFor({ from, to }: Range, nowMs: number): '15m' | '1h' | '1d' {
  const hours = ((to === undefined ? nowMs : Date.parse(to)) - Date.parse(from)) / HOUR_MS
  if (hours * 4 <= POINTS) return '15m'
  return hours <= POINTS * 2 ? '1h' : '1d'
}
