import type { InterpretedChunk, Loss } from '../model.ts'
import type { Copies } from './copies.ts'
import { type EventRow, eventColumns, eventId, eventRow, lossColumns, type StoredEvent } from './event-row.ts'
import type { Journal, JournalEntry } from './journal.ts'
import type { LinesBlock } from './lines-block.ts'
import { nativeBlock } from './row-block.ts'

export type BatchLimits = {
  readonly maxRows: number
  readonly maxBytes: number
  readonly maxAgeMs: number
}

/** A batch must become one part. Below these limits it stays one block, which is stored completely or not at all. */
export const BATCH_LIMITS: BatchLimits = { maxRows: 1_040_000, maxBytes: 48 * 1024 * 1024, maxAgeMs: 1000 }

/** The most rows of one chunk, after which the limits are checked again; keeps a batch below one block of the store. */
const CHUNK_ROWS = 530_000

/** Names batches; ids ascend in time, and no two writers produce the same one. */
export type BatchNames = {
  next(nowMs: number): string
  /** Is it a batch of this writer? */
  isOwn(batch: string): boolean
}

/** The beginning of the names of batches made at a time: names of later ones come after it. */
export function batchTime(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:.]/g, '')
}

/**
 * Makes ascending names for the batches of one process; `writer` is in each, so that no other process makes the same name.
 */
export function createBatchNames(writer: string): BatchNames {
  let lastMs = 0
  let count = 0
  return {
    next(nowMs) {
      lastMs = Math.max(lastMs, nowMs)
      return `${batchTime(lastMs)}-${writer}-${String(count++ % 1_000_000).padStart(6, '0')}`
    },
    isOwn: (batch) => batch.includes(`-${writer}-`),
  }
}

/** Rows gathered for the next journal entry, and what to commit once they are stored. */
export class Batch<Commit> {
  readonly #startedMs: number
  #rows = 0
  #events: StoredEvent[] = []
  #losses: Loss[] = []
  readonly #commits = new Map<string, () => Commit>()
  readonly #writer: ReturnType<Journal<Commit>['begin']>
  readonly #lines: LinesBlock
  readonly #stamp: { readonly batch: string; readonly ingestedMs: number }
  readonly #ruleSet: string
  readonly #copies: Copies

  /** `lines` passes from batch to batch, since its columns are large. */
  constructor(
    journal: Journal<Commit>,
    lines: LinesBlock,
    options: {
      readonly name: string
      readonly nowMs: number
      readonly ruleSet: string
      readonly copies: Copies
    },
  ) {
    this.#startedMs = options.nowMs
    this.#lines = lines
    this.#ruleSet = options.ruleSet
    this.#copies = options.copies
    this.#stamp = { batch: options.name, ingestedMs: options.nowMs }
    this.#writer = journal.begin(options.name)
  }

  /** Adds a chunk; `commit` returns what may be committed once it is stored, and replaces the previous one for `key`. */
  append(chunk: InterpretedChunk, losses: readonly Loss[], key: string, commit: () => Commit): void {
    this.#lines.append(chunk)
    this.#rows += chunk.records.count
    for (const verdict of chunk.verdicts) this.#appendEvent(eventRow(chunk, verdict))
    this.#losses.push(...losses, ...chunk.losses)
    this.#commits.set(key, commit)
    if (this.#lines.isFull) this.#flushLines()
  }

  /** Time until the batch is closed for its age; 0 if the clock was set back. */
  restMs(limits: BatchLimits, nowMs: number): number {
    if (nowMs < this.#startedMs) return 0
    return Math.max(0, this.#startedMs + limits.maxAgeMs - nowMs)
  }

  isFull(limits: BatchLimits, nowMs: number): boolean {
    if (this.#rows + CHUNK_ROWS > limits.maxRows || this.#writer.bytes >= limits.maxBytes) return true
    return this.restMs(limits, nowMs) === 0
  }

  /** Adds events of lines that are already stored. */
  appendEvents(events: readonly EventRow[]): void {
    for (const event of events) this.#appendEvent(event)
  }

  /** Adds events that rules made of several others. They belong to no line, have ids of their own, and are never copies. */
  appendCorrelated(events: readonly StoredEvent[]): void {
    this.#events.push(...events)
  }

  /** Adds losses of files from which nothing was read, with commits that replace the previous ones for their keys. */
  appendLosses(losses: readonly Loss[], commits: ReadonlyMap<string, () => Commit>): void {
    this.#losses.push(...losses)
    for (const [key, commit] of commits) this.#commits.set(key, commit)
  }

  /** Makes the batch durable: from now on it will be stored, even after a crash. */
  async seal(): Promise<JournalEntry<Commit>> {
    const commits = Array.from(this.#commits.values(), (commit) => commit())
    this.#flushLines()
    const { batch } = this.#stamp
    if (this.#events.length > 0) {
      const columns = eventColumns(this.#stamp, this.#ruleSet)
      this.#writer.append('events', this.#events.length, [nativeBlock(columns, this.#events)])
    }
    if (this.#losses.length > 0) {
      this.#writer.append('losses', this.#losses.length, [
        nativeBlock(lossColumns(this.#stamp), this.#losses),
      ])
    }
    const entry = await this.#writer.seal(commits)
    this.#events = []
    this.#losses = []
    return { ...entry, batch }
  }

  #appendEvent(event: EventRow): void {
    const id = eventId(event.file, event.offset)
    this.#events.push({ event, id, duplicateOf: this.#copies.of(event, id) })
  }

  #flushLines(): void {
    const { rows } = this.#lines
    if (rows > 0) this.#writer.append('lines', rows, this.#lines.take(this.#stamp))
  }
}
