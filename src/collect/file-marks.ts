import { HEAD_BYTES } from './fingerprint.ts'

const GUARD_BYTES = 64
const NO_BYTES = Buffer.alloc(0)

/** Bytes by which a file is known again: its first ones, and those before the place up to which it is read. */
export class FileMarks {
  /** First bytes of the file, as far as they are in rows (or were given). */
  head: Buffer
  /** Last bytes that are in rows, as far as they follow the last hole. */
  guard: Buffer
  /** Last bytes that were read, whether in rows or not. */
  last: Buffer

  constructor({ head, guard }: { readonly head: Buffer; readonly guard: Buffer }) {
    this.head = head
    this.guard = guard
    this.last = guard
  }

  /** These bytes were read. */
  read(bytes: Buffer): void {
    this.last = lastOf(this.last, bytes)
  }

  /** These bytes, which begin at `offset`, are in rows now. After the first `gap.at` of them, `gap.size` are missing. */
  placed(bytes: Buffer, offset: number, gap: { readonly at: number; readonly size: number }): void {
    if (offset < HEAD_BYTES && this.head.length === offset) {
      this.head = Buffer.concat([this.head, bytes.subarray(0, HEAD_BYTES - offset)])
    }
    this.guard = gap.size > 0 ? lastOf(NO_BYTES, bytes.subarray(gap.at)) : lastOf(this.guard, bytes)
  }

  /** From `offset` to `position` there is a hole, which reads as NULs. */
  skipped(offset: number, position: number): void {
    if (this.head.length === Math.min(offset, HEAD_BYTES)) {
      const more = Math.min(position, HEAD_BYTES) - this.head.length
      this.head = Buffer.concat([this.head, Buffer.alloc(more)])
    }
    this.guard = NO_BYTES
    this.last = NO_BYTES
  }
}

/** The last bytes of `before` and `bytes` together. */
function lastOf(before: Buffer, bytes: Buffer): Buffer {
  if (bytes.length >= GUARD_BYTES) return Buffer.from(bytes.subarray(-GUARD_BYTES))
  return Buffer.concat([before, bytes]).subarray(-GUARD_BYTES)
}
