import type { ComponentChildren } from 'preact'
import { AlertsPage } from './pages/alerts.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { OverviewPage } from './pages/overview.tsx'
import { RulePage } from './pages/rule.tsx'
import { RulesPage } from './pages/rules.tsx'
import { SearchPage } from './pages/search.tsx'
import { SessionPage } from './pages/session.tsx'
import { SessionsPage } from './pages/sessions.tsx'
import { SignaturePage } from './pages/signature.tsx'
import { SignaturesPage } from './pages/signatures.tsx'
import { StatusPage } from './pages/status.tsx'
import { pathParts } from './url-state.ts'

/** The page of a path. */
export function pageOf(path: string): ComponentChildren {
  const [place = '', first, ...rest] = pathParts(path)
  if (first === undefined) return listPage(place)
  const id = [first, ...rest].join('/')
  if (place === 'sessions') return <SessionPage key={id} session={id} />
  if (place === 'signatures') return <SignaturePage key={id} id={id} />
  if (place === 'alerts') return <AlertsPage key={id} fingerprint={id} />
  if (place === 'rules') return <RulePage key={id} id={id} />
  return <NotFoundPage />
}

function listPage(place: string): ComponentChildren {
  switch (place) {
    case '':
      return <OverviewPage />
    case 'sessions':
      return <SessionsPage />
    case 'signatures':
      return <SignaturesPage />
    case 'search':
      return <SearchPage />
    case 'alerts':
      return <AlertsPage />
    case 'rules':
      return <RulesPage />
    case 'status':
      return <StatusPage />
    default:
      return <NotFoundPage />
  }
}
