// Faults on demand. Each is armed for a number of statements and used up by them, first armed first.
import { cancelled, DbError } from './front-errors.mjs'

/** @typedef {'error' | 'hang' | 'cut-before' | 'cut-after'} FaultKind */
/** @typedef {'inserts' | 'all'} Scope */
/** @typedef {{ kind: FaultKind, left: number, scope: Scope, error?: DbError }} Fault */

export function createFaults() {
  /** @type {Fault[]} */
  let armed = []
  /** @type {Set<() => void>} */
  const held = new Set()
  /** @type {number | undefined} */
  let refusal
  let delayMs = 0
  const counters = { inserts: 0, queries: 0, faults: 0 }

  return {
    counters,
    /** The HTTP status every request gets now, if it is refused. */
    refusal: () => refusal,
    delayMs: () => delayMs,

    /** @param {number} status */
    refuse(status) {
      refusal = status
    },

    /** @param {number} ms */
    slow(ms) {
      delayMs = ms
    },

    /** @param {Fault} fault */
    arm(fault) {
      armed.push(fault)
    },

    /** Ends every fault; what hangs goes on from where it stands. */
    heal() {
      armed = []
      refusal = undefined
      delayMs = 0
      for (const release of held) release()
    },

    /**
     * The fault this request meets, if any.
     * @param {boolean} insert
     */
    take(insert) {
      const fault = armed.find(({ scope }) => insert || scope === 'all')
      if (!fault) return undefined
      fault.left -= 1
      counters.faults += 1
      if (fault.left <= 0) armed = armed.filter((other) => other !== fault)
      return fault
    },

    /**
     * Waits for `heal`; ended early by a kill.
     * @param {AbortSignal} signal
     * @returns {Promise<void>}
     */
    hold(signal) {
      return new Promise((resolve, reject) => {
        const release = () => {
          held.delete(release)
          resolve()
        }
        held.add(release)
        const kill = () => {
          held.delete(release)
          reject(cancelled())
        }
        if (signal.aborted) kill()
        else signal.addEventListener('abort', kill, { once: true })
      })
    },
  }
}
