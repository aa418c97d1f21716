import { setImmediate } from 'node:timers/promises'
import { vi } from 'vitest'
import type { Clock } from '../../src/clock.ts'

/** No step is longer, so that what waits for a timer gets its turn at about its time. */
const STEP_MS = 250

/**
 * A clock that goes forward only while somebody sleeps on it, and takes the timers of the process with it. The disk stays
 * real: each step waits until no call to it is under way, so that a run takes no time and the same steps give the same run.
 */
export class VirtualTime implements Clock {
  #nowMs = Date.UTC(2026, 2, 4)

  /** From now on timers wait for this clock; undone by `end`. */
  begin(): void {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  }

  end(): void {
    vi.useRealTimers()
  }

  readonly nowMs = (): number => this.#nowMs

  /** The clock is set, without anything having had its turn. */
  set(nowMs: number): void {
    this.#nowMs = nowMs
  }

  readonly sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    let left = ms
    await diskIsQuiet()
    while (left > 0 && signal?.aborted !== true) {
      const step = Math.min(STEP_MS, left)
      left -= step
      this.#nowMs += step
      vi.advanceTimersByTime(step)
      await diskIsQuiet()
    }
  }
}

/** Resolves when no call to the file system is under way, and what waited for one has had its turn. */
async function diskIsQuiet(): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    await setImmediate()
    const isBusy = process
      .getActiveResourcesInfo()
      .some((kind) => kind.startsWith('FSReq') || /close/i.test(kind))
    quiet = isBusy ? 0 : quiet + 1
  }
}
