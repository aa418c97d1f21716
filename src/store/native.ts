/**
 * Columns in ClickHouse's Native format: a block is its column and row counts, then each column as name, type and values.
 * Written by hand because a batch is journalled and inserted as these very bytes. Source of the layout: ClickHouse docs,
 * "Native Format", and the LowCardinality encoding in the client libraries.
 */

/** A growing buffer, meant to be reused, since fresh memory costs more than what is written to it. */
export class ByteSink {
  bytes: Buffer
  size = 0

  constructor(capacity = 1024) {
    this.bytes = Buffer.allocUnsafe(capacity)
  }

  /** Gives its memory back. */
  clear(): void {
    this.size = 0
    this.bytes = Buffer.alloc(0)
  }

  reserve(more: number): void {
    if (this.size + more <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.size + more))
    this.bytes.copy(larger, 0, 0, this.size)
    this.bytes = larger
  }

  varint(value: number): void {
    this.reserve(10)
    let rest = value
    while (rest > 127) {
      this.bytes[this.size++] = (rest & 127) | 128
      rest = Math.floor(rest / 128)
    }
    this.bytes[this.size++] = rest
  }

  /** A String value: length, then bytes. Short ones are copied in a loop, which is faster than the call. */
  slice(source: Buffer, begin: number, end: number): void {
    const length = end - begin
    this.reserve(length + 10)
    this.varint(length)
    const { bytes } = this
    if (length > 96) source.copy(bytes, this.size, begin, end)
    else for (let i = begin, to = this.size; i < end; i++, to++) bytes[to] = source[i] as number
    this.size += length
  }

  string(value: string): void {
    const length = Buffer.byteLength(value)
    this.reserve(length + 10)
    this.varint(length)
    this.size += this.bytes.write(value, this.size)
  }

  uint64(value: number): void {
    this.reserve(8)
    writeUint64(this.bytes, this.size, value)
    this.size += 8
  }

  /** The bytes so far; valid until more are written. */
  view(): Buffer {
    return this.bytes.subarray(0, this.size)
  }
}

const TWO_32 = 4294967296

/** Whole numbers up to 2^53; negative ones in two's complement. */
function writeUint64(bytes: Buffer, at: number, value: number): void {
  const high = Math.floor(value / TWO_32)
  bytes.writeUInt32LE(value - high * TWO_32, at)
  bytes.writeInt32LE(high | 0, at + 4)
}

/** Fills 64-bit values of a column from numbers, without BigInt. `words` is the column as 32-bit words, low word first. */
export function putUint64(words: Uint32Array, row: number, value: number): void {
  const high = Math.floor(value / TWO_32)
  words[row * 2] = value - high * TWO_32
  words[row * 2 + 1] = high
}

/** The distinct words of a LowCardinality column. Index 0 is ''. */
export class Dictionary {
  readonly #index = new Map<string, number>([['', 0]])

  indexOf(word: string): number {
    const known = this.#index.get(word)
    if (known !== undefined) return known
    this.#index.set(word, this.#index.size)
    return this.#index.size - 1
  }

  get words(): Iterable<string> {
    return this.#index.keys()
  }

  get size(): number {
    return this.#index.size
  }

  clear(): void {
    this.#index.clear()
    this.#index.set('', 0)
  }
}

const SHARED_DICTIONARIES = 1
/** Flags of a LowCardinality block with its own keys; the low byte is the width of its indexes. */
const OWN_KEYS = 0x600

/** The head of a column: name and type. */
export function columnHead(sink: ByteSink, name: string, type: string): void {
  sink.string(name)
  sink.string(type)
}

/** A LowCardinality(String) column: its words, then one index per row. */
export function lowCardinality(
  sink: ByteSink,
  words: Iterable<string>,
  size: number,
  indexes: Uint32Array,
): void {
  const code = putKeys(sink, words, size)
  sink.uint64(indexes.length)
  const { length } = indexes
  if (code === 2) {
    raw(sink, indexes)
    return
  }
  sink.reserve(length * 2)
  const { bytes } = sink
  let at = sink.size
  for (let i = 0; i < length; i++) {
    const index = indexes[i] as number
    bytes[at++] = index
    if (code === 1) bytes[at++] = index >> 8
  }
  sink.size = at
}

/** A LowCardinality(String) column with one word in all rows. */
export function constantWord(sink: ByteSink, word: string, rows: number): void {
  putKeys(sink, [word], 1)
  sink.uint64(rows)
  repeat(sink, Buffer.alloc(1), rows)
}

/** The same value in all rows. */
export function repeat(sink: ByteSink, value: Buffer, rows: number): void {
  const size = value.length * rows
  sink.reserve(size)
  sink.bytes.fill(value, sink.size, sink.size + size)
  sink.size += size
}

/** The values of a fixed-width column as they are in memory (little-endian, as ClickHouse expects). */
export function raw(sink: ByteSink, values: NodeJS.TypedArray): void {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  sink.reserve(bytes.length)
  bytes.copy(sink.bytes, sink.size)
  sink.size += bytes.length
}

/** Writes the keys; returns the code for the width of their indexes: one, two or four bytes. */
function putKeys(sink: ByteSink, words: Iterable<string>, size: number): 0 | 1 | 2 {
  const code = size <= 256 ? 0 : size <= 65536 ? 1 : 2
  sink.uint64(SHARED_DICTIONARIES)
  sink.uint64(OWN_KEYS | code)
  sink.uint64(size)
  for (const word of words) sink.string(word)
  return code
}
