import type { Clock } from '../../clock.ts'

/** After each portion the background rests this many times as long as it worked, so that questions have most of the machine. */
const RESTS = 3

/** How work in the background goes on: it ends when it is stopped, and rests between its portions. */
export type Pace = {
  readonly isStopped: () => boolean
  /** Waits in proportion to the time that a portion took, ms. */
  readonly rest: (workedMs: number) => Promise<void>
}

/** The pace of work that ends with a signal. */
export function paceOf(clock: Clock, signal: AbortSignal): Pace {
  return {
    isStopped: () => signal.aborted,
    rest: (workedMs) => clock.sleep(workedMs * RESTS, signal),
  }
}

/** Work that no question waits for, one piece of it at a time. */
export class Background {
  readonly #clock: Clock
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Starts a piece of work unless another one is going on. Its errors are dropped: the next question starts it again. */
  start(work: (pace: Pace) => Promise<void>): void {
    const { signal } = this.#stop
    if (this.#running !== undefined || signal.aborted) return
    this.#running = work(paceOf(this.#clock, signal))
      .catch(() => {})
      .finally(() => {
        this.#running = undefined
      })
  }

  /** Stops after the portion that is being worked on. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }
}
