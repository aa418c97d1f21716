/** `key` ascending, `-key` descending. */
export type Order = string

/** A column that rows may be sorted by. */
type Sortable<Row> = { readonly key: string; sort?(row: Row): string | number }

/** Rows in the wanted order; equal ones keep their order. */
export function sortedBy<Row>(rows: readonly Row[], columns: readonly Sortable<Row>[], order: Order): Row[] {
  const isDown = order.startsWith('-')
  const sort = columns.find(({ key }) => key === (isDown ? order.slice(1) : order))?.sort
  if (sort === undefined) return [...rows]
  return rows.toSorted((a, b) => {
    const [x, y] = isDown ? [sort(b), sort(a)] : [sort(a), sort(b)]
    return x < y ? -1 : x > y ? 1 : 0
  })
}
