import { compareEvents, type EventJson } from '../../../event-json.ts'
import type { Store } from '../../../store/client.ts'
import {
  type Always,
  MOST_SHARED,
  type SharedFilter,
  selectSharedAlways,
  selectSharedIn,
} from '../../../store/shared-query.ts'
import { grouped } from '../../grouped.ts'

const HOUR_MS = 3_600_000

/**
 * What shared machines wrote, hour by hour, for desktops that are diagnosed portion by portion: most of them began in the same
 * hours. The hours of the last portion are kept, so that it is to be used only as long as nothing new counts.
 */
export class SharedHours {
  readonly #store: Store
  #kept: ReadonlyMap<number, readonly EventJson[]> = new Map()

  constructor(store: Store) {
    this.#store = store
  }

  /** Events in some hours (seconds since the epoch), and those that are always wanted; the newest, oldest first. */
  async events(filter: SharedFilter, hours: readonly number[], always: Always): Promise<EventJson[]> {
    const fromMs = filter.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(filter.from)
    const late = hours.filter((hour) => hour * 1000 + HOUR_MS > fromMs)
    const [inHours, others] = await Promise.all([
      this.#in(late, filter.shared),
      selectSharedAlways(this.#store, filter, late, always),
    ])
    const since = filter.from === undefined ? '' : new Date(fromMs).toISOString().slice(0, -1)
    return [...inHours.filter(({ ts }) => ts >= since), ...others].sort(compareEvents).slice(-MOST_SHARED)
  }

  async #in(hours: readonly number[], shared: readonly string[]): Promise<EventJson[]> {
    const missing = hours.filter((hour) => !this.#kept.has(hour))
    const rows = missing.length === 0 ? [] : await selectSharedIn(this.#store, shared, missing)
    const found = grouped(rows, ({ ts }) => Math.floor(Date.parse(ts) / HOUR_MS) * (HOUR_MS / 1000))
    const wanted = new Map(hours.map((hour) => [hour, this.#kept.get(hour) ?? found.get(hour) ?? []]))
    // Of more events than are read at once, an hour may have only some.
    this.#kept = rows.length < MOST_SHARED ? wanted : new Map()
    return [...wanted.values()].flat()
  }
}
