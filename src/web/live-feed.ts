/** A batch that the store has accepted. */
export type StoredBatch = { readonly batch: string; readonly lines: number }

/** This many of the last batches are remembered; a listener that has seen none of them starts anew. */
const REMEMBERED = 1000

/**
 * The names of stored batches, in order. The write path only adds a name; listeners ask the store for the lines, so that the
 * feed costs nothing while nobody listens.
 */
export class LiveFeed {
  readonly #batches: StoredBatch[] = []
  #first = 0
  readonly #wakes = new Set<() => void>()

  /** The number of the next batch. */
  get end(): number {
    return this.#first + this.#batches.length
  }

  /** The number of the oldest batch that is remembered. */
  get begin(): number {
    return this.#first
  }

  note(batch: StoredBatch): void {
    this.#batches.push(batch)
    if (this.#batches.length > REMEMBERED) {
      this.#batches.shift()
      this.#first++
    }
    this.wake()
  }

  at(number: number): StoredBatch | undefined {
    return this.#batches[number - this.#first]
  }

  /** The number of a batch by its name; undefined if it is not remembered. */
  numberOf(name: string): number | undefined {
    const index = this.#batches.findLastIndex(({ batch }) => batch === name)
    return index < 0 ? undefined : this.#first + index
  }

  /** Calls back whenever something is new, until the returned function is called. */
  onWake(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => this.#wakes.delete(wake)
  }

  /** Tells all listeners that something is new. */
  wake(): void {
    for (const wake of [...this.#wakes]) wake()
  }
}
