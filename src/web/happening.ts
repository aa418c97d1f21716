import type { Clock } from '../clock.ts'
import type { LiveFeed } from './live-feed.ts'

export type Waiting = {
  readonly feed: LiveFeed
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly ms: number
}

/** Waits until `isThere` holds, for at most `ms`, or until the signal aborts. */
export async function happening(isThere: () => boolean, { feed, clock, signal, ms }: Waiting): Promise<void> {
  const wake = new AbortController()
  const end = () => wake.abort()
  const leave = feed.onWake(end)
  signal.addEventListener('abort', end)
  if (!isThere() && !signal.aborted) await clock.sleep(ms, wake.signal)
  signal.removeEventListener('abort', end)
  leave()
}
