import type { Followers } from '../collect/followers.ts'
import type { Config } from '../config.ts'
import { errorText } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Library } from '../triage/answers.ts'
import { storingCorrelated } from '../triage/correlated/storing.ts'
import { askOverview, OVERVIEW } from '../triage/overview.ts'
import type { DiagnosisCache } from '../triage/sessions/diagnosis-cache.ts'
import { watchEvents } from '../triage/watch.ts'
import { heldUp } from './held-up.ts'
import type { Io } from './io.ts'
import type { WritePath } from './write-path.ts'

/** What `serve` computes before anybody asks for it. */

type Watching = {
  readonly followers: Followers
  readonly diagnosisCache: DiagnosisCache
  readonly config: Pick<Config, 'flushMs' | 'lineFlushMs' | 'batchMs'>
  readonly io: Pick<Io, 'clock' | 'signal'>
  readonly log: Log
}

/**
 * Stores what several events say together, and keeps the states of signatures up to date, in the background; returns a function
 * that stops it.
 */
export function startEventWatch(
  library: () => Library,
  { store, stages, checkpoints }: WritePath,
  { followers, diagnosisCache, config, io: { clock, signal: stopped }, log }: Watching,
): () => Promise<void> {
  const { inserter } = stages
  const stop = new AbortController()
  const signal = AbortSignal.any([stopped, stop.signal])
  const isRead = () => heldUp(followers.open, inserter.waitingSinceMs, clock.nowMs()).length === 0
  const storeCorrelated = storingCorrelated({
    ...{ library, diagnosisCache, isRead, clock, signal, log },
    isReadHere: (fileId) => checkpoints.generationOf(fileId) !== undefined,
    writing: { ...stages, store, stored: () => inserter.settled() },
    arrivalMs: config.flushMs + config.lineFlushMs + config.batchMs,
  })
  const watching = watchEvents({ library, storeCorrelated, isRead, clock, signal, log })
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
