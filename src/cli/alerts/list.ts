import { usageError } from '../../errors.ts'
import type { AlertJson } from '../../triage/alerts/desk.ts'
import type { ListOptions } from '../alerts.ts'
import type { Io } from '../io.ts'
import { paint, type Style, severityStyle } from '../paint.ts'
import { printable } from '../printable.ts'
import { tableText } from '../table.ts'
import { timeText } from '../time-text.ts'
import { withDesk } from './open-desk.ts'

const STATES: Readonly<Record<AlertJson['state'], Style>> = {
  firing: 'red',
  pending: 'yellow',
  resolved: 'dim',
}
const SHORT = 8

/** Shows alerts in a line each. */
export async function listAlerts(options: ListOptions, io: Io): Promise<void> {
  const { state } = options
  if (state !== undefined && !Object.hasOwn(STATES, state)) {
    throw usageError('E_OPTION', `--state ${state} is none`, `Use one of ${Object.keys(STATES).join(', ')}.`)
  }
  const { alerts, delivery } = await withDesk(options, io, async (desk) => ({
    alerts: await desk.alerts(state),
    delivery: await desk.delivery(),
  }))
  if (options.json === true) for (const alert of alerts) io.out(`${JSON.stringify(alert)}\n`)
  else if (alerts.length === 0) io.err('no alerts\n')
  else io.out(alertTable(alerts, options, io))
  const { waiting = 0, given_up = 0, reason } = delivery ?? {}
  if (waiting + given_up === 0) return
  const why = reason === undefined ? '' : `: ${reason}`
  const waits = waiting === 1 ? '1 notice waits' : `${waiting} notices wait`
  io.err(`${waits}, ${given_up} ${given_up === 1 ? 'was' : 'were'} given up${why}\n`)
}

/** In a word each, why nobody is told of it. */
function whyHeldBack({ silenced_by, inhibited_by, muted_by }: AlertJson): string[] {
  const reasons = { silenced: silenced_by, inhibited: inhibited_by, muted: muted_by }
  return Object.entries(reasons).flatMap(([word, by]) => (by.length > 0 ? [word] : []))
}

function alertTable(alerts: readonly AlertJson[], { utc = false }: ListOptions, io: Io): string {
  return tableText<AlertJson>(
    [
      { head: 'ALERT', cell: ({ fingerprint }) => fingerprint.slice(0, SHORT) },
      {
        head: 'STATE',
        cell: (alert) => [alert.state, ...whyHeldBack(alert)].join(', '),
        paint: ({ state }, cell) => paint(io, STATES[state], cell),
      },
      {
        head: 'SEVERITY',
        cell: ({ labels }) => labels['severity'] ?? '',
        paint: ({ labels }, cell) => paint(io, severityStyle((labels['severity'] ?? '') as 'info'), cell),
      },
      { head: 'SINCE', cell: ({ since }) => timeText(since, utc) },
      { head: 'RULE', cell: ({ rule }) => rule },
      { head: 'WHAT', cell: ({ annotations }) => printable(annotations['summary'] ?? '', '') },
    ],
    alerts,
  )
}
