import type { Clock } from '../clock.ts'
import { watchFolders } from '../collect/watch.ts'
import { errorText, OpsError } from '../errors.ts'
import type { Log } from '../log.ts'

/** Editors write a file in several steps; changes within this time count as one. */
const SETTLE_MS = 500
const DEPTH = 4

/** The content of files that may change while it is used: `now` gives the newest content that had no fault. */
export type LiveSet<T> = {
  now(): T
  /** Why the current files are refused, one line each; empty if they are in force. */
  faults(): readonly string[]
  /** Checks whether the content has changed. */
  changed(): void
  close(): Promise<void>
}

export type LiveSetOptions<T> = {
  /** The name of the set in the log, such as `rules`. */
  readonly what: string
  readonly folders: readonly string[]
  /** Reads the files; throws if they have a fault. Returns `before` itself if nothing has changed. */
  readonly load: (before: T) => T
  readonly onChanged: (now: T) => void
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * Reloads files when one of them changes. If the new files have a fault, all faults are logged and the previous content
 * stays in force; the end of the faults is logged, too.
 */
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
      if (faults.length > 0) log.info(`the ${what} have no faults any more`)
      faults = []
      if (next === current) return
      current = next
      onChanged(next)
    } catch (error) {
      const found = error instanceof OpsError ? error.message.split('\n') : [errorText(error)]
      // Faults that were already logged are not logged again.
      if (found.join('\n') === faults.join('\n')) return
      faults = found
      log.error({ faults }, `the changed ${what} have faults; the set before stays`)
    }
  }
  const hints = watchFolders(folders, DEPTH, {
    onChange: () => void reload(),
    onTrouble: (code) => log.warn({ code }, `changes of the ${what} are not noticed: restart after one`),
  })
  return {
    now: () => current,
    faults: () => faults,
    changed: () => void reload(),
    close: () => hints.close(),
  }
}
