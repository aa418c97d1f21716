import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { type Config, ruleFolders } from '../config.ts'
import { isSameSet } from '../interpret/all-rules.ts'
import type { Log } from '../log.ts'
import { yamlFilesIn } from '../yaml-file.ts'
import type { Knowledge } from './knowledge.ts'
import { type LiveSet, liveSet } from './live-set.ts'

export type LiveKnowledgeOptions = {
  readonly config: Config
  readonly onChanged?: () => void
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

/** Knowledge that is reloaded when the files of signatures change. Layouts and formats stay those of the start. */
export function liveKnowledge(first: Knowledge, options: LiveKnowledgeOptions): LiveSet<Knowledge> {
  const { config, log, onChanged } = options
  const folders = ruleFolders(config).map((folder) => join(folder, 'signatures'))
  let read = unchangedStamp(folders)
  return liveSet(first, {
    ...options,
    what: 'rules',
    folders,
    load: (before) => {
      const { stamp } = stampOf(folders)
      if (stamp === read) return before
      const next = before.reloaded()
      read = stamp
      return isSameSet(next.rules, before.rules) ? before : next
    },
    onChanged: ({ rules }) => {
      log.info({ version: rules.version, rules: rules.rules.length }, 'rules changed')
      onChanged?.()
    },
  })
}

/** What tells whether the files of signatures are those that were read; undefined if one changed since the program began. */
function unchangedStamp(folders: readonly string[]): string | undefined {
  const { stamp, newestMs } = stampOf(folders)
  return newestMs < performance.timeOrigin - COARSE_MS ? stamp : undefined
}

/** Some file systems tell the time of a change in steps of two seconds. */
const COARSE_MS = 2000

/** All files of signatures with what changes when they do, and the time of the newest change. */
function stampOf(folders: readonly string[]): { stamp: string; newestMs: number } {
  const files = folders.flatMap((folder) => yamlFilesIn(folder, 'deep'))
  const stats = files.map((file) => statSync(file, { throwIfNoEntry: false }))
  return {
    stamp: JSON.stringify(files.map((file, i) => [file, stats[i]?.ino, stats[i]?.size, stats[i]?.ctimeMs])),
    newestMs: Math.max(...stats.map((stat) => stat?.ctimeMs ?? Number.POSITIVE_INFINITY)),
  }
}
