import { type EventJson, withoutUnknown } from '../event-json.ts'
import { severityRank } from '../severity.ts'
import type { Store } from '../store/client.ts'
import { selectAround, selectPlace } from '../store/context-query.ts'
import { selectCorrelatedById } from '../store/correlated-query.ts'
import { type EventRowJson, selectVerdicts } from '../store/line-query.ts'
import { grouped } from './grouped.ts'

/** Where around a record lines are wanted: its time, which makes finding it fast, and the numbers of lines. */
export type Around = { readonly at?: string | undefined; readonly before: number; readonly after: number }

/** The lines around a record of its log, with their worst verdicts; none if it is not stored. */
export async function linesAround(id: string, ask: Around, store: Store): Promise<EventJson[]> {
  const place = await selectPlace(store, id, ask.at)
  if (place === undefined) return []
  const rows = worstOf(await withVerdicts(store, await selectAround(store, place, ask)))
  // What a rule says of several events stands below the last of them.
  const made = place.length > 0 ? [] : await selectCorrelatedById(store, id)
  const below = 1 + rows.findIndex((row) => row['offset'] === place.offset)
  return [...rows.slice(0, below), ...made, ...rows.slice(below)].map(withoutUnknown)
}

/** Lines with their verdicts: one row for each rule that matched. */
export async function withVerdicts(store: Store, lines: readonly EventRowJson[]): Promise<EventRowJson[]> {
  const byId = grouped(await selectVerdicts(store, lines), ({ event_id }) => event_id)
  return lines.flatMap((line) =>
    (byId.get(line['event_id']) ?? [{}]).map((verdict) => ({ ...line, ...verdict })),
  )
}

/** Each line once, with its worst verdict; in the same order. */
export function worstOf(rows: readonly EventRowJson[]): EventRowJson[] {
  const lines = new Map<unknown, EventRowJson>()
  for (const row of rows) {
    const known = lines.get(row['event_id'])
    if (known === undefined || rankOf(row) > rankOf(known)) lines.set(row['event_id'], row)
  }
  return [...lines.values()]
}

function rankOf({ severity }: EventRowJson): number {
  return severityRank(severity as string | undefined)
}
