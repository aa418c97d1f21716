import { render } from 'preact'
import { App } from './app.tsx'
import { listenToKeys } from './keyboard.ts'
import { followHistory, followLink } from './router.ts'
import { applyTheme } from './theme.ts'

applyTheme()
followHistory()
addEventListener('click', followLink)
listenToKeys()
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
