import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { microsOf } from '../triage/place.ts'
import type { Columns, ExportRow } from './export-format.ts'

type Kind = Columns[string]

/** The Parquet types of columns; every value is optional. */
const ELEMENTS = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  number: { type: 'DOUBLE' },
  flag: { type: 'BOOLEAN' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
} as const

/** Rows as a Parquet file with one row group per page, so that only one page is in memory. */
export async function* parquetBytes(
  columns: Columns,
  pages: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter()
  const names = Object.keys(columns)
  const elements = names.map((name) => ({
    name,
    repetition_type: 'OPTIONAL' as const,
    ...ELEMENTS[columns[name] ?? 'text'],
  }))
  const parquet = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: names.length }, ...elements],
    createdBy: 'dcvlens',
  })
  for await (const rows of pages) {
    const columnData = names.map((name) => ({
      name,
      data: rows.map((row) => stored(row[name], columns[name] ?? 'text')),
    }))
    await parquet.write({ columnData, rowGroupSize: Math.max(1, rows.length) })
    yield taken(bytes)
  }
  await parquet.finish()
  yield taken(bytes)
}

/** Returns what was written since the last call; the writer starts anew but keeps counting. */
function taken(bytes: ByteWriter): Uint8Array {
  const copy = bytes.getBytes().slice()
  bytes.index = 0
  return copy
}

function stored(value: unknown, kind: Kind): unknown {
  if (value === undefined || value === null) return undefined
  if (kind === 'time') return BigInt(microsOf(`${value}`))
  return kind === 'json' ? JSON.stringify(value) : value
}
