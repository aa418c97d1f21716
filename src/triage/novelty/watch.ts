import type { Clock } from '../../clock.ts'
import { errorText } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Library } from '../answers.ts'
import { evaluateSignatures } from './evaluate.ts'

/** How often changes of signatures are written down; alerts depend on it. */
const EVERY_MS = 300_000

export type WatchOptions = {
  /** The library as of now. */
  readonly library: () => Library
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: Log
}

/** Keeps the states of signatures up to date until the signal. If the store does not answer, it is asked again next time. */
export async function watchSignatures({ library, clock, signal, log }: WatchOptions): Promise<void> {
  for (;;) {
    await clock.sleep(EVERY_MS, signal)
    if (signal.aborted) return
    try {
      for (const { what, signature } of await evaluateSignatures(library()))
        log.info({ what, id: signature.id, title: signature.title }, 'a signature')
    } catch (error) {
      log.warn({ reason: errorText(error) }, 'new signatures could not be looked for')
    }
  }
}
