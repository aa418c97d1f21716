/** Which rows of a long list are in the visible window. All rows have the same height. */
export type Window = {
  /** The first row to draw, and the one after the last. */
  readonly first: number
  readonly end: number
  /** The top of the first row and the height of the whole list, in pixels. */
  readonly topPx: number
  readonly totalPx: number
}

/** The rows of a long list that are drawn at this scroll position, with some beyond both edges; all rows have one height. */
export function windowOf({
  count,
  rowPx,
  scrollPx,
  heightPx,
  spare = 12,
}: {
  readonly count: number
  readonly rowPx: number
  readonly scrollPx: number
  readonly heightPx: number
  /** Rows to draw beyond both edges. */
  readonly spare?: number
}): Window {
  const totalPx = count * rowPx
  const top = Math.min(Math.max(scrollPx, 0), Math.max(totalPx - heightPx, 0))
  const first = Math.max(0, Math.floor(top / rowPx) - spare)
  const end = Math.min(count, Math.ceil((top + heightPx) / rowPx) + spare)
  return { first, end, topPx: first * rowPx, totalPx }
}

/** Where to scroll to make a row visible: nowhere if it is already, otherwise so that it is near the middle. */
export function scrollTo(row: number, rowPx: number, scrollPx: number, heightPx: number): number {
  const top = row * rowPx
  if (top >= scrollPx && top + rowPx <= scrollPx + heightPx) return scrollPx
  const isNear = top > scrollPx - 2 * rowPx && top < scrollPx + heightPx + rowPx
  if (isNear) return top < scrollPx ? top : top + rowPx - heightPx
  return Math.max(0, top - Math.floor(heightPx / 2))
}
