import type { Clock } from '../clock.ts'
import { divide, holdsOnly } from './divide.ts'
import type { RowsRefused } from './insert.ts'
import { type Journal, type JournalEntry, TABLES, type Table } from './journal.ts'
import { setAside } from './set-aside.ts'

/** More refusals one after the other, with nothing taken between: then it is not the rows that are wrong. */
const MOST_IN_ROW = 64
/** A batch is divided so often; what is refused then is taken for refused as it is. */
const MOST_DIVISIONS = 256

/** Rows that were set aside, and why. */
export type SetAside = {
  readonly table: Table
  readonly rows: number
  readonly path: string
  readonly reason: string
}

/** What waits in the journal until it is known whether it is the rows that are wrong, since when (ms), and why. */
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
 * Singles out the rows that a store refuses, so that one of them does not hold up all others. A batch is halved until the
 * refused rows stand alone. They are held in the journal until the store has taken other rows of that table: before, it may
 * be the store that is wrong. Refused again then, they are set aside, and the ledger tells of them.
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

  /** The first that is held, if any is. */
  get held(): Held<C> | undefined {
    return this.#held.values().next().value
  }

  /** All that is held, in bytes of the journal. */
  get heldBytes(): number {
    return [...this.#held.values()].reduce((sum, { entry }) => sum + entry.bytes, 0)
  }

  /** The next batch begins. */
  begin(): void {
    this.#takenBefore = { ...this.#taken }
    this.#divisions = 0
  }

  /** The store has taken a batch, or a part of one. */
  taken({ batch, rows }: JournalEntry<C>): void {
    this.#due.delete(batch)
    for (const table of TABLES) {
      if (rows[table] === 0) continue
      this.#inRow = 0
      this.#taken[table]++
    }
  }

  /** Notes a refusal. Is it about rows, as far as one can tell? */
  noteRefusal({ table }: RowsRefused): boolean {
    this.#inRow++
    return this.#inRow <= MOST_IN_ROW || this.#taken[table] > this.#takenBefore[table]
  }

  /** What is to be stored in the place of a batch that was refused; nothing if it is held or set aside. */
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

  /** Batches that are held and to be tried once more, as the store has taken others like them, or of `any` table. */
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
