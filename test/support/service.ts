import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Clock, systemClock } from '../../src/clock.ts'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { openCheckpoints } from '../../src/collect/checkpoints.ts'
import { defaultLocations } from '../../src/collect/discover.ts'
import { Follower } from '../../src/collect/follow.ts'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import { runPipeline } from '../../src/pipeline.ts'
import { createBatchNames } from '../../src/store/batch.ts'
import type { Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { Inserter } from '../../src/store/inserter.ts'
import { openJournal } from '../../src/store/journal.ts'
import { tempDir } from './temp-dir.ts'
import { someContext } from './watched-tree.ts'

const RULES = [join(import.meta.dirname, '..', '..', 'rules')]
const LIMITS = { maxRows: 1_040_000, maxBytes: 256 * 1024, maxAgeMs: 50 }

export type ServiceOptions = {
  readonly store: Store
  readonly root: string
  readonly data?: string
  readonly clock?: Clock
  readonly maxPendingBytes?: number
  readonly giveUpMs?: number
}

export type Service = {
  readonly data: string
  readonly inserter: Inserter<Checkpoint>
  /** Why batches were tried again. */
  readonly troubles: string[]
  /** Bytes in the journal now. */
  journalBytes(): number
  /** Ends in good order, or with what made storing impossible. */
  stop(): Promise<void>
}

/** The write path of `serve` in this process, without rules: follows what is below a root and stores it. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { store, root, data = tempDir(), clock = systemClock } = options
  const { maxPendingBytes = 1 << 30, giveUpMs = Number.POSITIVE_INFINITY } = options
  const stop = new AbortController()
  const troubles: string[] = []
  const checkpoints = openCheckpoints(join(data, 'checkpoints'))
  const folder = join(data, 'journal')
  mkdirSync(folder, { recursive: true })
  const journal = openJournal<Checkpoint>(folder)
  const inserter = new Inserter<Checkpoint>({
    ...{ store, journal, clock, signal: stop.signal, maxPendingBytes, giveUpMs },
    commit: (commits) => checkpoints.commit(commits, clock.nowMs()),
    onStored: () => {},
    onTrouble: (reason) => troubles.push(reason),
    refused: join(data, 'refused'),
    onSetAside: () => {},
  })
  await inserter.recover(journal.recover())
  const follower = new Follower({
    context: someContext(checkpoints),
    discover: defaultLocations(loadLayouts(RULES), root),
    ...{ clock: systemClock, signal: stop.signal, scanMs: 200, flushMs: 100, lineFlushMs: 300, maxHot: 256 },
    onNotRead: () => {},
  })
  // Nothing watches the folders here.
  follower.missesHints()
  const formats = loadFormats(RULES)
  const interpret = createInterpreter({ formats, classifier: createClassifier([]) })
  const running = runPipeline({
    collect: (waitMs) => follower.next(waitMs),
    knowledge: () => ({ interpret, rules: { version: 'none' } }),
    ...{
      journal,
      inserter,
      copies: new Copies(),
      names: createBatchNames('test'),
      limits: LIMITS,
      clock: systemClock,
    },
  })
  let isOver = false
  const ended = running.finally(async () => {
    isOver = true
    await follower.close()
    checkpoints.close()
  })
  ended.catch(() => {})
  onTestFinished(async () => {
    stop.abort()
    if (!isOver) await ended.catch(() => {})
  })
  return {
    ...{ data, inserter, troubles },
    journalBytes: () => readdirSync(folder).reduce((sum, name) => sum + sizeOf(join(folder, name)), 0),
    async stop() {
      stop.abort()
      await ended
    },
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
