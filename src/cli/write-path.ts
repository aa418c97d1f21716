import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Checkpoint } from '../collect/checkpoint.ts'
import { type Checkpoints, openCheckpoints } from '../collect/checkpoints.ts'
import type { Config } from '../config.ts'
import { type DataDir, dataDir, type Lock, lockDataDir } from '../data-dir.ts'
import { createLog, type Log } from '../log.ts'
import type { Stages } from '../pipeline.ts'
import { BATCH_LIMITS, createBatchNames } from '../store/batch.ts'
import type { OpenStore } from '../store/client.ts'
import { Copies } from '../store/copies.ts'
import { Inserter } from '../store/inserter.ts'
import { type Journal, openJournal } from '../store/journal.ts'
import { migrate } from '../store/migrate.ts'
import type { Io } from './io.ts'
import type { Knowledge } from './knowledge.ts'
import { openStore } from './open-store.ts'
import { openTemplateModel, type TemplateModel } from './template-model.ts'

/** Everything of the write path except collecting: what `serve` and `ingest` share. */
export type WritePath = {
  readonly dir: DataDir
  readonly store: OpenStore
  readonly checkpoints: Checkpoints
  readonly stages: Omit<Stages, 'collect'>
  close(): Promise<void>
}

export type WritePathOptions = {
  readonly config: Config
  readonly knowledge: () => Knowledge
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  readonly giveUpMs: number
  readonly maxAgeMs: number
  readonly onStored: (batch: { readonly batch: string; readonly lines: number }) => void
}

/** A command gives up if the store is away for this long; what was read waits in the journal. */
const GIVE_UP_MS = 30_000

/** Opens the write path for a command that ends by itself, as `openWritePath` does; on a terminal it logs only errors. */
export function openCommandWritePath(
  config: Config,
  knowledge: Knowledge,
  io: Io,
  { maxAgeMs, onStored }: Pick<WritePathOptions, 'maxAgeMs' | 'onStored'>,
): Promise<WritePath> {
  return openWritePath({
    config,
    knowledge: () => knowledge,
    clock: io.clock,
    log: createLog(io.errIsTerminal ? 'error' : config.logLevel),
    signal: io.signal,
    giveUpMs: GIVE_UP_MS,
    maxAgeMs,
    onStored,
  })
}

/** Takes the data directory, opens the store, and settles what an earlier run left. Nothing may be read before it resolves. */
export async function openWritePath(options: WritePathOptions): Promise<WritePath> {
  const { config } = options
  const dir = dataDir(config.data)
  const lock = lockDataDir(dir)
  let store: OpenStore | undefined
  try {
    const { clock, log, signal } = options
    store = await openStore(config, dir, { clock, signal, tell: (text) => log.warn(text) })
    await migrate(store)
    return await assemble(options, dir, lock, store)
  } catch (error) {
    await store?.close()
    lock.release()
    throw error
  }
}

async function assemble(
  options: WritePathOptions,
  dir: DataDir,
  lock: Lock,
  store: OpenStore,
): Promise<WritePath> {
  const { knowledge, clock, log, maxAgeMs } = options
  const checkpoints = openCheckpoints(dir.checkpoints)
  const templates = openTemplateModel(dir, knowledge().templates, log)
  const journal = openJournal<Checkpoint>(dir.journal)
  const inserter = inserterOf(options, dir, { store, journal, checkpoints, templates })
  const left = journal.recover()
  if (left.length > 0) log.info({ batches: left.length }, 'settling batches of an earlier run')
  await inserter.recover(left)
  const copies = new Copies()
  await copies.restore(store)
  const names = createBatchNames(randomBytes(3).toString('hex'))
  const limits = { ...BATCH_LIMITS, maxAgeMs }
  return {
    dir,
    store,
    checkpoints,
    stages: { knowledge, journal, inserter, copies, names, limits, clock },
    async close() {
      templates.save()
      checkpoints.close()
      await store.close()
      lock.release()
    },
  }
}

type Kept = {
  readonly store: OpenStore
  readonly journal: Journal<Checkpoint>
  readonly checkpoints: Checkpoints
  readonly templates: TemplateModel
}

function inserterOf(
  { config, clock, log, signal, giveUpMs, onStored }: WritePathOptions,
  dir: DataDir,
  { store, journal, checkpoints, templates }: Kept,
): Inserter<Checkpoint> {
  return new Inserter<Checkpoint>({
    store,
    journal,
    clock,
    signal,
    maxPendingBytes: config.journalBytes,
    giveUpMs,
    refused: dir.refused,
    commit: (commits) => checkpoints.commit(commits, clock.nowMs()),
    onStored: ({ batch, rows }) => {
      onStored({ batch, lines: rows.lines })
      templates.saveIfDue(clock.nowMs())
    },
    onTrouble: (reason, retryMs) =>
      log.warn({ reason, retryMs }, 'the store did not take a batch; it is tried again'),
    onSetAside: (rows) =>
      log.error(rows, 'the store refuses rows; they are set aside in this file, and the ledger lists them'),
  })
}
