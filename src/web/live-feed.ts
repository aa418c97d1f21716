/** A batch that the store has taken. */
export type StoredBatch = { readonly batch: string; readonly lines: number }

/** So many of the last batches are remembered; who has seen none of them begins anew. */
const REMEMBERED = 1000

/**
 * The names of what was stored, in the order in which it was. The write path only adds a name; who listens asks the store
 * for the lines, so that nothing costs it anything while nobody does.
 */
export class LiveFeed {
  readonly #batches: StoredBatch[] = []
  #first = 0
  readonly #wakes = new Set<() => void>()

  /** Number of the next batch. */
  get end(): number {
    return this.#first + this.#batches.length
  }

  /** Number of the oldest batch that is remembered. */
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

  /** Calls back at each happening, until the returned function is called. */
  onWake(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => this.#wakes.delete(wake)
  }

  /** Tells everybody who listens that there is something new. */
  wake(): void {
    for (const wake of [...this.#wakes]) wake()
  }
}
