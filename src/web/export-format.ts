import { csvText } from './csv.ts'
import { parquetBytes } from './parquet.ts'

/** The file formats of an export. */
export const FORMATS = ['ndjson', 'csv', 'parquet'] as const
export type Format = (typeof FORMATS)[number]

/** One exported row of an answer. */
export type ExportRow = Readonly<Record<string, unknown>>

/** The columns of a table and the types of their values. */
export type Columns = Readonly<Record<string, 'text' | 'number' | 'flag' | 'time' | 'json'>>

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

/** Writes pages of rows, each one only after the one before has been taken. */
export function written(
  format: Format,
  columns: Columns,
  pages: AsyncIterable<readonly ExportRow[]>,
): AsyncIterable<string | Uint8Array> {
  switch (format) {
    case 'ndjson':
      return lines(pages)
    case 'csv':
      return csvText(columns, pages)
    case 'parquet':
      return parquetBytes(columns, pages)
  }
}

async function* lines(pages: AsyncIterable<readonly ExportRow[]>): AsyncGenerator<string> {
  for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}
