/** How a column gives way on a terminal that is too narrow for the table. */
export type Giving = {
  /** It may be cut, but not below this many characters. */
  readonly least?: number
  /** Where cutting does not suffice, columns are left out, the one with the lowest number first; without one it stays. */
  readonly spare?: number
}

/** A column as it is shown: its index, and its width in characters. */
export type Fitted = { readonly index: number; readonly width: number }

/**
 * The columns that fit into `room` characters with `gap` between them, from their full `widths`. What cannot give way is
 * shown in full, even if the terminal then wraps it.
 */
export function fitColumns(
  columns: readonly Giving[],
  widths: readonly number[],
  { room, gap }: { readonly room: number; readonly gap: number },
): Fitted[] {
  const full = (index: number) => widths[index] ?? 0
  const least = (index: number) => Math.min(full(index), columns[index]?.least ?? full(index))
  const spare = (index: number) => columns[index]?.spare ?? Number.POSITIVE_INFINITY
  const left = (shown: readonly number[]) =>
    room - gap * (shown.length - 1) - shown.reduce((sum, index) => sum + least(index), 0)
  let shown = columns.map((_, index) => index)
  while (left(shown) < 0) {
    const next = shown.reduce((a, b) => (spare(b) < spare(a) ? b : a))
    if (spare(next) === Number.POSITIVE_INFINITY) break
    shown = shown.filter((index) => index !== next)
  }
  return shared(shown, { full, least }, left(shown))
}

/** Gives what is left of the room to the columns that are cut, to the narrowest one first. */
function shared(
  shown: readonly number[],
  { full, least }: Readonly<Record<'full' | 'least', (index: number) => number>>,
  room: number,
): Fitted[] {
  const fitted = shown.map((index) => ({ index, width: least(index) }))
  for (let left = room; left > 0; left--) {
    const cut = fitted.filter(({ index, width }) => width < full(index))
    if (cut.length === 0) break
    cut.reduce((a, b) => (b.width < a.width ? b : a)).width++
  }
  return fitted
}
