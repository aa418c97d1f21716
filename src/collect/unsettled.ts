import type { Sighted } from './discover.ts'

/** Files whose first line is incomplete, each with the time at which to look again. */
export class Unsettled {
  readonly #files = new Map<string, { readonly sighted: Sighted; readonly atMs: number }>()
  #nextMs = Number.POSITIVE_INFINITY

  /** When the first of them is due, ms since the epoch; infinity if there is none. */
  get nextMs(): number {
    return this.#nextMs
  }

  add(sighted: Sighted, atMs: number): void {
    const before = this.#files.get(sighted.path)?.atMs ?? atMs
    this.#files.set(sighted.path, { sighted, atMs: Math.min(before, atMs) })
    this.#nextMs = Math.min(this.#nextMs, atMs)
  }

  /** Removes and returns those that are due. */
  due(nowMs: number): Sighted[] {
    if (nowMs < this.#nextMs) return []
    const due: Sighted[] = []
    this.#nextMs = Number.POSITIVE_INFINITY
    for (const [path, { sighted, atMs }] of this.#files) {
      if (atMs > nowMs) this.#nextMs = Math.min(this.#nextMs, atMs)
      else {
        due.push(sighted)
        this.#files.delete(path)
      }
    }
    return due
  }
}
