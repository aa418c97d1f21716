import { ApiError, askAddress } from './api.ts'
import { after, nowMs } from './clock.ts'

/** The result of a try. */
export type Outcome =
  | { readonly kind: 'answer'; readonly data: unknown; readonly atMs: number }
  | { readonly kind: 'fault'; readonly error: ApiError }

export type Poll = { again(): void; stop(): void }

const RETRY_MS = 2000

/**
 * Asks an address now and every `everyMs` (0: once) while the page is visible; after a temporary failure it tries again
 * soon. Calls back with the result of each try.
 */
export function startPoll(address: string, everyMs: number, tell: (outcome: Outcome) => void): Poll {
  let stop = new AbortController()
  let callOff = () => {}

  const round = async () => {
    const { signal } = stop
    try {
      const data = await askAddress<unknown>(address, signal)
      if (signal.aborted) return
      tell({ kind: 'answer', data, atMs: nowMs() })
      if (everyMs > 0) callOff = after(everyMs, whenSeen)
    } catch (cause) {
      if (signal.aborted) return
      const error = cause instanceof ApiError ? cause : new ApiError(0, { detail: String(cause) })
      tell({ kind: 'fault', error })
      if (isPassing(error)) callOff = after(RETRY_MS, whenSeen)
    }
  }
  const whenSeen = () => {
    if (!document.hidden) void round()
    else
      document.addEventListener('visibilitychange', () => void round(), { once: true, signal: stop.signal })
  }
  const end = () => {
    stop.abort()
    callOff()
  }
  void round()
  return {
    again() {
      end()
      stop = new AbortController()
      void round()
    },
    stop: end,
  }
}

/** Is it a temporary failure? */
function isPassing({ status }: ApiError): boolean {
  return status === 0 || status === 429 || status >= 500
}
