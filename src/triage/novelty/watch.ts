import type { Clock } from '../../clock.ts'
import { errorText } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Library } from '../answers.ts'
import { evaluateSignatures } from './evaluate.ts'
import { type Notice, noticesOf } from './notices.ts'

/** Something new is told within this time. */
const EVERY_MS = 300_000

export type WatchOptions = {
  /** What is known as of now. */
  readonly library: () => Library
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: Log
  readonly deliver: (notices: readonly Notice[]) => void
}

/** Looks for new signatures again and again until the signal; a store that does not answer is asked next time. */
export async function watchSignatures({ library, clock, signal, log, deliver }: WatchOptions): Promise<void> {
  for (;;) {
    await clock.sleep(EVERY_MS, signal)
    if (signal.aborted) return
    try {
      const notices = noticesOf(await evaluateSignatures(library()))
      if (notices.length > 0) deliver(notices)
    } catch (error) {
      log.warn({ reason: errorText(error) }, 'new signatures could not be looked for')
    }
  }
}
