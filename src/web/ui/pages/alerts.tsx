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
        {({ items }) => (
          <AlertList
            alerts={items}
            shown={items.filter((alert) => isShown(alert, fingerprint, query['state']))}
            fingerprint={fingerprint}
            sessions={sessions.data?.items ?? []}
            silences={silences.data?.items ?? []}
            onSilence={setSilencing}
          />
        )}
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

/** Is it the alert in the address? Without one in it, the chosen state counts. */
function isShown(alert: AlertItem, fingerprint: string | undefined, state: string | undefined): boolean {
  if (fingerprint !== undefined) return alert.fingerprint.startsWith(fingerprint)
  return state === undefined || listedState(alert) === state
}

function AlertList({
  alerts,
  shown,
  fingerprint,
  sessions,
  silences,
  onSilence,
}: {
  /** All alerts, since one that is not shown may hold another one back. */
  readonly alerts: readonly AlertItem[]
  readonly shown: readonly AlertItem[]
  readonly fingerprint: string | undefined
  readonly sessions: readonly SessionItem[]
  readonly silences: readonly SilenceItem[]
  onSilence(alert: AlertItem): void
}) {
  if (shown.length === 0) return <NoAlert isAsked={fingerprint !== undefined} />
  return (
    <ul class="alerts">
      {foldedAlerts(shown, sessions).map((group) => (
        <AlertCard
          key={group.head.fingerprint}
          group={group}
          alerts={alerts}
          silences={silences}
          onSilence={() => onSilence(group.head)}
        />
      ))}
    </ul>
  )
}

/** Says that there is no alert, or that there is none with the address that was asked for. */
function NoAlert({ isAsked }: { readonly isAsked: boolean }) {
  if (!isAsked) return <Empty title="No alerts" icon="check" />
  return (
    <Empty title="No alert has this address" icon="question">
      <p>
        It may be over for long, or the address may be wrong. <a href="/alerts">All alerts</a>
      </p>
    </Empty>
  )
}
