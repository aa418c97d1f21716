import { useEffect, useRef } from 'preact/hooks'
import type { AlertItem, Items } from '../answers.ts'
import { isHeldBack } from '../held-back.ts'
import { isHelpOpen } from '../keyboard.ts'
import { NAVIGATION } from '../navigation.ts'
import { useShared } from '../shared-state.ts'
import { isDark, theme, toggleTheme } from '../theme.ts'
import { useAnswer } from '../use-answer.ts'
import { Icon } from './icon.tsx'
import { Pulse } from './pulse.tsx'

/** Links to the pages, and whether the service is well. */
export function Navigation({ path }: { readonly path: string }) {
  const places = useRef<HTMLElement>(null)
  // If the links are in one row, scrolls to that of the current page.
  useEffect(() => {
    const nav = places.current
    const here = nav?.querySelector<HTMLElement>('[aria-current=page]')
    if (nav == null || here == null) return
    nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2
  }, [path])
  return (
    <header class="rail">
      <Brand />
      <nav aria-label="pages" ref={places}>
        {NAVIGATION.map((place) => {
          const isHere = place.path === '/' ? path === '/' : path.startsWith(place.path)
          return (
            <a
              key={place.path}
              class="rail-link"
              href={place.path}
              aria-current={isHere ? 'page' : undefined}
            >
              <Icon name={place.icon} />
              <span>{place.title}</span>
              {place.path === '/alerts' && <AlertCount />}
            </a>
          )
        })}
      </nav>
      <div class="rail-foot">
        <Pulse />
        <div class="rail-tools">
          <ThemeButton />
          <KeysButton />
        </div>
      </div>
    </header>
  )
}

function Brand() {
  return (
    <a class="brand" href="/" aria-label="dcvlens, overview">
      <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" class="brand-ground" />
        <circle cx="14" cy="14" r="6.5" class="brand-lens" />
        <path d="m19 19 6 6" class="brand-lens" />
      </svg>
      dcvlens
    </a>
  )
}

function KeysButton() {
  return (
    <button
      type="button"
      class="button button-quiet"
      aria-label="Keys"
      title="Keys (?)"
      onClick={() => isHelpOpen.set(true)}
    >
      <Icon name="question" />
    </button>
  )
}

function ThemeButton() {
  useShared(theme)
  const title = isDark() ? 'Light colours' : 'Dark colours'
  return (
    <button type="button" class="button button-quiet" aria-label={title} title={title} onClick={toggleTheme}>
      <Icon name={isDark() ? 'sun' : 'moon'} />
    </button>
  )
}

/** The number of alerts that fire and are not held back. */
function AlertCount() {
  const { data } = useAnswer<Items<AlertItem>>('alerts', { state: 'firing' }, { everyMs: 20_000 })
  const count = (data?.items ?? []).filter((alert) => !isHeldBack(alert)).length
  if (count === 0) return null
  return (
    <span class="rail-count">
      {count.toLocaleString('en')}
      <span class="visually-hidden"> firing</span>
    </span>
  )
}
