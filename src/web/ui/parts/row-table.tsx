import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { takeKeys } from '../keyboard.ts'
import { type Order, sortedBy } from '../row-order.ts'
import { useShared } from '../shared-state.ts'
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
  const [selected, setSelected] = useState(-1)
  const now = useRef({ sorted, selected, onOpen })
  now.current = { sorted, selected, onOpen }

  useEffect(
    () =>
      takeKeys({
        move: (by) => setSelected((at) => Math.min(Math.max(at + by, 0), now.current.sorted.length - 1)),
        open() {
          const row = now.current.sorted[now.current.selected]
          if (row !== undefined) now.current.onOpen(row)
        },
        close: () => setSelected(-1),
      }),
    [],
  )
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
            <tr
              key={keyOf(row)}
              aria-rowindex={view.first + i + 2}
              class={`row ${view.first + i === selected ? 'is-selected' : ''}`}
              style={{ height: `${rowPx}px` }}
              onClick={(event) => {
                if (!(event.target instanceof Element) || event.target.closest('a, button') === null)
                  onOpen(row)
              }}
            >
              {shown.map((column) => (
                <td
                  key={column.key}
                  class={`${column.isNumber === true ? 'number' : ''} column-${column.key}`}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Filler px={view.totalPx - view.end * rowPx} columns={shown.length} />
        </tbody>
      </table>
    </section>
  )
}

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
  const { key, title, sort, isNumber } = column
  const direction = order === key ? 'ascending' : order === `-${key}` ? 'descending' : 'none'
  const className = `${isNumber === true ? 'number' : ''} column-${key}`
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
