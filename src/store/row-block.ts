import { ByteSink, columnHead, Dictionary, lowCardinality, putUint64, raw } from './native.ts'

/** How a column of a small table is written. */
type ColumnType =
  | 'LowCardinality(String)'
  | 'String'
  | 'UInt8'
  | 'UInt32'
  | 'UInt64'
  | 'Int8'
  | "DateTime64(6, 'UTC')"
  | "DateTime64(3, 'UTC')"
  | 'Map(LowCardinality(String), String)'

type ColumnValue = string | number | Readonly<Record<string, string>>
export type ColumnSpec<Row> = {
  readonly name: string
  readonly type: ColumnType
  readonly value: (row: Row) => ColumnValue
}

/** Rows of a table with few of them, as one block of Native format; `lines` has a faster way of its own. */
export function nativeBlock<Row>(columns: readonly ColumnSpec<Row>[], rows: readonly Row[]): Buffer {
  const sink = new ByteSink(rows.length * 256 + 4096)
  sink.varint(columns.length)
  sink.varint(rows.length)
  for (const column of columns) {
    columnHead(sink, column.name, column.type)
    WRITERS[column.type](sink, rows.map(column.value))
  }
  return sink.view()
}

const WRITERS: Record<ColumnType, (sink: ByteSink, values: readonly ColumnValue[]) => void> = {
  'LowCardinality(String)': (sink, values) => putWords(sink, values.map(String)),
  String: (sink, values) => {
    for (const value of values) sink.string(String(value))
  },
  UInt8: (sink, values) => raw(sink, Uint8Array.from(values, Number)),
  Int8: (sink, values) => raw(sink, Int8Array.from(values, Number)),
  UInt32: (sink, values) => raw(sink, Uint32Array.from(values, Number)),
  UInt64: putWide,
  "DateTime64(6, 'UTC')": putWide,
  "DateTime64(3, 'UTC')": putWide,
  'Map(LowCardinality(String), String)': (sink, values) =>
    putMaps(sink, values as readonly Readonly<Record<string, string>>[]),
}

function putWords(sink: ByteSink, values: readonly string[]): void {
  const words = new Dictionary()
  const indexes = Uint32Array.from(values, (value) => words.indexOf(value))
  lowCardinality(sink, words.words, words.size, indexes)
}

function putWide(sink: ByteSink, values: readonly ColumnValue[]): void {
  const words = new Uint32Array(values.length * 2)
  values.forEach((value, row) => {
    putUint64(words, row, Number(value))
  })
  raw(sink, words)
}

/**
 * A map is an array of pairs: the end of each row's pairs, then all keys, then all values. The dictionary's version
 * comes before the ends, because ClickHouse writes the state of nested columns first.
 */
function putMaps(sink: ByteSink, maps: readonly Readonly<Record<string, string>>[]): void {
  const keys = new ByteSink()
  const ends = new Uint32Array(maps.length * 2)
  let end = 0
  maps.forEach((map, row) => {
    end += Object.keys(map).length
    putUint64(ends, row, end)
  })
  putWords(
    keys,
    maps.flatMap((map) => Object.keys(map)),
  )
  const encoded = keys.view()
  raw(sink, encoded.subarray(0, 8))
  raw(sink, ends)
  if (end === 0) return
  raw(sink, encoded.subarray(8))
  for (const map of maps) for (const value of Object.values(map)) sink.string(value)
}
