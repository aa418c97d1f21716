import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { watchFolders } from '../collect/watch.ts'
import { type Config, ruleFolders } from '../config.ts'
import { errorText, OpsError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Knowledge } from './knowledge.ts'

/** Editors write a file in several steps; what changes within this time is one change. */
const SETTLE_MS = 500
const DEPTH = 4

/** Knowledge that follows its files: `now` is what the newest set without a fault says. */
export type LiveKnowledge = { now(): Knowledge; close(): Promise<void> }

export type LiveKnowledgeOptions = {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * Loads the signatures anew whenever a file of theirs changes. A set with a fault is refused with every fault in the log,
 * and the one before stays. Layouts and formats are those of the start.
 */
export function liveKnowledge(first: Knowledge, options: LiveKnowledgeOptions): LiveKnowledge {
  const { config, clock, log, signal } = options
  let current = first
  let settling = false
  const reload = async () => {
    if (settling) return
    settling = true
    await clock.sleep(SETTLE_MS, signal)
    settling = false
    try {
      const next = current.reloaded()
      if (next.rules.version === current.rules.version) return
      current = next
      log.info({ version: next.rules.version, rules: next.rules.rules.length }, 'rules changed')
    } catch (error) {
      const faults = error instanceof OpsError ? error.message.split('\n') : [errorText(error)]
      log.error({ faults }, 'the changed rules have faults; the set before stays')
    }
  }
  const folders = ruleFolders(config).map((folder) => join(folder, 'signatures'))
  const hints = watchFolders(folders, DEPTH, () => void reload())
  return { now: () => current, close: () => hints.close() }
}
