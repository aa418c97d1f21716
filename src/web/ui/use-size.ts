import { useEffect, useState } from 'preact/hooks'
import { shared } from './shared-state.ts'

/** The current width and height of an element; 0 before it is drawn. */
export function useSize<E extends Element>(): {
  readonly ref: (element: E | null) => void
  readonly element: E | null
  readonly width: number
  readonly height: number
} {
  const [element, setElement] = useState<E | null>(null)
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    if (element === null) return
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }))
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return { ref: setElement, element, ...size }
}

const narrowMedia = matchMedia('(max-width: 760px)')
/** Is there room for one column only? */
export const isNarrow = shared(narrowMedia.matches)
narrowMedia.addEventListener('change', () => isNarrow.set(narrowMedia.matches))
