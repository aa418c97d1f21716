import { endsLines, type Hold } from './assemble.ts'
import { type Encoding, newlineEnd } from './encoding.ts'

/** `size` bytes that are missing from a run of bytes, after its first `at`. */
export type Gap = { readonly at: number; readonly size: number }

/** So much of the end of an over-long line is kept: what follows it may be secret because of it. Even, for whole units. */
const END_BYTES = 256

/**
 * The bytes of a file that were read and are in no row yet. Of an over-long line only the beginning and the end are kept; the
 * rest is counted.
 */
export class Unfinished {
  #bytes = Buffer.alloc(0)
  #dropped = 0
  #dropAt = 0
  /** Inside an over-long line whose newline has not come yet. */
  #skipping = false

  /** Bytes of the file. */
  get length(): number {
    return this.#bytes.length + this.#dropped
  }

  /** Bytes that are kept. */
  get bytes(): Buffer {
    return this.#bytes
  }

  get gap(): Gap {
    return { at: this.#dropAt, size: this.#dropped }
  }

  /**
   * Inside an over-long line, bytes are only counted until its newline comes. `raw` begins with what is kept. Returns how
   * many of its first `used` bytes are then in use, or undefined while the line goes on.
   */
  skipOverLong(raw: Buffer, used: number, encoding: Encoding, hold: Hold): number | undefined {
    if (!this.#skipping) return used
    const end = newlineEnd(raw.subarray(0, used), this.#dropAt, encoding)
    const unit = encoding === 'utf-8' ? 1 : 2
    const read = end < 0 ? used - (used % unit) : end - unit
    const dropTo = Math.max(this.#dropAt, read - END_BYTES)
    this.#dropped += dropTo - this.#dropAt
    raw.copy(raw, this.#dropAt, dropTo, used)
    const left = used - (dropTo - this.#dropAt)
    this.#skipping = end < 0 && !endsLines(hold)
    if (!this.#skipping) return left
    this.#bytes = Buffer.concat([this.#bytes.subarray(0, this.#dropAt), raw.subarray(this.#dropAt, left)])
    return undefined
  }

  /** Keeps these bytes; if some before them were put into rows, the gap was among those. */
  keep(bytes: Buffer, isAfterRows: boolean): void {
    this.#bytes = Buffer.from(bytes)
    if (!isAfterRows) return
    this.#dropped = 0
    this.#dropAt = 0
  }

  /** Keeps the first `max` bytes of an over-long line and its end, and counts the rest. */
  dropTail(max: number, encoding: Encoding): void {
    const { length } = this.#bytes
    const unit = encoding === 'utf-8' ? 1 : 2
    const whole = length - (length % unit)
    this.#dropAt = max - (max % unit)
    const dropTo = Math.max(this.#dropAt, whole - END_BYTES)
    this.#dropped = dropTo - this.#dropAt
    this.#bytes = Buffer.concat([this.#bytes.subarray(0, this.#dropAt), this.#bytes.subarray(dropTo)])
    this.#skipping = true
  }
}
