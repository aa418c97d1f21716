import { useEffect, useState } from 'preact/hooks'
import { useSize } from './use-size.ts'
import { scrollTo, type Window, windowOf } from './virtual-window.ts'

export type Virtual = Window & {
  readonly ref: (element: HTMLElement | null) => void
  readonly element: HTMLElement | null
  onScroll(event: Event): void
  /** Scrolls until the row is visible. */
  show(row: number): void
  /** How far the end of the list is below the visible part, in pixels. */
  belowPx(): number
}

/** Draws only the visible rows of a long list; the element scrolls. */
export function useVirtual(count: number, rowPx: number): Virtual {
  const { ref, element, height } = useSize<HTMLElement>()
  const [scrollPx, setScroll] = useState(0)
  useEffect(() => {
    if (element !== null) setScroll(element.scrollTop)
  }, [element])
  return {
    ...windowOf({ count, rowPx, scrollPx, heightPx: height || 600 }),
    ref,
    element,
    onScroll: (event) => setScroll((event.currentTarget as HTMLElement).scrollTop),
    show(row) {
      if (element === null) return
      element.scrollTop = scrollTo(row, rowPx, element.scrollTop, element.clientHeight)
    },
    belowPx: () => (element === null ? 0 : element.scrollHeight - element.scrollTop - element.clientHeight),
  }
}
