import type { Clock } from '../clock.ts'
import { errorText } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Library } from './answers.ts'
import { evaluateSignatures } from './novelty/evaluate.ts'

/** How often all desktops and signatures are looked at. */
const EVERY_MS = 300_000
/** How often it is looked whether all is read. */
const LOOK_MS = 1000

export type WatchOptions = {
  /** The library as of now. */
  readonly library: () => Library
  /** Stores what several events say together. Signatures use the diagnoses that were made for it. */
  readonly storeCorrelated: () => Promise<void>
  readonly isRead: () => boolean
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: Log
}

/**
 * Stores what several events say together and keeps the states of signatures up to date, until the signal: the former also as
 * soon as all is read. If the store does not answer, it is asked again next time.
 */
export async function watchEvents(options: WatchOptions): Promise<void> {
  const { storeCorrelated, isRead, clock, signal, log } = options
  const startMs = clock.nowMs()
  while (!isRead() && clock.nowMs() - startMs < EVERY_MS && !signal.aborted)
    await clock.sleep(LOOK_MS, signal)
  const correlated = () =>
    trying('what several events say together could not be stored', storeCorrelated, log)
  await correlated()
  // Alerts depend on signatures: they do not wait until all desktops are diagnosed.
  await Promise.all([
    again(correlated, options),
    again(() => trying('new signatures could not be looked for', () => signatures(options), log), options),
  ])
}

async function again(work: () => Promise<void>, { clock, signal }: WatchOptions): Promise<void> {
  for (;;) {
    await clock.sleep(EVERY_MS, signal)
    if (signal.aborted) return
    await work()
  }
}

async function signatures({ library, log }: WatchOptions): Promise<void> {
  for (const { what, signature } of await evaluateSignatures(library()))
    log.info({ what, id: signature.id, title: signature.title }, 'a signature')
}

async function trying(trouble: string, work: () => Promise<void>, log: Log): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.warn({ reason: errorText(error) }, trouble)
  }
}
