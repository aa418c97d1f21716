import { BatchDelivery, type DeliveryOptions, type StoringState } from './batch-delivery.ts'
import type { JournalEntry } from './journal.ts'

export type InserterOptions<Commit> = DeliveryOptions<Commit> & {
  /** Journalled bytes that may wait for the store; above this, `submit` waits, and so does all reading. */
  readonly maxPendingBytes: number
}

/** Stores journalled batches in order, one at a time, and retries as long as necessary. */
export class Inserter<Commit> {
  readonly #options: InserterOptions<Commit>
  readonly #delivery: BatchDelivery<Commit>
  readonly #queue: { readonly entry: JournalEntry<Commit>; readonly sinceMs: number }[] = []
  #pendingBytes = 0
  #gatheringSinceMs: number | undefined
  #worker: Promise<void> | undefined
  #failure: unknown
  #waiters: (() => void)[] = []

  constructor(options: InserterOptions<Commit>) {
    this.#options = options
    this.#delivery = new BatchDelivery(options)
  }

  /** Settles what an earlier run left in the journal; nothing may be read before. */
  async recover(entries: readonly JournalEntry<Commit>[]): Promise<void> {
    for (const entry of entries) await this.#delivery.deliver(entry, 'maybe sent')
  }

  /** A batch is being gathered whose first rows arrived at `nowMs`. */
  gathers(nowMs: number): void {
    this.#gatheringSinceMs = nowMs
  }

  /** Hands over the batch that was gathered, as `hand` does. */
  async submit(entry: JournalEntry<Commit>): Promise<void> {
    const sinceMs = this.#gatheringSinceMs
    this.#gatheringSinceMs = undefined
    await this.hand(entry, sinceMs)
  }

  /**
   * Hands over a batch beside the one that is being gathered; waits while the journal is full. Throws the error that made
   * storing impossible. `sinceMs`: when its first rows arrived.
   */
  async hand(entry: JournalEntry<Commit>, sinceMs: number | undefined = undefined): Promise<void> {
    // After a failure it is unknown whether the first batch is stored; only a new start settles that.
    this.#checkFailure()
    this.#queue.push({ entry, sinceMs: sinceMs ?? this.#options.clock.nowMs() })
    this.#pendingBytes += entry.bytes
    this.#worker ??= this.#work()
    while (this.#pendingBytes > this.#options.maxPendingBytes && this.#failure === undefined) {
      await this.#woken()
    }
    this.#checkFailure()
  }

  get state(): StoringState {
    return this.#delivery.state
  }

  get pendingBytes(): number {
    return this.#pendingBytes + this.#delivery.heldBytes
  }

  /** When the oldest batch that is not stored was begun, ms; undefined if there is none. */
  get waitingSinceMs(): number | undefined {
    return this.#delivery.heldSinceMs ?? this.#queue[0]?.sinceMs ?? this.#gatheringSinceMs
  }

  /** Waits until every batch handed over so far is stored; later ones may follow meanwhile. */
  async settled(): Promise<void> {
    const last = this.#queue.at(-1)
    while (last !== undefined && this.#queue.includes(last) && this.#failure === undefined) {
      await this.#woken()
    }
    this.#checkFailure()
    this.#delivery.checkHeld()
  }

  /** Waits until everything handed over is stored and committed. */
  async drain(): Promise<void> {
    while (this.#worker !== undefined) await this.#worker
    this.#checkFailure()
    // No more batches will come to show whether the rows or the store are at fault.
    await this.#delivery.retryHeld()
    this.#delivery.checkHeld()
  }

  #checkFailure(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  async #work(): Promise<void> {
    try {
      for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
        const { entry } = first
        await this.#delivery.deliver(entry, 'never sent')
        this.#queue.shift()
        this.#pendingBytes -= entry.bytes
        this.#wake()
      }
    } catch (error) {
      this.#failure = error
    }
    this.#worker = undefined
    this.#wake()
  }

  /** Waits until a batch is stored, or storing has failed. */
  #woken(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve()
  }
}
