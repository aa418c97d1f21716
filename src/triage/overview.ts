import { z } from 'zod'
import { selectRuleSessions } from '../store/classified-query.ts'
import type { Library } from './answers.ts'
import { type CommonFactor, commonFactors } from './common-factors.ts'
import type { Status } from './diagnosis/status.ts'
import { askSignatures, SIGNATURES, type SignatureJson } from './novelty/ask-signatures.ts'
import { time, timeOf } from './parameters.ts'
import { askStandings, type SessionJson } from './sessions.ts'
import { askTrends, TRENDS, type TrendJson } from './trends.ts'

/** Parameters of the overview. */
export const OVERVIEW = z.strictObject({ from: time.default('24h'), to: time.optional() })

/** How a cluster stands, at one glance. */
export type OverviewJson = {
  readonly sessions: Readonly<Partial<Record<Status, number>>>
  readonly failing: readonly SessionJson[]
  readonly trend: readonly TrendJson[]
  readonly new_signatures: readonly SignatureJson[]
  readonly common: readonly CommonFactor[]
}

const MOST_FAILING = 20
const MOST_NEW = 10
const LOOKED_AT = 100_000
/** From the worst to the best; what is not named is not failing. */
const FAILING: readonly Status[] = ['failed', 'stalled']
const HOUR_MS = 3_600_000
/** A curve of more points than this is not drawn. */
const POINTS = 100

/** Desktops by how they stand, those that fail, failures over time and what failed desktops have in common. */
export async function askOverview(ask: z.infer<typeof OVERVIEW>, library: Library): Promise<OverviewJson> {
  const from = timeOf(ask.from, library.nowMs)
  const to = ask.to === undefined ? undefined : timeOf(ask.to, library.nowMs)
  const range = { from, to }
  const { page, standings } = await askStandings({ ...range, limit: LOOKED_AT }, library)
  const { items } = page
  const lasts = items.flatMap(({ session }) => standings.get(session) ?? [])
  const { items: trend } = await askTrends(
    TRENDS.parse({ from, ...(to === undefined ? {} : { to }), bucket: bucketFor(range, library.nowMs) }),
    library,
  )
  return {
    sessions: counted(items),
    failing: items
      .filter(({ status }) => FAILING.includes(status))
      .toSorted((a, b) => FAILING.indexOf(a.status) - FAILING.indexOf(b.status) || b.failures - a.failures)
      .slice(0, MOST_FAILING),
    trend,
    new_signatures: await newSignatures(library),
    common: commonFactors(lasts, await ruleSessions(range, library)),
  }
}

/** Failures that are new, or came back, and are worth telling. */
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

function bucketFor(
  { from, to }: { from: string; to: string | undefined },
  nowMs: number,
): '15m' | '1h' | '1d' {
  const hours = ((to === undefined ? nowMs : Date.parse(to)) - Date.parse(from)) / HOUR_MS
  if (hours * 4 <= POINTS) return '15m'
  return hours <= POINTS * 2 ? '1h' : '1d'
}

async function ruleSessions(
  { from, to }: { from: string; to: string | undefined },
  { store, nowMs }: Library,
) {
  const rows = await selectRuleSessions(store, { from, to: to ?? new Date(nowMs + HOUR_MS).toISOString() })
  return new Map(rows.map(({ rule_id, sessions }) => [rule_id, new Set(sessions)]))
}
