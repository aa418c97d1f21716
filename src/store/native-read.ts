import type { ColumnSpec, ColumnType, ColumnValue } from './row-block.ts'

/** A block in Native format: columns by row number; each value is read on demand. */
export type ReadBlock = { readonly rows: number; readonly columns: readonly ColumnSpec<number>[] }

/** The value of each row of a column. */
type ReadColumn = (row: number) => ColumnValue

/** Reads a file of blocks as the journal writes it; throws if the bytes are anything else. */
export function readBlocks(bytes: Buffer): ReadBlock[] {
  const cursor = new Cursor(bytes)
  const blocks: ReadBlock[] = []
  while (!cursor.isAtEnd) blocks.push(readBlock(cursor))
  return blocks
}

function readBlock(cursor: Cursor): ReadBlock {
  const count = cursor.varint()
  const rows = cursor.varint()
  const columns = Array.from({ length: count }, () => {
    const name = cursor.text()
    const type = cursor.text()
    const read = READERS[type as ColumnType]
    if (read === undefined) throw new RangeError(`column ${name} is of type ${type}`)
    return { name, type: type as ColumnType, value: read(cursor, rows) }
  })
  return { rows, columns }
}

/** A position in bytes that advances with each value. */
class Cursor {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  take(size: number): Buffer {
    if (this.#at + size > this.#bytes.length) throw new RangeError('a block ends before its last column')
    this.#at += size
    return this.#bytes.subarray(this.#at - size, this.#at)
  }

  varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.take(1)[0] as number
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }

  slice(): Buffer {
    return this.take(this.varint())
  }

  text(): string {
    return this.slice().toString()
  }

  uint64(): number {
    return uint64At(this.take(8), 0)
  }
}

const READERS: Record<ColumnType, (cursor: Cursor, rows: number) => ReadColumn> = {
  'LowCardinality(String)': (cursor, rows) => {
    if (rows > 0) cursor.take(8)
    return readWords(cursor, rows)
  },
  String: readStrings,
  UInt8: (cursor, rows) => fixed(cursor.take(rows), (bytes, row) => bytes.readUInt8(row)),
  Int8: (cursor, rows) => fixed(cursor.take(rows), (bytes, row) => bytes.readInt8(row)),
  UInt32: (cursor, rows) => fixed(cursor.take(4 * rows), (bytes, row) => bytes.readUInt32LE(4 * row)),
  UInt64: readWide,
  "DateTime64(6, 'UTC')": readWide,
  "DateTime64(3, 'UTC')": readWide,
  'Map(LowCardinality(String), String)': readMaps,
}

function fixed(bytes: Buffer, at: (bytes: Buffer, row: number) => number): ReadColumn {
  return (row) => at(bytes, row)
}

function readWide(cursor: Cursor, rows: number): ReadColumn {
  return fixed(cursor.take(8 * rows), (bytes, row) => uint64At(bytes, 8 * row))
}

function uint64At(bytes: Buffer, at: number): number {
  return bytes.readInt32LE(at + 4) * 4294967296 + bytes.readUInt32LE(at)
}

function readStrings(cursor: Cursor, rows: number): ReadColumn {
  const values = Array.from({ length: rows }, () => cursor.slice())
  return (row) => values[row]?.toString() ?? ''
}

/** Reads what follows the version of a dictionary: its words, then an index for each row. */
function readWords(cursor: Cursor, rows: number): ReadColumn {
  if (rows === 0) return () => ''
  const width = 1 << (cursor.uint64() & 255)
  const size = cursor.uint64()
  const words = Array.from({ length: size }, () => cursor.text())
  cursor.uint64()
  const indexes = cursor.take(width * rows)
  return (row) => words[indexes.readUIntLE(row * width, width)] ?? ''
}

/** Reads maps (see `putMaps`): the version of the keys, the end of each row's pairs, the keys, the values. */
function readMaps(cursor: Cursor, rows: number): ReadColumn {
  if (rows === 0) return () => ({})
  cursor.take(8)
  const ends = readWide(cursor, rows)
  const pairs = Number(ends(rows - 1))
  const keys = readWords(cursor, pairs)
  const values = readStrings(cursor, pairs)
  return (row) => {
    const from = row === 0 ? 0 : Number(ends(row - 1))
    const count = Number(ends(row)) - from
    return Object.fromEntries(
      Array.from({ length: count }, (_, i) => [String(keys(from + i)), String(values(from + i))]),
    )
  }
}
