import type { Clock } from '../clock.ts'

/** So many wrong passwords may come from one address within the time; then none of its passwords is checked until it is over. */
const MOST_WRONG = 10
const WITHIN_MS = 60_000
/** More addresses are not remembered, so that memory stays flat whoever guesses. */
const MOST_ADDRESSES = 1000

type Tries = { readonly count: number; readonly endMs: number }

/** Counts wrong passwords by the address that they come from: guessing is slow, and checking guesses keeps nothing else waiting. */
export class WrongTries {
  readonly #clock: Pick<Clock, 'nowMs'>
  readonly #byAddress = new Map<string, Tries>()

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock
  }

  /** Has this address used up its tries for now? */
  areTooMany(address: string): boolean {
    return this.#of(address).count >= MOST_WRONG
  }

  /** Counts a wrong one; returns whether it was the last that is checked for now. */
  note(address: string): boolean {
    const { count, endMs } = this.#of(address)
    if (this.#byAddress.size >= MOST_ADDRESSES) this.#byAddress.clear()
    this.#byAddress.set(address, { count: count + 1, endMs })
    return count + 1 === MOST_WRONG
  }

  #of(address: string): Tries {
    const nowMs = this.#clock.nowMs()
    const known = this.#byAddress.get(address)
    return known === undefined || known.endMs <= nowMs ? { count: 0, endMs: nowMs + WITHIN_MS } : known
  }
}
