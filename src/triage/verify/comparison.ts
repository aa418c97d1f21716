import type { InterpretedChunk } from '../../model.ts'
import { type StoredRow, WINDOW_BYTES, type WindowDigest } from '../../store/digest-query.ts'
import { differOnlyInRedaction } from './redacted-alike.ts'
import { WindowRows } from './window-rows.ts'

/** How a row of the file and one of the store differ. */
export type Difference = {
  readonly kind: 'missing' | 'extra' | 'different'
  readonly offset: number
  readonly length: number
}

/** The result of comparing one file. */
export type Compared = {
  /** Rows of the file as it is now, up to where it is stored. */
  rows: number
  missing: number
  extra: number
  different: number
  /** Rows that the store removed because of their age. */
  expired: number
  /** Rows that differ only in redaction: whether a secret is recognised may depend on its neighbours. */
  redacted: number
  /** Rows that the store refused, according to the ledger. */
  refused: number
  /** The first differences, by position. */
  readonly differences: Difference[]
}

export type Stored = {
  /** Windows of this file and generation, in order. */
  readonly digests: readonly WindowDigest[]
  /** All rows that begin in [from, to), in order. */
  readonly rows: (from: number, to: number) => AsyncIterable<StoredRow>
  /** May rows before the first stored one have been removed because of their age? */
  readonly mayBeExpired: boolean
  /** Did the store refuse the row that begins here, according to the ledger? */
  readonly isRefused?: (offset: number) => boolean
  /** Nobody is writing. Then a row beyond the stored end is surplus; otherwise it is newer than this comparison. */
  readonly isSettled: boolean
}

const DIFFERENCES_KEPT = 100

/**
 * Compares the rows of one file, read again, with the stored ones: window by window by checksum, and row by row where
 * checksums differ. Holds one window at a time.
 */
export class Comparison {
  readonly result: Compared = newCompared()
  readonly #stored: Stored
  readonly #until: number
  readonly #digests: ReadonlyMap<number, WindowDigest>
  readonly #first: number
  #window = new WindowRows()
  #number = 0

  /** `until`: the number of bytes of the file that are stored. */
  constructor(stored: Stored, until: number) {
    this.#stored = stored
    this.#until = until
    this.#digests = new Map(stored.digests.map((digest) => [digest.window, digest]))
    this.#first = stored.digests[0]?.first ?? Number.POSITIVE_INFINITY
  }

  /** Takes the rows of a chunk, which must follow the previous ones. */
  async add(chunk: InterpretedChunk): Promise<void> {
    const { offset, count } = chunk.records
    for (let row = 0; row < count; row++) {
      const number = Math.floor((offset[row] as number) / WINDOW_BYTES)
      if (number > this.#number) await this.#closeUpTo(number)
      this.#window.add(chunk, row)
    }
    this.result.rows += count
  }

  /** To be called when the file has been read up to `until`. */
  async end(): Promise<Compared> {
    const last = this.#stored.isSettled ? (this.#stored.digests.at(-1)?.window ?? 0) : 0
    await this.#closeUpTo(Math.max(Math.ceil(this.#until / WINDOW_BYTES), last + 1))
    return this.result
  }

  async #closeUpTo(number: number): Promise<void> {
    for (; this.#number < number; this.#number++) {
      const digest = this.#digests.get(this.#number)
      const { rows, checksum } = this.#window
      if (rows !== (digest?.rows ?? 0) || checksum !== (digest?.checksum ?? 0)) await this.#compareRows()
      this.#window.clear()
    }
  }

  async #compareRows(): Promise<void> {
    const from = this.#number * WINDOW_BYTES
    const to = from + WINDOW_BYTES
    const end = this.#stored.isSettled ? to : Math.min(to, this.#until)
    const window = this.#window
    let at = 0
    for await (const row of this.#stored.rows(from, end)) {
      for (; at < window.rows && window.offset(at) < row.offset; at++) this.#missing(at)
      if (at === window.rows || window.offset(at) > row.offset) this.#note('extra', row.offset, row.length)
      else this.#compare(at++, row)
    }
    for (; at < window.rows; at++) this.#missing(at)
  }

  #missing(at: number): void {
    const offset = this.#window.offset(at)
    if (this.#stored.mayBeExpired && offset < this.#first) this.result.expired++
    else if (this.#stored.isRefused?.(offset) === true) this.result.refused++
    else this.#note('missing', offset, this.#window.length(at))
  }

  #compare(at: number, row: StoredRow): void {
    const message = this.#window.message(at)
    if (row.length !== this.#window.length(at)) this.#note('different', row.offset, row.length)
    else if (row.message === message) return
    else if (differOnlyInRedaction(row.message, message)) this.result.redacted++
    else this.#note('different', row.offset, row.length)
  }

  #note(kind: Difference['kind'], offset: number, length: number): void {
    this.result[kind]++
    const { differences } = this.result
    if (differences.length < DIFFERENCES_KEPT) differences.push({ kind, offset, length })
  }
}

function newCompared(): Compared {
  return { rows: 0, missing: 0, extra: 0, different: 0, expired: 0, redacted: 0, refused: 0, differences: [] }
}
