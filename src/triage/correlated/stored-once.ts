import type { EventJson } from '../../event-json.ts'
import { batchTime } from '../../store/batch.ts'
import { type StoredCorrelated, selectStoredLike } from '../../store/correlated-query.ts'
import { deleteEvents } from '../../store/stored-lines.ts'
import type { EventWriting } from '../rules/apply.ts'

/** By then whoever sent a batch knows that it is stored, and no longer counts its rows. */
const SETTLED_MS = 3_600_000

/**
 * Those of the events that are stored. Services that share a store may have stored an event at the same moment, neither
 * seeing the other's: then the row of the first batch stays, and each service removes its own later ones, whenever it looks.
 * So the one that looks last leaves one row, and none removes the first. What nobody removes, since its service is gone, is
 * removed later by any.
 */
export async function storedOnce<Commit>(
  events: readonly EventJson[],
  { store, names, clock }: Pick<EventWriting<Commit>, 'store' | 'names' | 'clock'>,
): Promise<ReadonlySet<EventJson>> {
  const rows = await selectStoredLike(store, events)
  const settled = batchTime(clock.nowMs() - SETTLED_MS)
  const found = events.map((event) => ({ event, stored: rows.filter((row) => isSame(row, event)) }))
  const later = new Set(found.flatMap(({ stored: [, ...others] }) => others))
  const removed = [...later].filter(({ batch }) => names.isOwn(batch) || batch < settled)
  await deleteEvents(store, removed)
  return new Set(found.filter(({ stored }) => stored.length > 0).map(({ event }) => event))
}

/**
 * Is the stored event this one? Usually their ids are equal. An id depends on the desktop and host, so it changes when they
 * become known later; then an event of the same rule at the same place counts, if the known names agree.
 */
function isSame(stored: StoredCorrelated, event: EventJson): boolean {
  if (stored.event_id === event.event_id) return true
  const isEqual = (key: 'rule_id' | 'file_id' | 'generation' | 'offset') => stored[key] === event[key]
  const isKnownAs = (key: 'owner' | 'session' | 'host') =>
    stored[key] === '' || event[key] === undefined || stored[key] === event[key]
  return (
    (['rule_id', 'file_id', 'generation', 'offset'] as const).every(isEqual) &&
    (['owner', 'session', 'host'] as const).every(isKnownAs)
  )
}
