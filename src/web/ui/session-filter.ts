import type { SessionItem } from './answers.ts'

/** The filters of the table of desktops. */
export type SessionFilter = {
  readonly q?: string | undefined
  readonly status?: string | undefined
  readonly owner?: string | undefined
  readonly phase?: string | undefined
  readonly rule?: string | undefined
}

/** Desktops that match: each word of `q` must be in the name, host, state, phase, verdict or product. */
export function filteredSessions(sessions: readonly SessionItem[], filter: SessionFilter): SessionItem[] {
  const words = (filter.q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const states = filter.status === undefined ? undefined : new Set(filter.status.split(','))
  return sessions.filter((session) => {
    if (states !== undefined && !states.has(session.status)) return false
    if (filter.owner !== undefined && session.owner !== filter.owner) return false
    if (filter.phase !== undefined && session.phase !== filter.phase) return false
    if (filter.rule !== undefined && session.last_rule_id !== filter.rule) return false
    const text = searchText(session)
    return words.every((word) => text.includes(word))
  })
}

function searchText({
  session,
  host,
  status,
  phase,
  verdict_title = '',
  last_rule_id,
  profile,
  cluster,
  os,
}: SessionItem): string {
  return [session, host, status, phase, verdict_title, last_rule_id, profile, cluster, os]
    .join(' ')
    .toLowerCase()
}

/** The number of desktops in each state. */
export function countsByStatus(sessions: readonly SessionItem[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status } of sessions) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
