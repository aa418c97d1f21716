import type { Clock } from '../clock.ts'
import type { Store } from '../store/client.ts'
import { selectRowCounts, selectTableSizes, type TableSize } from '../store/facts-query.ts'
import { selectLossReasons } from '../store/ledger-query.ts'

/** How much is stored, and what is missing. */
export type StoreLevel = {
  readonly rows: { readonly lines: number; readonly events: number }
  readonly size: { readonly kind: Store['kind']; readonly tables: readonly TableSize[] }
  readonly losses: Readonly<Record<string, number>>
}

/** An answer this recent counts as current. */
const FRESH_MS = 3000
/** If the store does not answer within this time, its last level is reported. */
const WAIT_MS = 2000

/** Asks rarely how much is stored, so that status and metrics never wait long for a store that is away. */
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

  /** The level a moment ago; undefined while the store does not answer. */
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
