import { type AlertGroup, placeOfAlert } from '../alert-groups.ts'
import type { AlertItem, SilenceItem } from '../answers.ts'
import { HOLD_WORDS, holdsOf, NOT_TOLD_YET } from '../held-back.ts'
import { ALERT_STATE_WORDS, counted, SEVERITY_WORDS, wordOf } from '../words.ts'
import { AlertExample } from './alert-example.tsx'
import { AlertPlaces } from './alert-places.tsx'
import { alertTitle } from './alerting.tsx'
import { HeldBack } from './held-back.tsx'
import { Icon } from './icon.tsx'
import { Lasting, TimedText } from './moment.tsx'
import { Name } from './name.tsx'
import { Prose } from './steps.tsx'
import { WordTag } from './word-tag.tsx'

/** Labels and annotations that are shown elsewhere on the card. */
const PLACED = new Set([
  ...[
    'summary',
    'title',
    'description',
    'cause',
    'remedy',
    'example',
    'example_file',
    'event_id',
    'count',
    'where',
  ],
  ...['severity', 'signature', 'alertname'],
])

/** One alert: what, since when, why, what to do, where to look, why nobody is notified, and the alerts that follow from it. */
export function AlertCard({
  group: { head: alert, rest, isCause },
  alerts,
  silences,
  onSilence,
}: {
  readonly group: AlertGroup
  /** All alerts and silences, since one of them may hold this one back. */
  readonly alerts: readonly AlertItem[]
  readonly silences: readonly SilenceItem[]
  onSilence(): void
}) {
  const { labels, annotations } = alert
  const { description, cause, remedy } = annotations
  const holds = holdsOf(alert)
  return (
    <li class={`card alert tone-${stateWord(alert, holds).tone}`}>
      <AlertHead alert={alert} holds={holds} onSilence={onSilence} />
      <h2>{alertTitle(alert)}</h2>
      <HeldBack alert={alert} alerts={alerts} silences={silences} />
      <AlertPlaces alert={alert} />
      {description !== undefined && (
        <p>
          <TimedText text={description} />
        </p>
      )}
      {cause !== undefined && (
        <p class="dim">
          <Prose text={cause} />
        </p>
      )}
      {remedy !== undefined && <Remedy text={remedy} isOpen={labels['severity'] === 'critical'} />}
      <AlertExample annotations={annotations} />
      <Tags labels={labels} annotations={annotations} />
      <Rest rest={rest} isCause={isCause} of={placeOfAlert(alert).session ?? 'the same failure'} />
    </li>
  )
}

/** Its state in a word; quiet if something holds back its notices. */
function stateWord({ state }: AlertItem, holds: readonly unknown[]) {
  const word = wordOf(ALERT_STATE_WORDS, state)
  return holds.length === 0 ? word : { ...word, tone: 'quiet' as const }
}

function AlertHead({
  alert,
  holds,
  onSilence,
}: {
  readonly alert: AlertItem
  readonly holds: ReturnType<typeof holdsOf>
  onSilence(): void
}) {
  const { labels, since, held_until } = alert
  return (
    <header class="alert-head">
      <WordTag word={stateWord(alert, holds)} />
      {labels['severity'] !== undefined && (
        <WordTag word={wordOf(SEVERITY_WORDS, labels['severity'])} isBare />
      )}
      {holds.map((hold) => (
        <WordTag key={hold} word={HOLD_WORDS[hold]} />
      ))}
      {held_until !== undefined && <WordTag word={NOT_TOLD_YET} />}
      <span class="dim">
        <Lasting iso={since} />
      </span>
      <button type="button" class="button button-small" onClick={onSilence}>
        <Icon name="mute" size={13} /> Silence
      </button>
    </header>
  )
}

/** The steps that help, one a line; open for those that cannot wait. */
function Remedy({ text, isOpen }: { readonly text: string; readonly isOpen: boolean }) {
  return (
    <details class="folded" open={isOpen}>
      <summary>What to do</summary>
      <ul>
        {text.split('\n').map((step) => (
          <li key={step}>
            <Prose text={step} />
          </li>
        ))}
      </ul>
    </details>
  )
}

function Tags({ labels, annotations }: Pick<AlertItem, 'labels' | 'annotations'>) {
  const others = Object.entries({ ...labels, ...annotations }).filter(([name]) => !PLACED.has(name))
  if (others.length === 0) return null
  return (
    <p class="verdict-tags">
      {others.map(([name, value]) => (
        <span key={name} class="tag">
          {name}: <Name of={value} />
        </span>
      ))}
    </p>
  )
}

function Rest({ rest, isCause, of }: Pick<AlertGroup, 'rest' | 'isCause'> & { readonly of: string }) {
  if (rest.length === 0) return null
  return (
    <details class="folded">
      <summary>
        {isCause ? (
          `and ${rest.length} that ${rest.length === 1 ? 'follows' : 'follow'} from it`
        ) : (
          <>
            and {counted(rest.length, 'other alert')} of <Name of={of} />
          </>
        )}
      </summary>
      <ul>
        {rest.map((alert) => (
          <li key={alert.fingerprint}>
            <a href={`/alerts/${encodeURIComponent(alert.fingerprint)}`}>{alertTitle(alert)}</a>{' '}
            <span class="dim">
              <Lasting iso={alert.since} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
