import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { type Config, ruleFolders } from '../config.ts'
import { isSameSet } from '../interpret/all-rules.ts'
import type { Log } from '../log.ts'
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
  return liveSet(first, {
    ...options,
    what: 'rules',
    folders: ruleFolders(config).map((folder) => join(folder, 'signatures')),
    load: (before) => {
      const next = before.reloaded()
      return isSameSet(next.rules, before.rules) ? before : next
    },
    onChanged: ({ rules }) => {
      log.info({ version: rules.version, rules: rules.rules.length }, 'rules changed')
      onChanged?.()
    },
  })
}
