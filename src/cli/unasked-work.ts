import { errorText } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Library } from '../triage/answers.ts'
import { watchSignatures } from '../triage/novelty/watch.ts'
import { askOverview, OVERVIEW } from '../triage/overview.ts'
import type { Io } from './io.ts'

/** What `serve` computes before anybody asks for it. */

/** Keeps the states of signatures up to date in the background; returns a function that stops it. */
export function startSignatureWatch(
  library: () => Library,
  { clock, signal }: Pick<Io, 'clock' | 'signal'>,
  log: Log,
): () => Promise<void> {
  const stop = new AbortController()
  const watching = watchSignatures({
    ...{ library, clock, log },
    signal: AbortSignal.any([signal, stop.signal]),
  })
  return async () => {
    stop.abort()
    await watching
  }
}

/**
 * Starts to diagnose the desktops of the last day, so that the first overview finds most of them done. Returns a function
 * that waits for the start; the rest continues in the background until the cache is closed.
 */
export function startFirstDiagnoses(library: Library, log: Log): () => Promise<void> {
  const started = askOverview(OVERVIEW.parse({}), library).then(
    () => {},
    (error: unknown) => log.debug({ reason: errorText(error) }, 'desktops could not be diagnosed ahead'),
  )
  return () => started
}
