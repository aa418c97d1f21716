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

/**
 * Writes pages of rows, each one only after the one before has been taken. Few services ever export a table: what writes one is
 * loaded when it is first needed.
 */
export async function* written(
  format: Format,
  columns: Columns,
  pages: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<string | Uint8Array> {
  switch (format) {
    case 'ndjson':
      return yield* lines(pages)
    case 'csv':
      return yield* (await import('./csv.ts')).csvText(columns, pages)
    case 'parquet':
      return yield* (await import('./parquet.ts')).parquetBytes(columns, pages)
  }
}

async function* lines(pages: AsyncIterable<readonly ExportRow[]>): AsyncGenerator<string> {
  for await (const rows of pages) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}
