import { visible } from '../../../triage/visible.ts'
import { foldedAlerts } from '../alert-groups.ts'
import type { AlertItem, Items, SessionItem } from '../answers.ts'
import { isHeldBack } from '../held-back.ts'
import { useAnswer } from '../use-answer.ts'
import { counted } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { Icon } from './icon.tsx'
import { Lasting } from './moment.tsx'

const SHOWN = 5

/** Alerts that fire and are not held back, worst first. All are asked for, since the overview names at most ten. */
export function Alerting({
  alerts: named,
  failing,
}: {
  readonly alerts: readonly AlertItem[]
  /** Desktops whose causes head the groups of their alerts. */
  readonly failing: readonly SessionItem[]
}) {
  const found = useAnswer<Items<AlertItem>>('alerts', { state: 'firing' })
  const firing = found.data?.items ?? named
  const alerts = firing.filter((alert) => !isHeldBack(alert))
  const held = firing.length - alerts.length
  const groups = foldedAlerts(alerts, failing)
  return (
    <Card
      title="Alerts"
      aside={
        <a href="/alerts">
          {alerts.length > SHOWN ? `${Math.min(groups.length, SHOWN)} of ${alerts.length}` : 'All'}
        </a>
      }
      class={alerts.length > 0 ? 'card-bad' : ''}
    >
      {alerts.length === 0 ? (
        <Empty title="No alerts" icon="check" />
      ) : (
        <ul class="side-list">
          {groups.slice(0, SHOWN).map(({ head, rest }) => (
            <li key={head.fingerprint}>
              <a class="alert-line" href={`/alerts/${encodeURIComponent(head.fingerprint)}`}>
                <Icon name="bell" size={14} />
                {alertTitle(head)}
              </a>
              <span class="dim">
                <Lasting iso={head.since} />
                {rest.length > 0 && ` · and ${rest.length} more`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {held > 0 && (
        <p class="dim">
          <a href="/alerts?state=held">{counted(held, 'other')}</a> held back
        </p>
      )}
    </Card>
  )
}

/** The title of an alert. */
export function alertTitle({ annotations, rule }: AlertItem): string {
  return visible(annotations['summary'] ?? annotations['title'] ?? rule)
}
