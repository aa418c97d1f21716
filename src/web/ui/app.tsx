import { Banner } from './parts/banner.tsx'
import { HelpDialog } from './parts/help-dialog.tsx'
import { Navigation } from './parts/navigation.tsx'
import { usePlace } from './router.ts'
import { pageOf } from './routes.tsx'

/** The frame of every page: navigation, trouble with the connection, and the page itself. */
export function App() {
  const { path } = usePlace()
  return (
    <div class="app">
      <a class="skip-link" href="#main">
        Skip to the page
      </a>
      <Navigation path={path} />
      <div class="content">
        <Banner />
        <main id="main" tabIndex={-1}>
          {pageOf(path)}
        </main>
      </div>
      <HelpDialog />
    </div>
  )
}
