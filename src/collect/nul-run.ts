import { endOfNuls, findHole, type Range } from './nul-hole.ts'
import type { Reader } from './reader.ts'

/**
 * What follows the position: `text`, up to the next NULs if there are any; NULs that are `over`, since other bytes follow;
 * `open` ones, whose end is not known yet; or the `last` ones, with which the file ends.
 */
type NulLook = { readonly kind: 'text' | 'over'; readonly size: number } | { readonly kind: 'open' | 'last' }

/** The NULs that follow the position of a reader: a run of them may be longer than what is read at a time. */
export class NulRun {
  readonly #reader: Pick<Reader, 'position' | 'unit'>
  #length = 0
  #endsFile = false

  constructor(reader: Pick<Reader, 'position' | 'unit'>) {
    this.#reader = reader
  }

  /** The number of NULs seen after the position; what follows them is not known yet. */
  get length(): number {
    return this.#length
  }

  /** Was there nothing but NULs when it was last looked at? */
  get endsFile(): boolean {
    return this.#endsFile
  }

  /** Looks at the bytes that follow those seen so far; `isEnd`: there are no more of them now. */
  look(bytes: Buffer, isEnd: boolean): NulLook {
    if (this.#length > 0) return this.#lookOn(bytes)
    const hole = this.holeIn(bytes)
    this.#endsFile = hole?.end === bytes.length && isEnd
    if (hole === undefined || hole.begin > 0) return { kind: 'text', size: hole?.begin ?? bytes.length }
    if (hole.end < bytes.length) return { kind: 'over', size: hole.end }
    if (isEnd) return { kind: 'last' }
    this.#length = bytes.length
    return { kind: 'open' }
  }

  /** The first hole in these bytes, which follow the position. */
  holeIn(bytes: Buffer): Range | undefined {
    const unit = bytes.includes(0) ? this.#reader.unit(bytes) : 1
    return findHole(bytes, unit, this.#reader.position % 2 === 1)
  }

  /** Somebody else read the bytes at the position: there is text. */
  passed(): void {
    this.#endsFile = false
  }

  /** Inside a run of NULs longer than one read: looks for its end. */
  #lookOn(bytes: Buffer): NulLook {
    const nuls = endOfNuls(bytes, 0)
    const isOver = nuls < bytes.length
    const size = this.#length + nuls - (isOver && this.#reader.unit(bytes) === 2 ? nuls % 2 : 0)
    this.#length = isOver || bytes.length === 0 ? 0 : size
    this.#endsFile = !isOver
    if (isOver) return { kind: 'over', size }
    return { kind: bytes.length > 0 ? 'open' : 'last' }
  }
}
