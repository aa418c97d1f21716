import type { AlertItem } from '../answers.ts'
import { oneLine } from '../visible-text.ts'
import { ALERT_STATE_WORDS, wordOf } from '../words.ts'
import { alertTitle } from './alerting.tsx'
import { Icon } from './icon.tsx'
import { Age, TimedText } from './moment.tsx'
import { Prose } from './steps.tsx'
import { WordTag } from './word-tag.tsx'

/** Annotations that have a place of their own. */
const PLACED = new Set([
  'summary',
  'title',
  'description',
  'cause',
  'remedy',
  'example',
  'example_file',
  'event_id',
  'count',
])

/** One alert: what, since when, why, what to do, and where to look. */
export function AlertCard({ alert, onSilence }: { readonly alert: AlertItem; onSilence(): void }) {
  const { state, since, labels, annotations, silenced_by = [] } = alert
  const { description, cause, remedy, example } = annotations
  const word = wordOf(ALERT_STATE_WORDS, state)
  const isQuiet = silenced_by.length > 0
  return (
    <li class={`card alert tone-${isQuiet ? 'quiet' : word.tone}`}>
      <header class="alert-head">
        <WordTag word={word} />
        {isQuiet && <WordTag word={{ title: 'Silenced', tone: 'quiet', icon: 'mute' }} />}
        <span class="dim">
          since <Age iso={since} />
        </span>
        <button type="button" class="button button-small" onClick={onSilence}>
          <Icon name="mute" size={13} /> Silence
        </button>
      </header>
      <h2>{alertTitle(alert)}</h2>
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
      {remedy !== undefined && (
        <details class="folded">
          <summary>What to do</summary>
          <ul>
            {remedy.split('\n').map((step) => (
              <li key={step}>
                <Prose text={step} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {example !== undefined && (
        <pre class="alert-example">
          <bdi>{oneLine(example, 400)}</bdi>
        </pre>
      )}
      <p class="verdict-tags">
        <Signature labels={labels} />
        {Object.entries({ ...labels, ...rest(annotations) })
          .filter(([name]) => name !== 'signature')
          .map(([name, value]) => (
            <span key={name} class="tag">
              {name}: <bdi>{oneLine(value, 80)}</bdi>
            </span>
          ))}
      </p>
    </li>
  )
}

function Signature({ labels: { signature } }: { readonly labels: AlertItem['labels'] }) {
  if (signature === undefined) return null
  return (
    <a class="tag tag-link" href={`/signatures/${encodeURIComponent(signature)}`}>
      {signature}
    </a>
  )
}

function rest(annotations: AlertItem['annotations']): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !PLACED.has(name)))
}
