import { type SessionRow, selectSessions } from '../store/session-query.ts'
import type { Library, Page } from './answers.ts'

type SessionStatus = 'ready' | 'failed' | 'stalled' | 'in_progress' | 'stopped' | 'unknown'

export type SessionJson = {
  readonly session: string
  readonly cluster: string
  readonly owner: string
  readonly name: string
  readonly attempts: number
  readonly host: string
  readonly profile: string
  readonly os: 'linux' | 'windows'
  readonly status: SessionStatus
  readonly phase: string
  readonly first_seen: string
  readonly last_seen: string
  readonly failures: number
  readonly last_rule_id: string
}

export type SessionAsk = {
  readonly owner?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit: number
  /** Rows of the pages before. */
  readonly cursor?: number | undefined
}

/** The slowest step of a start that still writes now and then is silent for less than this. */
const STALLED_MS = 35 * 60_000

/** Desktops, the one with the newest line first. */
export async function askSessions(
  ask: SessionAsk,
  { store, rules, nowMs }: Library,
): Promise<Page<SessionJson>> {
  const offset = ask.cursor ?? 0
  const readyRules = rules.rules
    .filter((rule) => rule.phase === 'session' && rule.milestone === 'done')
    .map((rule) => rule.id)
  const rows = await selectSessions(store, { ...ask, limit: ask.limit + 1, offset, readyRules })
  const items = rows.slice(0, ask.limit).map((row) => sessionJson(row, nowMs))
  return rows.length > ask.limit ? { items, next: String(offset + ask.limit) } : { items }
}

function sessionJson(row: SessionRow, nowMs: number): SessionJson {
  const {
    cluster,
    owner,
    name,
    attempts,
    host,
    profile,
    phase,
    first_seen,
    last_seen,
    failures,
    last_rule_id,
  } = row
  return {
    session: `${owner}/${name}`,
    cluster,
    owner,
    name,
    attempts,
    host,
    profile,
    os: row.windows > 0 ? 'windows' : 'linux',
    status: statusOf(row, nowMs),
    phase,
    first_seen,
    last_seen,
    failures,
    last_rule_id,
  }
}

/** A critical failure outweighs every milestone: scripts go on after errors and say `Node Ready`. */
function statusOf(row: SessionRow, nowMs: number): SessionStatus {
  if (row.criticals > 0) return 'failed'
  if (row.ready > 0) return 'ready'
  return nowMs - row.last_seen_ms < STALLED_MS ? 'in_progress' : 'stalled'
}
