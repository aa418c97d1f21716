import { NAVIGATION } from './navigation.ts'
import { go } from './router.ts'
import { shared } from './shared-state.ts'

/** Is the help open? */
export const isHelpOpen = shared(false)

/** What the keys of a list do; only one list of the page has them at a time. */
export type ListKeys = { move(by: number): void; open(): void; close?(): void }

/** The lists on the page; the newest one has the keys. */
const lists: ListKeys[] = []

/** Gives the keys to a list until the returned function is called. */
export function takeKeys(keys: ListKeys): () => void {
  lists.push(keys)
  return () => void lists.splice(lists.indexOf(keys), 1)
}

/** After `g`, the second key must come within this time. */
const CHORD_MS = 1500

/** Listens to the keys of the whole page; does nothing while somebody types. */
export function listenToKeys(): void {
  let chordUntil = 0
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (event.key === 'Escape') return leave()
    if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return
    const isChord = event.timeStamp < chordUntil
    chordUntil = !isChord && event.key === 'g' ? event.timeStamp + CHORD_MS : 0
    const place = isChord ? NAVIGATION.find(({ key }) => key === event.key) : undefined
    if (place !== undefined) go(place.path)
    else if (!isChord && act(event)) event.preventDefault()
  })
}

function act(event: KeyboardEvent): boolean {
  const keys = lists.at(-1)
  switch (event.key) {
    case '/':
      focusSearch()
      return true
    case '?':
      isHelpOpen.set(true)
      return true
    case 'j':
      keys?.move(1)
      return keys !== undefined
    case 'k':
      keys?.move(-1)
      return keys !== undefined
    case 'Enter':
      if (keys === undefined || isControl(event.target)) return false
      keys.open()
      return true
    default:
      return false
  }
}

function leave(): void {
  const active = document.activeElement
  if (active instanceof HTMLElement && isTyping(active)) active.blur()
  else lists.at(-1)?.close?.()
}

/** Focuses the search field of the current page, otherwise opens the page that has one. */
function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]')
  if (field === null) go('/search')
  else {
    field.focus()
    field.select()
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable)
  )
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('a, button, summary, [role=tab]')
}
