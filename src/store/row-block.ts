import { ByteSink, columnHead, Dictionary, lowCardinality, putUint64, raw } from './native.ts'

/** How a column of a small table is written. */
export type ColumnType =
  | 'LowCardinality(String)'
  | 'String'
  | 'UInt8'
  | 'UInt32'
  | 'UInt64'
  | 'Int8'
  | "DateTime64(6, 'UTC')"
  | "DateTime64(3, 'UTC')"
  | 'Map(LowCardinality(String), String)'

export type ColumnValue = string | number | Readonly<Record<string, string>>
export type ColumnSpec<Row> = {
  readonly name: string
  readonly type: ColumnType
  readonly value: (row: Row) => ColumnValue
}

/** Rows of a small table as one block in Native format; `lines` has a faster way. */
export function nativeBlock<Row>(columns: readonly ColumnSpec<Row>[], rows: readonly Row[]): Buffer {
  const sink = new ByteSink(rows.length * 256 + 4096)
  sink.varint(columns.length)
  sink.varint(rows.length)
  for (const { name, type, value } of columns) {
    columnHead(sink, name, type)
    WRITERS[type](sink, { count: rows.length, at: (row) => value(rows[row] as Row) })
  }
  return sink.view()
}

/** The values of a column, by row number; no array, since there are many rows and columns. */
type Values = { readonly count: number; readonly at: (row: number) => ColumnValue }

const WRITERS: Record<ColumnType, (sink: ByteSink, values: Values) => void> = {
  'LowCardinality(String)': putWords,
  String: (sink, { count, at }) => {
    for (let row = 0; row < count; row++) sink.string(String(at(row)))
  },
  UInt8: (sink, values) => raw(sink, filled(new Uint8Array(values.count), values)),
  Int8: (sink, values) => raw(sink, filled(new Int8Array(values.count), values)),
  UInt32: (sink, values) => raw(sink, filled(new Uint32Array(values.count), values)),
  UInt64: putWide,
  "DateTime64(6, 'UTC')": putWide,
  "DateTime64(3, 'UTC')": putWide,
  'Map(LowCardinality(String), String)': putMaps,
}

function filled<Numbers extends Uint8Array | Int8Array | Uint32Array>(
  numbers: Numbers,
  { at }: Values,
): Numbers {
  for (let row = 0; row < numbers.length; row++) numbers[row] = Number(at(row))
  return numbers
}

function putWords(sink: ByteSink, { count, at }: Values): void {
  const words = new Dictionary()
  const indexes = new Uint32Array(count)
  let last = ''
  let index = 0
  for (let row = 0; row < count; row++) {
    const word = String(at(row))
    // Rows of a file are adjacent, and most columns have the same value in all of them.
    if (word !== last) {
      index = words.indexOf(word)
      last = word
    }
    indexes[row] = index
  }
  lowCardinality(sink, words.words, words.size, indexes)
}

function putWide(sink: ByteSink, { count, at }: Values): void {
  const words = new Uint32Array(count * 2)
  for (let row = 0; row < count; row++) putUint64(words, row, Number(at(row)))
  raw(sink, words)
}

/**
 * A map is an array of pairs: the end of each row's pairs, then all keys, then all values. The version of the dictionary
 * precedes the ends, because ClickHouse writes the state of nested columns first.
 */
function putMaps(sink: ByteSink, { count, at }: Values): void {
  const keys = new ByteSink()
  const ends = new Uint32Array(count * 2)
  const names: string[] = []
  const texts: string[] = []
  for (let row = 0; row < count; row++) {
    for (const [name, text] of Object.entries(at(row))) {
      names.push(name)
      texts.push(text)
    }
    putUint64(ends, row, names.length)
  }
  putWords(keys, { count: names.length, at: (pair) => names[pair] ?? '' })
  const encoded = keys.view()
  raw(sink, encoded.subarray(0, 8))
  raw(sink, ends)
  if (names.length === 0) return
  raw(sink, encoded.subarray(8))
  for (const text of texts) sink.string(text)
}
