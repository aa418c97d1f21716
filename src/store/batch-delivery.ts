import type { Clock } from '../clock.ts'
import { OpsError } from '../errors.ts'
import type { Store } from './client.ts'
import { insertBatch, RowsRefused, settleBatch, storeDown, storeTrouble } from './insert.ts'
import { type Journal, type JournalEntry, TABLES, type Table } from './journal.ts'
import { RefusedRows, type SetAside } from './refused-rows.ts'

/** Does the store take batches? If not, since when (ms), and why. */
export type StoringState =
  | { readonly kind: 'storing' }
  | { readonly kind: 'retrying'; readonly since: number; readonly reason: string }

export type DeliveryOptions<Commit> = {
  readonly store: Store
  readonly journal: Journal<Commit>
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Gives up if the store has not taken a batch for this long. */
  readonly giveUpMs: number
  /** The folder for rows that the store refuses. */
  readonly refused: string
  readonly commit: (commits: readonly Commit[]) => Promise<void>
  /** Told before the batch is committed: whoever sees its offsets can rely on its lines having been told. */
  readonly onStored: (entry: JournalEntry<Commit>) => void
  readonly onTrouble: (reason: string, retryMs: number) => void
  readonly onSetAside: (rows: SetAside) => void
}

/** May the store have got the batch already, in an earlier try that nobody knows the end of? */
type Sent = 'never sent' | 'maybe sent'

const FIRST_RETRY_MS = 200
const LAST_RETRY_MS = 15_000

/**
 * Brings one batch at a time from the journal into the store. Retries while the store is out of reach, and divides a batch of
 * which some rows are refused, so that the others are stored.
 */
export class BatchDelivery<Commit> {
  readonly #options: DeliveryOptions<Commit>
  readonly #refused: RefusedRows<Commit>
  #state: StoringState = { kind: 'storing' }

  constructor(options: DeliveryOptions<Commit>) {
    this.#options = options
    const { journal, clock, refused: folder, onSetAside } = options
    this.#refused = new RefusedRows({ journal, folder, clock, onSetAside })
  }

  /** Stores a batch. If some of its rows are refused, stores its parts, level by level, then tries again what was held. */
  async deliver(entry: JournalEntry<Commit>, sent: Sent): Promise<void> {
    this.#refused.begin()
    await this.#deliverParts(await this.#deliverOne(entry, sent))
  }

  /** Tries again what is held, if the store takes other rows. */
  async retryHeld(): Promise<void> {
    await this.#deliverParts(this.#refused.due('any'))
  }

  /** Throws if a batch is held: it is not stored, and nothing has come to show whether its rows or the store are at fault. */
  checkHeld(): void {
    const { held } = this.#refused
    if (held !== undefined) throw storeDown(held.cause.message, held.entry, held.cause)
  }

  get state(): StoringState {
    const { held } = this.#refused
    if (this.#state.kind === 'retrying' || held === undefined) return this.#state
    return { kind: 'retrying', since: held.sinceMs, reason: held.cause.message }
  }

  /** When the first batch that is held came to be held, ms; undefined if none is. */
  get heldSinceMs(): number | undefined {
    return this.#refused.held?.sinceMs
  }

  /** The journalled bytes of everything that is held. */
  get heldBytes(): number {
    return this.#refused.heldBytes
  }

  async #deliverParts(parts: readonly JournalEntry<Commit>[]): Promise<void> {
    for (let waiting = parts; ; ) {
      if (waiting.length === 0) waiting = this.#refused.due('table')
      const [next, ...others] = waiting
      if (next === undefined) return
      waiting = [...others, ...(await this.#deliverOne(next, 'never sent'))]
    }
  }

  /** Stores and commits one batch; returns its parts if some of its rows are refused. */
  async #deliverOne(entry: JournalEntry<Commit>, sent: Sent): Promise<readonly JournalEntry<Commit>[]> {
    const { commit, journal, onStored } = this.#options
    try {
      await this.#store(entry, sent)
    } catch (error) {
      if (!(error instanceof RowsRefused)) throw error
      const before = storedBefore(entry, error.table)
      if (before.rows.lines > 0) onStored(before)
      return this.#refused.partsOf(entry, error)
    }
    this.#refused.taken(entry)
    onStored(entry)
    await commit(entry.commits)
    journal.remove(entry.batch)
    return []
  }

  /** A try without a clear answer is settled by counting, never repeated blindly. */
  async #store(entry: JournalEntry<Commit>, sent: Sent): Promise<void> {
    const { store, journal, clock, signal, giveUpMs } = this.#options
    const since = clock.nowMs()
    for (
      let retryMs = FIRST_RETRY_MS, isNew = sent === 'never sent';
      ;
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    ) {
      try {
        await (isNew ? insertBatch(store, journal, entry) : settleBatch(store, journal, entry))
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
      isNew = false
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
