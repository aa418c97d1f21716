import { placeOfAlert } from '../alert-groups.ts'
import type { AlertItem } from '../answers.ts'
import { sessionPath, writeQuery } from '../url-state.ts'
import { Icon } from './icon.tsx'
import { Name } from './name.tsx'

/** Links to where an alert happened, and to its lines. */
export function AlertPlaces({ alert }: { readonly alert: AlertItem }) {
  const { session, host, cluster } = placeOfAlert(alert)
  const { signature } = alert.labels
  const { event_id } = alert.annotations
  const where = alert.annotations['where']
  const isRule = signature !== undefined && !/^[0-9a-f]{16}$/.test(signature)
  return (
    <p class="alert-places">
      {session !== undefined && (
        <a href={sessionPath(session)}>
          <Icon name="sessions" size={13} /> <Name of={session} />
        </a>
      )}
      {host !== undefined && host !== session && (
        <a href={`/search${writeQuery({ host, from: '7d' })}`}>
          <Icon name="status" size={13} /> <Name of={host} />
        </a>
      )}
      {session === undefined && host === undefined && where !== undefined && (
        <span class="dim">
          <Name of={where} />
        </span>
      )}
      {(session !== undefined || host !== undefined) && cluster !== undefined && (
        <span class="dim">
          <Name of={cluster} />
        </span>
      )}
      {session !== undefined && event_id !== undefined ? (
        <a href={`${sessionPath(session)}${writeQuery({ event: event_id })}`}>the line in its log</a>
      ) : (
        isRule && <a href={`/search${writeQuery({ rule: signature, from: '7d' })}`}>its lines</a>
      )}
      {signature !== undefined && (
        <a href={`/signatures/${encodeURIComponent(signature)}`}>signature {signature}</a>
      )}
    </p>
  )
}
