import { type Fitted, fitColumns, type Giving } from './fit-columns.ts'
import type { Io } from './io.ts'
import { paint } from './paint.ts'
import { oneLine } from './printable.ts'

/** A column: its heading, the text of a row in it, and whether it is aligned right, as numbers are. */
export type TableColumn<Row> = Giving & {
  readonly head: string
  readonly cell: (row: Row) => string
  /** The end of the text that stays when the cell is cut, such as an id. */
  readonly tail?: (row: Row) => string
  readonly right?: boolean
  /** Colours the padded cell; widths are those of the plain text. */
  readonly paint?: (row: Row, cell: string) => string
}

const GAP = '  '

/**
 * Rows as aligned text, safe for a terminal; the last column is not padded. On a terminal that is too narrow, columns give
 * way, and a last line names those that are left out; elsewhere the text is complete.
 */
export function tableText<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[], io: Io): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.cell(row))))
  const widths = columns.map((column, i) =>
    Math.max(column.head.length, ...cells.map((line) => (line[i] ?? '').length)),
  )
  const room = io.outIsTerminal ? io.columns : Number.POSITIVE_INFINITY
  const fitted =
    room === Number.POSITIVE_INFINITY
      ? widths.map((width, index) => ({ index, width }))
      : fitColumns(columns, widths, { room, gap: GAP.length })
  const last = fitted.at(-1)?.index
  const line = (texts: readonly string[], finish: (text: string, index: number) => string) =>
    fitted
      .map(({ index, width }) => {
        const text = texts[index] ?? ''
        if (columns[index]?.right === true) return finish(text.padStart(width), index)
        return finish(index === last ? text : text.padEnd(width), index)
      })
      .join(GAP)
      .trimEnd()
  const lines = rows.map((row, r) => {
    const texts = cutTexts(columns, cells[r] ?? [], { row, fitted })
    return line(texts, (text, index) => columns[index]?.paint?.(row, text) ?? text)
  })
  const heads = columns.map(({ head }) => ({ head, cell: () => head }))
  const head = line(
    cutTexts(
      heads,
      heads.map((column) => column.head),
      { row: undefined, fitted },
    ),
    (text) => text,
  )
  return `${[head, ...lines, ...leftOut(columns, fitted, io)].join('\n')}\n`
}

/** The texts of a row, cut to the widths of their columns. */
function cutTexts<Row>(
  columns: readonly TableColumn<Row>[],
  texts: readonly string[],
  { row, fitted }: { readonly row: Row; readonly fitted: readonly Fitted[] },
): string[] {
  const cut = [...texts]
  for (const { index, width } of fitted) {
    cut[index] = cutText(texts[index] ?? '', oneLine(columns[index]?.tail?.(row) ?? ''), width)
  }
  return cut
}

/** A text cut to `width` characters: before its end `tail`, if this leaves something to read before it. */
function cutText(text: string, tail: string, width: number): string {
  if (text.length <= width) return text
  const before = width - tail.length - 1
  if (tail === '') return `${text.slice(0, before).trimEnd()}…`
  return before < LEAST_BEFORE
    ? cutText(tail.trim(), '', width)
    : `${text.slice(0, before).trimEnd()}…${tail}`
}

const LEAST_BEFORE = 8

function leftOut<Row>(columns: readonly TableColumn<Row>[], fitted: readonly Fitted[], io: Io): string[] {
  const shown = new Set(fitted.map(({ index }) => index))
  const heads = columns.filter((_, index) => !shown.has(index)).map(({ head }) => head)
  if (heads.length === 0) return []
  return [paint(io, 'dim', `not shown on a narrow terminal: ${heads.join(', ')}`)]
}
