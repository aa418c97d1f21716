import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { type Order, sortedBy } from '../row-order.ts'
import { useShared } from '../shared-state.ts'
import { useChosenRow } from '../use-chosen-row.ts'
import { isNarrow } from '../use-size.ts'
import { useVirtual } from '../use-virtual.ts'

export type Column<Row> = {
  readonly key: string
  readonly title: string
  cell(row: Row): ComponentChildren
  /** The value to sort by; a column without it cannot be sorted. */
  sort?(row: Row): string | number
  /** Numbers are aligned right. */
  readonly isNumber?: boolean
  /** Left out if there is room for one column only. */
  readonly isWide?: boolean
}

const ROW_PX = 44
const NARROW_ROW_PX = 66

/** A long table with a fixed heading; sorted by a click on a heading, browsed with j, k and Enter. */
export function RowTable<Row>({
  rows,
  columns,
  keyOf,
  label,
  order,
  onOrder,
  onOpen,
}: {
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  keyOf(row: Row): string
  readonly label: string
  readonly order: Order
  onOrder(order: Order): void
  onOpen(row: Row): void
}) {
  const narrow = useShared(isNarrow)
  const rowPx = narrow ? NARROW_ROW_PX : ROW_PX
  const sorted = sortedBy(rows, columns, order)
  const view = useVirtual(sorted.length, rowPx)
  const selected = useChosenRow(sorted, onOpen)
  useEffect(() => {
    if (selected >= 0) view.show(selected)
  }, [selected])

  const shown = columns.filter(({ isWide }) => !narrow || isWide !== true)
  return (
    <section class="table-scroll" ref={view.ref} onScroll={view.onScroll} aria-label={label}>
      <table class="row-table" aria-rowcount={sorted.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {shown.map((column) => (
              <Heading key={column.key} column={column} order={order} onOrder={onOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Filler px={view.topPx} columns={shown.length} />
          {sorted.slice(view.first, view.end).map((row, i) => (
            <TableRow
              key={keyOf(row)}
              row={row}
              columns={shown}
              place={view.first + i}
              isSelected={view.first + i === selected}
              heightPx={rowPx}
              onOpen={onOpen}
            />
          ))}
          <Filler px={view.totalPx - view.end * rowPx} columns={shown.length} />
        </tbody>
      </table>
    </section>
  )
}

/** One row. A click on it opens it, unless a link or a button in it was meant. */
function TableRow<Row>({
  row,
  columns,
  place,
  isSelected,
  heightPx,
  onOpen,
}: {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  /** Its index among all rows, from 0. */
  readonly place: number
  readonly isSelected: boolean
  readonly heightPx: number
  onOpen(row: Row): void
}) {
  return (
    <tr
      aria-rowindex={place + 2}
      class={`row ${isSelected ? 'is-selected' : ''}`}
      style={{ height: `${heightPx}px` }}
      onClick={({ target }) => {
        if (!(target instanceof Element) || target.closest('a, button') === null) onOpen(row)
      }}
    >
      {columns.map((column) => (
        <td key={column.key} class={classOf(column)}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

function classOf<Row>({ key, isNumber }: Column<Row>): string {
  return `${isNumber === true ? 'number' : ''} column-${key}`
}

/** Stands for the rows above or below those that are drawn. */
function Filler({ px, columns }: { readonly px: number; readonly columns: number }) {
  if (px <= 0) return null
  return (
    <tr class="filler" style={{ height: `${px}px` }}>
      <td colSpan={columns} />
    </tr>
  )
}

function Heading<Row>({
  column,
  order,
  onOrder,
}: {
  readonly column: Column<Row>
  readonly order: Order
  onOrder(order: Order): void
}) {
  const { key, title, sort } = column
  const direction = order === key ? 'ascending' : order === `-${key}` ? 'descending' : 'none'
  const className = classOf(column)
  if (sort === undefined) return <th class={className}>{title}</th>
  return (
    <th class={className} aria-sort={direction}>
      <button
        type="button"
        class="sort"
        onClick={() => onOrder(direction === 'descending' ? key : `-${key}`)}
      >
        {title}
        <span class="sort-mark" aria-hidden="true">
          {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
        </span>
      </button>
    </th>
  )
}
