import { selectHosts } from '../../store/host-query.ts'
import { type SessionRow, selectKnownNames } from '../../store/session-query.ts'
import type { Library } from '../answers.ts'
import type { DiagnosisJson } from '../diagnosis/diagnosis-json.ts'
import { nameOf } from '../diagnosis/story.ts'
import { grouped } from '../grouped.ts'
import { sessionParts } from '../parameters.ts'
import type { DiagnosisLookup } from './diagnosis-lookup.ts'
import type { SessionAsk } from './sessions.ts'

/**
 * Machines whose paths do not name a desktop: by the name of the desktop that their own logs or others assign them to, or by
 * their own name. Without controllers, and without desktops whose own logs are stored.
 */
export async function machineRows(
  ask: Pick<SessionAsk, 'from' | 'to'>,
  library: Library & { readonly diagnosisCache: DiagnosisLookup },
): Promise<ReadonlyMap<string, SessionRow>> {
  const hosts = await selectHosts(library.store, ask)
  const names = hosts.map(({ host }) => host)
  const found = await library.diagnosisCache.of(names, library)
  const rows = hosts.flatMap((row) =>
    [...grouped(found.get(row.host) ?? [], ({ session }) => session).values()].flatMap((attempts) => {
      const last = attempts.at(-1)
      return last === undefined ? [] : [namedBy(last, row)]
    }),
  )
  const desktops = rows.filter(({ owner }) => owner !== '').map(nameOf)
  const known = new Set(desktops.length === 0 ? [] : await selectKnownNames(library.store, desktops))
  const named = new Map<string, SessionRow>()
  for (const row of rows.toSorted((a, b) => (a.last_seen < b.last_seen ? -1 : 1))) {
    const before = named.get(nameOf(row))
    if (!known.has(nameOf(row))) named.set(nameOf(row), before === undefined ? row : together(before, row))
  }
  return named
}

/** Two machines of one desktop; the later one wrote last. */
function together(before: SessionRow, later: SessionRow): SessionRow {
  const first_seen = [before.first_seen, later.first_seen].sort()[0] ?? later.first_seen
  return { ...later, first_seen, attempts: before.attempts + later.attempts }
}

function namedBy({ session, cluster, profile }: DiagnosisJson, row: SessionRow): SessionRow {
  const { owner, session: name } = sessionParts(session)
  if (owner === undefined || name === undefined) return row
  return { ...row, owner, name, cluster: row.cluster || cluster, profile }
}

/** A requested desktop, with what its machine wrote since. */
export function withMachine(row: SessionRow, machine: SessionRow | undefined): SessionRow {
  if (machine === undefined) return row
  const { host, failures, last_seen } = machine
  const latest = [row.last_seen, last_seen].sort().at(-1) ?? last_seen
  return { ...row, host, failures, last_seen: latest }
}
