import { useLayoutEffect, useState } from 'preact/hooks'

/**
 * Keeps the clicked element, or the list that is browsed by keys, at its place on the screen when a panel opens that narrows
 * the page, and when it closes: what is above it needs more height with less width.
 */
export function useHeldPlace(): void {
  // At the first call, the page still has its old layout.
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
