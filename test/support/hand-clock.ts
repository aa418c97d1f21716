import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../src/clock.ts'

type Sleeper = { readonly dueMs: number; readonly wake: () => void }

/** A clock that a test turns by hand: whoever sleeps on it wakes when its time has come, in order. */
export class HandClock implements Clock {
  readonly #sleepers = new Set<Sleeper>()
  #nowMs: number

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  readonly nowMs = (): number => this.#nowMs

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const wake = () => {
        this.#sleepers.delete(sleeper)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const sleeper = { dueMs: this.#nowMs + ms, wake }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', wake)
    })

  /** Goes on by so much; whoever wakes has done what it does without waiting before the next one wakes. */
  async goOn(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    await setImmediate()
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#nowMs = next.dueMs
      next.wake()
      await setImmediate()
    }
    this.#nowMs = endMs
  }

  #next(endMs: number): Sleeper | undefined {
    const due = [...this.#sleepers].filter(({ dueMs }) => dueMs <= endMs)
    return due.toSorted((a, b) => a.dueMs - b.dueMs)[0]
  }
}
