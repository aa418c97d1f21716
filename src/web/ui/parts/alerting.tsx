import type { AlertItem } from '../answers.ts'
import { Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { Icon } from './icon.tsx'
import { Age } from './moment.tsx'

/** Alerts that fire now. */
export function Alerting({ alerts }: { readonly alerts: readonly AlertItem[] }) {
  return (
    <Card title="Alerts" aside={<a href="/alerts">All</a>} class={alerts.length > 0 ? 'card-bad' : ''}>
      {alerts.length === 0 ? (
        <Empty title="No alert fires" icon="check" />
      ) : (
        <ul class="side-list">
          {alerts.slice(0, 5).map((alert) => (
            <li key={alert.fingerprint}>
              <a class="alert-line" href="/alerts?state=firing">
                <Icon name="bell" size={14} />
                {alertTitle(alert)}
              </a>
              <span class="dim">
                since <Age iso={alert.since} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

/** An alert in words. */
export function alertTitle({ annotations, rule }: AlertItem): string {
  return annotations['summary'] ?? annotations['title'] ?? rule
}
