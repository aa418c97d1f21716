import type { EventJson } from '../../event-json.ts'

type Other = { readonly session: string; readonly last: string; readonly count: number }

/** The other desktops of some events, newest first. */
export function otherSessions(events: readonly EventJson[], than: EventJson): Other[] {
  const others = new Map<string, Other>()
  for (const { owner = '', session = '', ts } of events) {
    if (session === '' || (owner === than.owner && session === than.session)) continue
    const name = `${owner}/${session}`
    const known = others.get(name)
    others.set(name, { session: name, last: known?.last ?? ts, count: (known?.count ?? 0) + 1 })
  }
  return [...others.values()]
}
