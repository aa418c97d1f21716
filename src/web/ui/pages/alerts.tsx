import { useState } from 'preact/hooks'
import { countsByState, foldedAlerts } from '../alert-groups.ts'
import type { AlertItem, Items, SessionItem, SilenceItem } from '../answers.ts'
import { listedState } from '../held-back.ts'
import { AlertCard } from '../parts/alert-card.tsx'
import { AnswerState, Empty } from '../parts/answer-state.tsx'
import { ChoiceFilter } from '../parts/choice-filter.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { SilenceDialog } from '../parts/silence-dialog.tsx'
import { Silences } from '../parts/silences.tsx'
import { usePlace } from '../router.ts'
import { useAnswer } from '../use-answer.ts'

const STATES = [
  ['', 'All'],
  ['firing', 'Firing'],
  ['held', 'Held back'],
  ['pending', 'Pending'],
  ['resolved', 'Resolved'],
] as const

/** Alerts and silences. */
export function AlertsPage({ fingerprint }: { readonly fingerprint?: string }) {
  const { query } = usePlace()
  const [silencing, setSilencing] = useState<AlertItem>()
  const alerts = useAnswer<Items<AlertItem>>('alerts')
  const sessions = useAnswer<Items<SessionItem>>('sessions', { limit: 1000 }, { everyMs: 60_000 })
  const counts = countsByState(alerts.data?.items ?? [])
  const choices = STATES.map(([value, title]) => ({ value, title: `${title} ${counts[value] ?? 0}` }))
  const silences = useAnswer<Items<SilenceItem>>('silences')
  return (
    <>
      <PageHead title="Alerts" lead="What is told to people, and what is kept quiet.">
        <ChoiceFilter name="state" label="state of alerts" choices={choices} />
      </PageHead>
      <AnswerState answer={alerts} rows={6}>
        {({ items }) => {
          const shown = items.filter((alert) =>
            fingerprint === undefined
              ? query['state'] === undefined || listedState(alert) === query['state']
              : alert.fingerprint.startsWith(fingerprint),
          )
          if (shown.length === 0)
            return (
              <Empty
                title={fingerprint === undefined ? 'No alerts' : 'No alert has this address'}
                icon={fingerprint === undefined ? 'check' : 'question'}
              >
                {fingerprint !== undefined && (
                  <p>
                    It may be over for long, or the address may be wrong. <a href="/alerts">All alerts</a>
                  </p>
                )}
              </Empty>
            )
          return (
            <ul class="alerts">
              {foldedAlerts(shown, sessions.data?.items ?? []).map((group) => (
                <AlertCard
                  key={group.head.fingerprint}
                  group={group}
                  alerts={items}
                  silences={silences.data?.items ?? []}
                  onSilence={() => setSilencing(group.head)}
                />
              ))}
            </ul>
          )
        }}
      </AnswerState>
      <AnswerState answer={silences} rows={2}>
        {({ items }) => <Silences silences={items} onChanged={silences.again} />}
      </AnswerState>
      {silencing !== undefined && (
        <SilenceDialog
          alert={silencing}
          onClose={() => setSilencing(undefined)}
          onDone={() => {
            setSilencing(undefined)
            silences.again()
            alerts.again()
          }}
        />
      )}
    </>
  )
}
