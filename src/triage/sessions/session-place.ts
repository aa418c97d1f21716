import type { z } from 'zod'
import type { SessionRow } from '../../store/session-query.ts'
import { microsOf, type SessionPlace } from '../place.ts'

/** The place of a desktop in the list: its last line, cluster, owner and name. */
export type Place = z.infer<typeof SessionPlace>

type Placed = Pick<SessionRow, 'last_seen' | 'cluster' | 'owner' | 'name' | 'host'>

/** The place of a desktop, or of a host without one. */
export function placeOf({ last_seen, cluster, owner, name, host }: Placed): Place {
  return [last_seen, cluster, owner, owner === '' ? host : name]
}

/** Newest line first, as the store sorts them. */
export function comparePlaces([lastA, ...namesA]: Place, [lastB, ...namesB]: Place): number {
  if (lastA !== lastB) return lastA < lastB ? 1 : -1
  for (const [i, name] of namesA.entries()) {
    const other = namesB[i] ?? ''
    if (name !== other) return name < other ? -1 : 1
  }
  return 0
}

/** The range of a page: after the end of the previous page, up to the last desktop that was read. */
export type Span = { readonly after: Place | undefined; readonly last: SessionRow | undefined }

/** Is a desktop on the page? */
export function isWithin(row: Placed, { after, last }: Span): boolean {
  const place = placeOf(row)
  return (
    (after === undefined || comparePlaces(place, after) > 0) &&
    (last === undefined || comparePlaces(place, placeOf(last)) <= 0)
  )
}

/** The end of the previous page in the form that the store compares. */
export function afterOf(place: Place | undefined) {
  if (place === undefined) return undefined
  const [lastSeen, cluster, owner, name] = place
  return { micros: microsOf(lastSeen), cluster, owner, name }
}
