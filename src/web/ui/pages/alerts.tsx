import { useState } from 'preact/hooks'
import type { AlertItem, Items, SilenceItem } from '../answers.ts'
import { AlertCard } from '../parts/alert-card.tsx'
import { AnswerState, Empty } from '../parts/answer-state.tsx'
import { ChoiceFilter } from '../parts/choice-filter.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { SilenceDialog } from '../parts/silence-dialog.tsx'
import { Silences } from '../parts/silences.tsx'
import { usePlace } from '../router.ts'
import { useAnswer } from '../use-answer.ts'

const STATES = [
  { value: '', title: 'All' },
  { value: 'firing', title: 'Firing' },
  { value: 'pending', title: 'Pending' },
  { value: 'resolved', title: 'Resolved' },
]

/** What the service tells people about, and what it was told to keep quiet. */
export function AlertsPage({ fingerprint }: { readonly fingerprint?: string }) {
  const { query } = usePlace()
  const [silencing, setSilencing] = useState<AlertItem>()
  const alerts = useAnswer<Items<AlertItem>>('alerts', { state: query['state'] })
  const silences = useAnswer<Items<SilenceItem>>('silences')
  return (
    <>
      <PageHead title="Alerts" lead="What is told to people, and what is kept quiet.">
        <ChoiceFilter name="state" label="state of alerts" choices={STATES} />
      </PageHead>
      <AnswerState answer={alerts} rows={6}>
        {({ items }) => {
          const shown =
            fingerprint === undefined
              ? items
              : items.filter((alert) => alert.fingerprint.startsWith(fingerprint))
          if (shown.length === 0)
            return (
              <Empty title={fingerprint === undefined ? 'No alert' : 'This alert is over'} icon="check">
                <p>
                  {fingerprint === undefined ? (
                    'Nothing that a rule for alerts looks for goes on.'
                  ) : (
                    <a href="/alerts">All alerts</a>
                  )}
                </p>
              </Empty>
            )
          return (
            <ul class="alerts">
              {shown.map((alert) => (
                <AlertCard key={alert.fingerprint} alert={alert} onSilence={() => setSilencing(alert)} />
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
