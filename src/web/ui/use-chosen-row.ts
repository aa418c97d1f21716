import { useEffect, useRef, useState } from 'preact/hooks'
import { takeKeys } from './keyboard.ts'

/**
 * The index of the row that is chosen by the keys of a list, -1 for none: j and k move down and up, Enter
 * opens the chosen one, Escape chooses none.
 */
export function useChosenRow<Row>(rows: readonly Row[], onOpen: (row: Row) => void): number {
  const [chosen, setChosen] = useState(-1)
  const now = useRef({ rows, chosen, onOpen })
  now.current = { rows, chosen, onOpen }
  useEffect(
    () =>
      takeKeys({
        move: (by) => setChosen((at) => Math.min(Math.max(at + by, 0), now.current.rows.length - 1)),
        open() {
          const row = now.current.rows[now.current.chosen]
          if (row !== undefined) now.current.onOpen(row)
        },
        close: () => setChosen(-1),
      }),
    [],
  )
  return chosen
}
