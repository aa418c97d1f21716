import type { InterpretedChunk } from '../../model.ts'
import { rowChecksum } from '../../store/digest-query.ts'

/** The rows of one window; its buffers are reused for the next one. */
export class WindowRows {
  checksum = 0
  readonly #offsets: number[] = []
  readonly #lengths: number[] = []
  readonly #ends: number[] = []
  #texts = Buffer.alloc(64 * 1024)

  get rows(): number {
    return this.#offsets.length
  }

  offset(row: number): number {
    return this.#offsets[row] as number
  }

  length(row: number): number {
    return this.#lengths[row] as number
  }

  message(row: number): string {
    return this.#texts.toString('utf8', this.#ends[row - 1] ?? 0, this.#ends[row])
  }

  add({ records, replaced, textBegin, textEnd }: InterpretedChunk, row: number): void {
    const offset = records.offset[row] as number
    const length = records.length[row] as number
    const other = replaced.get(row)
    const text =
      other === undefined ? records.bytes.subarray(textBegin[row], textEnd[row]) : Buffer.from(other)
    this.checksum += rowChecksum(offset, length, text)
    const begin = this.#ends.at(-1) ?? 0
    this.#reserve(begin + text.length)
    this.#texts.set(text, begin)
    this.#offsets.push(offset)
    this.#lengths.push(length)
    this.#ends.push(begin + text.length)
  }

  clear(): void {
    this.checksum = 0
    for (const column of [this.#offsets, this.#lengths, this.#ends]) column.length = 0
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#texts.length) return
    const larger = Buffer.alloc(Math.max(bytes, this.#texts.length * 2))
    larger.set(this.#texts)
    this.#texts = larger
  }
}
