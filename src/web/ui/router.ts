import { shared, useShared } from './shared-state.ts'
import { type Query, type QueryChange, readQuery, withChange, writeQuery } from './url-state.ts'

/** The current view; the address contains all of it. */
export type Place = { readonly path: string; readonly query: Query }

const place = shared<Place>(readPlace())

/** Follows the address bar and the back button. */
export function followHistory(): void {
  addEventListener('popstate', () => place.set(readPlace()))
}

/** The path and query of the address; the component is drawn again when they change. */
export function usePlace(): Place {
  return useShared(place)
}

/** Goes to an address of this page; `replace` leaves no entry for the back button. */
export function go(href: string, options: { readonly replace?: boolean } = {}): void {
  if (href === location.pathname + location.search) return
  if (options.replace === true) history.replaceState(null, '', href)
  else history.pushState(null, '', href)
  const before = place.get().path
  place.set(readPlace())
  if (before !== place.get().path) scrollTo(0, 0)
}

/** Changes some keys of the view. */
export function changeQuery(change: QueryChange, options: { readonly replace?: boolean } = {}): void {
  const { path, query } = readPlace()
  go(path + writeQuery(withChange(query, change)), options)
}

/** Follows a link within this page without loading; clicks with modifier keys are left to the browser. */
export function followLink(event: MouseEvent): void {
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
  if (!isPlain || event.defaultPrevented || !(event.target instanceof Element)) return
  const link = event.target.closest('a')
  if (link === null || link.origin !== location.origin) return
  if (link.target !== '' || link.hasAttribute('download') || link.hash !== '') return
  if (link.pathname.startsWith('/api/') || link.pathname === '/metrics') return
  event.preventDefault()
  go(link.pathname + link.search)
}

function readPlace(): Place {
  return { path: location.pathname, query: readQuery(location.search) }
}
