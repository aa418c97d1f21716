import type { KnownFiles } from '../collect/known-files.ts'
import type { LayoutSet } from '../collect/layout.ts'
import { loadLayouts } from '../collect/load-layouts.ts'
import type { FeedContext } from '../collect/open-feed.ts'
import { createWorkspace } from '../collect/workspace.ts'
import { type Config, ruleFolders, zoneOf } from '../config.ts'
import type { Format } from '../interpret/format.ts'
import { loadFormats } from '../interpret/load-formats.ts'
import type { Framing } from '../model.ts'

/** What is needed to find logs and to cut them into records. */
export type ReadingKnowledge = {
  readonly layouts: LayoutSet
  readonly formats: ReadonlyMap<string, Format>
  readonly context: (known: KnownFiles, signal: AbortSignal) => FeedContext
}

const WORKSPACE_BYTES = 2 * 1024 * 1024
const PLAIN: Framing = { startsRecord: () => false, strays: 'own', blocks: [] }

/** Loads layouts and formats; every fault is an error before any work starts. */
export function loadReading(config: Config): ReadingKnowledge {
  const folders = ruleFolders(config)
  const layouts = loadLayouts(folders)
  const formats = loadFormats(folders)
  const limits = { maxRecordBytes: config.maxRecordBytes }
  const workspace = createWorkspace(WORKSPACE_BYTES)
  const framingOf = (format: string): Framing => formats.get(format)?.framing ?? PLAIN
  return {
    layouts,
    formats,
    context: (known, signal) => ({
      ...{ known, signal, framingOf, limits, workspace },
      hostOf: (format, line) => formats.get(format)?.hostOf?.(line()),
      zoneOf: (source) => zoneOf(config, source),
    }),
  }
}
