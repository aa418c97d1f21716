import type { AlertItem, SilenceItem } from '../answers.ts'
import { nowMs } from '../clock.ts'
import { localText } from '../time-text.ts'
import { alertTitle } from './alerting.tsx'
import { Icon } from './icon.tsx'
import { Name } from './name.tsx'

/** Why nobody has been notified of an alert: the silence, the other alert, the time interval, or the wait for others. */
export function HeldBack({
  alert: { silenced_by = [], inhibited_by = [], muted_by = [], held_until },
  alerts,
  silences,
}: {
  readonly alert: AlertItem
  readonly alerts: readonly AlertItem[]
  readonly silences: readonly SilenceItem[]
}) {
  if (silenced_by.length + inhibited_by.length + muted_by.length === 0 && held_until === undefined)
    return null
  return (
    <ul class="held-back" aria-label="why nobody has been notified of it">
      {silenced_by.map((id) => (
        <li key={id}>
          <Icon name="mute" size={13} /> Silenced{silenceText(silences.find((silence) => silence.id === id))}
        </li>
      ))}
      {inhibited_by.map((one) => (
        <li key={one}>
          <Icon name="mute" size={13} /> Inhibited while this one fires:{' '}
          <a href={`/alerts/${encodeURIComponent(one)}`}>{titleOf(alerts, one)}</a>
        </li>
      ))}
      {muted_by.length > 0 && (
        <li>
          <Icon name="mute" size={13} /> Muted by the time {muted_by.length === 1 ? 'interval' : 'intervals'}{' '}
          <Name of={muted_by.join(', ')} />
        </li>
      )}
      {held_until !== undefined && (
        <li>
          <Icon name="mute" size={13} /> Held until {localText(held_until, nowMs())} at most: one notice will
          tell of it and of what else its group gathers by then
        </li>
      )}
    </ul>
  )
}

function silenceText(silence: SilenceItem | undefined): string {
  if (silence === undefined) return ''
  const { ends_at, created_by, comment } = silence
  const who = created_by === undefined ? '' : ` by ${created_by}`
  return `${who} until ${localText(ends_at, nowMs())}${comment === undefined ? '' : `: ${comment}`}`
}

function titleOf(alerts: readonly AlertItem[], fingerprint: string): string {
  const inhibitor = alerts.find((alert) => alert.fingerprint === fingerprint)
  return inhibitor === undefined ? `alert ${fingerprint}` : alertTitle(inhibitor)
}
