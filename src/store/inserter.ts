import type { Clock } from '../clock.ts'
import { OpsError } from '../errors.ts'
import type { Store } from './client.ts'
import { insertBatch, RowsRefused, settleBatch, storeDown, storeTrouble } from './insert.ts'
import { type Journal, type JournalEntry, TABLES, type Table } from './journal.ts'
import { RefusedRows, type SetAside } from './refused-rows.ts'

/** The current state of storing. */
export type InserterState =
  | { readonly kind: 'storing' }
  | { readonly kind: 'retrying'; readonly since: number; readonly reason: string }

export type InserterOptions<Commit> = {
  readonly store: Store
  readonly journal: Journal<Commit>
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Journalled bytes that may wait for the store; above this, `submit` waits, and so does all reading. */
  readonly maxPendingBytes: number
  /** Gives up if the store has not taken a batch for this long. */
  readonly giveUpMs: number
  /** The folder for rows that the store refuses. */
  readonly refused: string
  readonly commit: (commits: readonly Commit[]) => Promise<void>
  readonly onStored: (entry: JournalEntry<Commit>) => void
  readonly onTrouble: (reason: string, retryMs: number) => void
  readonly onSetAside: (rows: SetAside) => void
}

const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 15_000

/** Stores journalled batches in order, one at a time, and retries as long as necessary. */
export class Inserter<Commit> {
  readonly #options: InserterOptions<Commit>
  readonly #refused: RefusedRows<Commit>
  readonly #queue: { readonly entry: JournalEntry<Commit>; readonly sinceMs: number }[] = []
  #state: InserterState = { kind: 'storing' }
  #pendingBytes = 0
  #gatheringSinceMs: number | undefined
  #worker: Promise<void> | undefined
  #failure: unknown
  #waiters: (() => void)[] = []

  constructor(options: InserterOptions<Commit>) {
    this.#options = options
    const { journal, clock, refused: folder, onSetAside } = options
    this.#refused = new RefusedRows({ journal, folder, clock, onSetAside })
  }

  /** Settles what an earlier run left in the journal; nothing may be read before. */
  async recover(entries: readonly JournalEntry<Commit>[]): Promise<void> {
    for (const entry of entries) await this.#deliverAll(entry, true)
  }

  /** A batch is being gathered whose first rows arrived at `nowMs`. */
  gathers(nowMs: number): void {
    this.#gatheringSinceMs = nowMs
  }

  /** Hands over the batch that was gathered, as `hand` does. */
  async submit(entry: JournalEntry<Commit>): Promise<void> {
    const sinceMs = this.#gatheringSinceMs
    this.#gatheringSinceMs = undefined
    await this.hand(entry, sinceMs)
  }

  /**
   * Hands over a batch beside the one that is being gathered; waits while the journal is full. Throws the error that made
   * storing impossible. `sinceMs`: when its first rows arrived.
   */
  async hand(entry: JournalEntry<Commit>, sinceMs: number | undefined = undefined): Promise<void> {
    // After a failure it is unknown whether the first batch is stored; only a new start settles that.
    this.#checkFailure()
    this.#queue.push({ entry, sinceMs: sinceMs ?? this.#options.clock.nowMs() })
    this.#pendingBytes += entry.bytes
    this.#worker ??= this.#work()
    while (this.#pendingBytes > this.#options.maxPendingBytes && this.#failure === undefined) {
      await this.#woken()
    }
    this.#checkFailure()
  }

  get state(): InserterState {
    const { held } = this.#refused
    if (this.#state.kind === 'retrying' || held === undefined) return this.#state
    return { kind: 'retrying', since: held.sinceMs, reason: held.cause.message }
  }

  get pendingBytes(): number {
    return this.#pendingBytes + this.#refused.heldBytes
  }

  /** When the oldest batch that is not stored was begun, ms; undefined if there is none. */
  get waitingSinceMs(): number | undefined {
    return this.#refused.held?.sinceMs ?? this.#queue[0]?.sinceMs ?? this.#gatheringSinceMs
  }

  /** Waits until every batch handed over so far is stored; later ones may follow meanwhile. */
  async settled(): Promise<void> {
    const last = this.#queue.at(-1)
    while (last !== undefined && this.#queue.includes(last) && this.#failure === undefined) {
      await this.#woken()
    }
    this.#checkFailure()
    this.#checkHeld()
  }

  /** Waits until everything handed over is stored and committed. */
  async drain(): Promise<void> {
    while (this.#worker !== undefined) await this.#worker
    this.#checkFailure()
    // No more batches will come to show whether the rows or the store are at fault.
    await this.#deliverParts(this.#refused.due('any'))
    this.#checkHeld()
  }

  #checkFailure(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Throws if a batch is held: it is not stored, and nothing has come to show whether its rows or the store are at fault. */
  #checkHeld(): void {
    const { held } = this.#refused
    if (held !== undefined) throw storeDown(held.cause.message, held.entry, held.cause)
  }

  async #work(): Promise<void> {
    try {
      for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
        const { entry } = first
        await this.#deliverAll(entry, false)
        this.#queue.shift()
        this.#pendingBytes -= entry.bytes
        this.#wake()
      }
    } catch (error) {
      this.#failure = error
    }
    this.#worker = undefined
    this.#wake()
  }

  /** Waits until a batch is stored, or storing has failed. */
  #woken(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  #wake(): void {
    for (const resolve of this.#waiters.splice(0)) resolve()
  }

  /** Stores a batch. If some of its rows are refused, stores its parts, level by level, then tries again what was held. */
  async #deliverAll(entry: JournalEntry<Commit>, known: boolean): Promise<void> {
    this.#refused.begin()
    await this.#deliverParts(await this.#deliver(entry, known))
  }

  async #deliverParts(parts: readonly JournalEntry<Commit>[]): Promise<void> {
    for (let waiting = parts; ; ) {
      if (waiting.length === 0) waiting = this.#refused.due('table')
      const [next, ...others] = waiting
      if (next === undefined) return
      waiting = [...others, ...(await this.#deliver(next, false))]
    }
  }

  /** Stores and commits one batch; returns its parts if some of its rows are refused. */
  async #deliver(entry: JournalEntry<Commit>, known: boolean): Promise<readonly JournalEntry<Commit>[]> {
    const { commit, journal, onStored } = this.#options
    try {
      await this.#store(entry, known)
    } catch (error) {
      if (!(error instanceof RowsRefused)) throw error
      const before = storedBefore(entry, error.table)
      if (before.rows.lines > 0) onStored(before)
      return this.#refused.partsOf(entry, error)
    }
    this.#refused.taken(entry)
    await commit(entry.commits)
    journal.remove(entry.batch)
    onStored(entry)
    return []
  }

  /** A try without a clear answer is settled by counting, never repeated blindly. */
  async #store(entry: JournalEntry<Commit>, known: boolean): Promise<void> {
    const { store, journal, clock, signal, giveUpMs } = this.#options
    const since = clock.nowMs()
    for (let retryMs = FIRST_RETRY_MS, first = !known; ; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      try {
        await (first ? insertBatch(store, journal, entry) : settleBatch(store, journal, entry))
        break
      } catch (error) {
        if (error instanceof RowsRefused && this.#refused.noteRefusal(error)) throw error
        const reason = storeTrouble(error)
        if (error instanceof OpsError) throw error
        if (signal.aborted || clock.nowMs() - since >= giveUpMs) throw storeDown(reason, entry, error)
        this.#state = { kind: 'retrying', since, reason }
        this.#options.onTrouble(reason, retryMs)
        await clock.sleep(retryMs, signal)
      }
      first = false
    }
    this.#state = { kind: 'storing' }
  }
}

/** The part of a batch that is stored when one of its tables is refused. */
function storedBefore<C>(entry: JournalEntry<C>, refused: Table): JournalEntry<C> {
  const isBefore = (table: Table) => TABLES.indexOf(table) < TABLES.indexOf(refused)
  const count = (table: Table) => (isBefore(table) ? entry.rows[table] : 0)
  return { ...entry, rows: { lines: count('lines'), events: count('events'), losses: count('losses') } }
}
