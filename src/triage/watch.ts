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
 * Stores what several events say together, as soon as all is read, and keeps the states of signatures up to date, until the
 * signal. If the store does not answer, it is asked again next time. Alerts depend on signatures: they do not wait until all is
 * read and all desktops are diagnosed.
 */
export async function watchEvents(options: WatchOptions): Promise<void> {
  const { storeCorrelated, clock, signal, log } = options
  await Promise.all([
    regularly(
      () => trying('what several events say together could not be stored', storeCorrelated, log),
      untilRead(options),
      options,
    ),
    regularly(
      () => trying('new signatures could not be looked for', () => signatures(options), log),
      clock.sleep(EVERY_MS, signal),
      options,
    ),
  ])
}

/** Waits until all is read, but no longer than until the next look. */
async function untilRead({ isRead, clock, signal }: WatchOptions): Promise<void> {
  const startMs = clock.nowMs()
  while (!isRead() && clock.nowMs() - startMs < EVERY_MS && !signal.aborted)
    await clock.sleep(LOOK_MS, signal)
}

async function regularly(
  work: () => Promise<void>,
  first: Promise<void>,
  { clock, signal }: WatchOptions,
): Promise<void> {
  for (await first; !signal.aborted; await clock.sleep(EVERY_MS, signal)) await work()
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
