import { shared } from './shared-state.ts'

/** What the user chose; `system` follows the system. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'dcvlens-theme'
export const theme = shared<Theme>(storedTheme())

/** Puts the choice on the page now and whenever it changes. */
export function applyTheme(): void {
  const apply = () => {
    const chosen = theme.get()
    if (chosen === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
    try {
      localStorage.setItem(KEY, chosen)
    } catch {
      // A browser that keeps nothing shows the system's theme the next time.
    }
  }
  theme.watch(apply)
  apply()
}

/** The other of light and dark, from what is seen now. */
export function toggleTheme(): void {
  theme.set(isDark() ? 'light' : 'dark')
}

export function isDark(): boolean {
  const chosen = theme.get()
  return chosen === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
}

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}
