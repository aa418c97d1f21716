import type { Sighted } from './discover.ts'

/** A file that waits to be opened, and since when. */
type Waiting = { readonly sighted: Sighted; readonly sinceMs: number }

/** Files that were seen and wait for others to be read to their ends, by path, the first first. */
export class WaitingFiles {
  readonly #files = new Map<string, Waiting>()
  /** Where opening goes on: beginning anew each time would pass over all that was removed, again and again. */
  #turn = this.#files.values()

  get size(): number {
    return this.#files.size
  }

  /** A file that waits already goes on waiting since then. */
  add(sighted: Sighted, nowMs: number): void {
    const sinceMs = this.#files.get(sighted.path)?.sinceMs ?? nowMs
    this.#files.set(sighted.path, { sighted, sinceMs })
  }

  remove(path: string): void {
    this.#files.delete(path)
  }

  /** Takes the next file out; undefined if none waits. */
  take(): Sighted | undefined {
    while (this.#files.size > 0) {
      const next = this.#turn.next()
      if (next.done !== true) {
        this.#files.delete(next.value.sighted.path)
        return next.value.sighted
      }
      this.#turn = this.#files.values()
    }
    return undefined
  }

  [Symbol.iterator](): Iterator<Waiting> {
    return this.#files.values()
  }
}
