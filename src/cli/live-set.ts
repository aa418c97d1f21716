import type { Clock } from '../clock.ts'
import { watchFolders } from '../collect/watch.ts'
import { errorText, OpsError } from '../errors.ts'
import type { Log } from '../log.ts'

/** Editors write a file in several steps; what changes within this time is one change. */
const SETTLE_MS = 500
const DEPTH = 4

/** What files say, as they are changed: `now` is what the newest ones without a fault say. */
export type LiveSet<T> = {
  now(): T
  /** Why the files as they are now are refused, a line each; none where they are what counts. */
  faults(): readonly string[]
  /** Looks whether they say something else. */
  changed(): void
  close(): Promise<void>
}

export type LiveSetOptions<T> = {
  /** What it is called in the log: `rules`. */
  readonly what: string
  readonly folders: readonly string[]
  /** Reads the files; throws if they have a fault. Gives the set before where they say the same. */
  readonly load: (before: T) => T
  readonly onChanged: (now: T) => void
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/** Reads files anew whenever one of them changes. A set with a fault is refused with every fault in the log, and the one before stays. */
export function liveSet<T>(first: T, options: LiveSetOptions<T>): LiveSet<T> {
  const { what, folders, load, onChanged, clock, log, signal } = options
  let current = first
  let faults: readonly string[] = []
  let settling = false
  const reload = async () => {
    if (settling) return
    settling = true
    await clock.sleep(SETTLE_MS, signal)
    settling = false
    try {
      const next = load(current)
      faults = []
      if (next === current) return
      current = next
      onChanged(next)
    } catch (error) {
      const found = error instanceof OpsError ? error.message.split('\n') : [errorText(error)]
      // What has not changed since is not told again.
      if (found.join('\n') === faults.join('\n')) return
      faults = found
      log.error({ faults }, `the changed ${what} have faults; the set before stays`)
    }
  }
  const hints = watchFolders(folders, DEPTH, () => void reload())
  return {
    now: () => current,
    faults: () => faults,
    changed: () => void reload(),
    close: () => hints.close(),
  }
}
