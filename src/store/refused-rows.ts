import type { Clock } from '../clock.ts'
import { divide, holdsOnly } from './divide.ts'
import type { RowsRefused } from './insert.ts'
import { type Journal, type JournalEntry, TABLES, type Table } from './journal.ts'
import { setAside } from './set-aside.ts'

/** After more refusals in a row, without any acceptance between them, the rows are not the problem. */
const MOST_IN_ROW = 64
/** A batch is divided at most this often; what is refused then is set aside as it is. */
const MOST_DIVISIONS = 256

/** Rows that were set aside, and why. */
export type SetAside = {
  readonly table: Table
  readonly rows: number
  readonly path: string
  readonly reason: string
}

/** A batch that waits in the journal until it is known whether its rows are at fault; since when (ms), and why. */
export type Held<C> = {
  readonly entry: JournalEntry<C>
  readonly cause: RowsRefused
  readonly sinceMs: number
}
type Waiting<C> = Held<C> & { readonly takenThen: number }

type Options<C> = {
  readonly journal: Journal<C>
  readonly folder: string
  readonly clock: Clock
  readonly onSetAside: (rows: SetAside) => void
}

/**
 * Isolates the rows that a store refuses, so that they do not hold up all others. A batch is halved until the refused rows
 * are alone. These are held in the journal until the store has accepted other rows of that table, since the store itself may
 * be at fault. If they are refused again after that, they are set aside and recorded in the ledger.
 */
export class RefusedRows<C> {
  readonly #options: Options<C>
  readonly #taken: Record<Table, number> = { lines: 0, events: 0, losses: 0 }
  readonly #held = new Map<string, Waiting<C>>()
  readonly #due = new Set<string>()
  #takenBefore: Readonly<Record<Table, number>> = { ...this.#taken }
  #inRow = 0
  #divisions = 0

  constructor(options: Options<C>) {
    this.#options = options
  }

  /** The first batch that is held, if any. */
  get held(): Held<C> | undefined {
    return this.#held.values().next().value
  }

  /** The journalled bytes of everything that is held. */
  get heldBytes(): number {
    return [...this.#held.values()].reduce((sum, { entry }) => sum + entry.bytes, 0)
  }

  /** A new batch begins. */
  begin(): void {
    this.#takenBefore = { ...this.#taken }
    this.#divisions = 0
  }

  /** The store has accepted a batch, or a part of one. */
  taken({ batch, rows }: JournalEntry<C>): void {
    this.#due.delete(batch)
    for (const table of TABLES) {
      if (rows[table] === 0) continue
      this.#inRow = 0
      this.#taken[table]++
    }
  }

  /** Notes a refusal; returns whether the rows are likely to be at fault. */
  noteRefusal({ table }: RowsRefused): boolean {
    this.#inRow++
    return this.#inRow <= MOST_IN_ROW || this.#taken[table] > this.#takenBefore[table]
  }

  /** What to store instead of a refused batch; empty if it is held or set aside. */
  async partsOf(entry: JournalEntry<C>, cause: RowsRefused): Promise<JournalEntry<C>[]> {
    const { table } = cause
    if (this.#due.delete(entry.batch)) return this.#setAside(entry, cause)
    const isSmallest = entry.rows[table] === 1 || this.#divisions >= MOST_DIVISIONS
    if (isSmallest && holdsOnly(entry, table)) {
      const sinceMs = this.#options.clock.nowMs()
      this.#held.set(entry.batch, { entry, cause, sinceMs, takenThen: this.#takenBefore[table] })
      return []
    }
    this.#divisions++
    return divide(this.#options.journal, entry, table, isSmallest ? 1 : 2)
  }

  /** Held batches to try again: those of a `table` of which the store has accepted other rows, or of `any` table. */
  due(of: 'table' | 'any'): JournalEntry<C>[] {
    const hasTaken = Object.values(this.#taken).some((count) => count > 0)
    const due = [...this.#held.values()].filter(
      ({ cause, takenThen }) => this.#taken[cause.table] > takenThen || (of === 'any' && hasTaken),
    )
    for (const { entry } of due) {
      this.#held.delete(entry.batch)
      this.#due.add(entry.batch)
    }
    return due.map(({ entry }) => entry)
  }

  async #setAside(
    entry: JournalEntry<C>,
    { table, message: reason }: RowsRefused,
  ): Promise<JournalEntry<C>[]> {
    const { path, standIn } = await setAside(this.#options, entry, table, reason)
    this.#options.onSetAside({ table, rows: entry.rows[table], path, reason })
    return standIn === undefined ? [] : [standIn]
  }
}
