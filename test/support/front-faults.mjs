// Faults on demand. Each is armed for a number of statements and used up by them, first armed first.
import { cancelled, DbError } from './front-errors.mjs'

/** @typedef {'error' | 'hang' | 'cut-before' | 'cut-after'} FaultKind */
/** @typedef {'inserts' | 'all'} Scope */
/** @typedef {{ kind: FaultKind, left: number, scope: Scope, error?: DbError }} Fault */
/** @typedef {Fault & { isHealed(): boolean }} MetFault */

export function createFaults() {
  /** @type {Fault[]} */
  let armed = []
  /** @type {Set<() => void>} */
  const held = new Set()
  /** @type {number | undefined} */
  let refusal
  let delayMs = 0
  let heals = 0
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
      heals += 1
      for (const release of held) release()
    },

    /**
     * The fault this request meets, if any.
     * @param {boolean} insert
     * @returns {MetFault | undefined}
     */
    take(insert) {
      const fault = armed.find(({ scope }) => insert || scope === 'all')
      if (!fault) return undefined
      fault.left -= 1
      counters.faults += 1
      if (fault.left <= 0) armed = armed.filter((other) => other !== fault)
      const before = heals
      return { ...fault, isHealed: () => heals !== before }
    },

    /**
     * Waits for `heal`, also if that came since the fault was met; ended early by a kill.
     * @param {MetFault} fault
     * @param {AbortSignal} signal
     * @returns {Promise<void>}
     */
    async hold(fault, signal) {
      if (fault.isHealed()) return
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
