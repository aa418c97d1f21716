import { oneLine } from './printable.ts'

/** A column: its heading, the text of a row in it, and whether it is aligned right, as numbers are. */
export type TableColumn<Row> = {
  readonly head: string
  readonly cell: (row: Row) => string
  readonly right?: boolean
  /** Colours the padded cell; widths are those of the plain text. */
  readonly paint?: (row: Row, cell: string) => string
}

/** Rows as aligned text, safe for a terminal; the last column is not padded. */
export function tableText<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.cell(row))))
  const widths = columns.map((column, i) =>
    Math.max(column.head.length, ...cells.map((line) => (line[i] ?? '').length)),
  )
  const pad = (text: string, i: number) => {
    if (columns[i]?.right === true) return text.padStart(widths[i] ?? 0)
    return i === columns.length - 1 ? text : text.padEnd(widths[i] ?? 0)
  }
  const head = columns.map((column, i) => pad(column.head, i)).join('  ')
  const lines = rows.map((row, r) =>
    columns
      .map((column, i) => {
        const cell = pad(cells[r]?.[i] ?? '', i)
        return column.paint === undefined ? cell : column.paint(row, cell)
      })
      .join('  '),
  )
  return `${[head, ...lines].map((line) => line.trimEnd()).join('\n')}\n`
}
