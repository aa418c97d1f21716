/** Which rows of a long list stand in the window that is seen. Rows have one height. */
export type Window = {
  /** First row to draw, and the one behind the last. */
  readonly first: number
  readonly end: number
  /** Where the first row stands, and how high the whole list is, in pixels. */
  readonly topPx: number
  readonly totalPx: number
}

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
  /** Rows drawn beyond both edges. */
  readonly spare?: number
}): Window {
  const totalPx = count * rowPx
  const top = Math.min(Math.max(scrollPx, 0), Math.max(totalPx - heightPx, 0))
  const first = Math.max(0, Math.floor(top / rowPx) - spare)
  const end = Math.min(count, Math.ceil((top + heightPx) / rowPx) + spare)
  return { first, end, topPx: first * rowPx, totalPx }
}

/** Where to scroll so that a row is seen: not at all where it is, else so that it stands near the middle. */
export function scrollTo(row: number, rowPx: number, scrollPx: number, heightPx: number): number {
  const top = row * rowPx
  if (top >= scrollPx && top + rowPx <= scrollPx + heightPx) return scrollPx
  const isNear = top > scrollPx - 2 * rowPx && top < scrollPx + heightPx + rowPx
  if (isNear) return top < scrollPx ? top : top + rowPx - heightPx
  return Math.max(0, top - Math.floor(heightPx / 2))
}
