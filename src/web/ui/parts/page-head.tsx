import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { visible } from '../../../triage/visible.ts'
import { Name } from './name.tsx'

/** The title of a page, also for the browser's tab. */
export function PageHead({
  title,
  tab = title,
  lead,
  children,
}: {
  readonly title: string
  readonly tab?: string
  readonly lead?: ComponentChildren
  readonly children?: ComponentChildren
}) {
  useEffect(() => {
    document.title = `${visible(tab)} · dcvlens`
  }, [tab])
  return (
    <header class="page-head">
      <div class="page-title">
        <h1>
          <Name of={title} />
        </h1>
        {lead !== undefined && <p class="lead">{lead}</p>}
      </div>
      {children !== undefined && <div class="page-actions">{children}</div>}
    </header>
  )
}
