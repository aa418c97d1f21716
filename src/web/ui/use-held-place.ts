import { useLayoutEffect, useState } from 'preact/hooks'

/**
 * Keeps what was clicked, or the list that is gone through by keys, where it is on the screen while a part comes that narrows
 * the page, and when it goes: what stands above becomes longer with less room.
 */
export function useHeldPlace(): void {
  // The first time this is called the page is still as it was.
  const [held] = useState(() => {
    const element = document.querySelector('main :focus') ?? document.querySelector('.log-list')
    return element === null ? undefined : { element, top: topOf(element) }
  })
  useLayoutEffect(() => {
    if (held === undefined) return
    moveBack(held.element, held.top)
    return () => {
      const top = topOf(held.element)
      queueMicrotask(() => moveBack(held.element, top))
    }
  }, [held])
}

function topOf(element: Element): number {
  return element.getBoundingClientRect().top
}

function moveBack(element: Element, top: number): void {
  if (element.isConnected) scrollBy({ top: topOf(element) - top, behavior: 'instant' })
}
