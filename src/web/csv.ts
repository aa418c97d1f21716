import { stringify } from 'csv-stringify/sync'
import type { Columns, ExportRow } from './export-format.ts'

/**
 * Rows as CSV (RFC 4180). Texts that a spreadsheet would take for a formula get a leading apostrophe: otherwise whoever
 * writes a log could run something where the export is opened.
 */
export async function* csvText(
  columns: Columns,
  pages: AsyncIterable<readonly ExportRow[]>,
): AsyncGenerator<string> {
  const options = {
    columns: Object.keys(columns),
    escape_formulas: true,
    record_delimiter: 'windows',
  } as const
  yield stringify([], { ...options, header: true })
  for await (const rows of pages) yield stringify([...rows], options)
}
