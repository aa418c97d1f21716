import { shared } from './shared-state.ts'

/** The user's choice; `system` follows the system. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'dcvlens-theme'
export const theme = shared<Theme>(storedTheme())

/** Applies the choice now and whenever it changes. */
export function applyTheme(): void {
  const apply = () => {
    const chosen = theme.get()
    if (chosen === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
    try {
      localStorage.setItem(KEY, chosen)
    } catch {
      // A browser without storage shows the system's theme next time.
    }
  }
  theme.watch(apply)
  apply()
}

/** Switches between light and dark, starting from the visible one. */
export function toggleTheme(): void {
  theme.set(isDark() ? 'light' : 'dark')
}

/** Is the page dark now, by choice or because the system is? */
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
