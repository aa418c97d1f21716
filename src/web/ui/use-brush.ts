import { useRef, useState } from 'preact/hooks'
import { brushed } from './time-axis.ts'
import type { Range } from './time-range.ts'

/** A span of a plot, in parts of its width from 0 to 1; `from`, where the drag began, may be right of `to`. */
export type Brush = { readonly from: number; readonly to: number }

/** A drag over the plot selects a range, a click a point; both in parts of its width. */
export function useBrush(
  range: Range,
  onZoom: (range: Range) => void,
  onClick: (part: number, y: number) => void,
) {
  const [shown, setShown] = useState<Brush>()
  const begun = useRef<number | undefined>(undefined)
  const partOf = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    return { part: (event.clientX - box.left) / Math.max(box.width, 1), y: event.clientY - box.top }
  }
  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return
      begun.current = partOf(event).part
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent) {
      if (begun.current !== undefined) setShown({ from: begun.current, to: partOf(event).part })
    },
    onPointerUp(event: PointerEvent) {
      const from = begun.current
      begun.current = undefined
      setShown(undefined)
      if (from === undefined) return
      const { part, y } = partOf(event)
      const zoomed = brushed(range, from, part)
      if (zoomed === undefined) onClick(part, y)
      else onZoom(zoomed)
    },
    onPointerCancel() {
      begun.current = undefined
      setShown(undefined)
    },
  }
  return { shown, handlers }
}
