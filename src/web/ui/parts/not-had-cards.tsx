import type { ServiceStatus } from '../answers.ts'
import { counted } from '../words.ts'
import { Card } from './card.tsx'
import { Name } from './name.tsx'

/** Files of which nothing can be read, with the reason of each. Nothing if there are none. */
export function NotRead({ now }: { readonly now: ServiceStatus }) {
  const { count, items = [] } = now.not_read
  if (count === 0) return null
  return (
    <Card title={`${counted(count, 'file')} cannot be read`} class="card-warn">
      <ul class="plain-list">
        {items.map(({ path, reason, detail }) => (
          <li key={path}>
            <code>
              <Name of={path} />
            </code>
            <span class="dim">
              {reason}
              {detail !== undefined && detail !== '' && `: ${detail}`}
            </span>
          </li>
        ))}
        {items.length < count && <li class="dim">and {counted(count - items.length, 'other')}</li>}
      </ul>
    </Card>
  )
}

/** Why rules about several events store nothing now. Nothing if they do. */
export function HeldUp({ reasons }: { readonly reasons: readonly string[] }) {
  if (reasons.length === 0) return null
  return (
    <Card title="Rules about several events wait" class="card-warn">
      <ul class="plain-list">
        {reasons.map((reason) => (
          <li key={reason}>
            <Name of={reason} />
          </li>
        ))}
        <li class="dim">Where they hold is stored when this is over; `diagnose` tells it meanwhile.</li>
      </ul>
    </Card>
  )
}

/** Databases of portals that cannot be read, and what that costs. Nothing if there are none. */
export function PortalNotRead({ portal: { not_read } }: Pick<ServiceStatus, 'portal'>) {
  if (not_read.length === 0) return null
  return (
    <Card title={`${counted(not_read.length, 'portal database')} not read`} class="card-warn">
      <ul class="plain-list">
        {not_read.map(({ reason }) => (
          <li key={reason}>
            <code>
              <Name of={reason} />
            </code>
          </li>
        ))}
        <li class="dim">
          Desktops that wrote no log are not found by it, and its word on the others is not known. Let this
          user read it; `dcvlens doctor` checks that.
        </li>
      </ul>
    </Card>
  )
}
