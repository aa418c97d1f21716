import type { Clock } from '../clock.ts'
import type { Store } from '../store/client.ts'
import { selectRowCounts, selectTableSizes, type TableSize } from '../store/facts-query.ts'
import { selectLossReasons } from '../store/ledger-query.ts'

/** How much is stored, and what is not. */
export type StoreLevel = {
  readonly rows: { readonly lines: number; readonly events: number }
  readonly size: { readonly kind: Store['kind']; readonly tables: readonly TableSize[] }
  readonly losses: Readonly<Record<string, number>>
}

/** What was asked so long ago at most counts as now. */
const FRESH_MS = 3000
/** A store that does not answer in this time is told of as it was last. */
const WAIT_MS = 2000

/** Reads how much is stored, seldom: status and metrics never wait long for a store that is away. */
export class StoreGauge {
  readonly #store: Store
  readonly #clock: Clock
  #level: StoreLevel | undefined
  #readAt = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined

  constructor({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
    this.#store = store
    this.#clock = clock
  }

  /** As it was a moment ago; undefined while the store does not answer. */
  async now(): Promise<StoreLevel | undefined> {
    if (this.#clock.nowMs() - this.#readAt < FRESH_MS) return this.#level
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    const wait = new AbortController()
    await Promise.race([this.#reading, this.#clock.sleep(WAIT_MS, wait.signal)])
    wait.abort()
    return this.#level
  }

  async #read(): Promise<void> {
    try {
      const [rows, tables, reasons] = await Promise.all([
        selectRowCounts(this.#store),
        selectTableSizes(this.#store),
        selectLossReasons(this.#store, {}),
      ])
      const losses = Object.fromEntries(reasons.map(({ reason, count }) => [reason, count]))
      this.#level = { rows, size: { kind: this.#store.kind, tables }, losses }
    } catch {
      this.#level = undefined
    }
    this.#readAt = this.#clock.nowMs()
  }
}
