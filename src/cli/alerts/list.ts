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
  const alerts = await withDesk(options, io, (desk) => desk.alerts(state))
  if (options.json === true) for (const alert of alerts) io.out(`${JSON.stringify(alert)}\n`)
  else if (alerts.length === 0) io.err('no alerts\n')
  else io.out(alertTable(alerts, options, io))
}

function alertTable(alerts: readonly AlertJson[], { utc = false }: ListOptions, io: Io): string {
  return tableText<AlertJson>(
    [
      { head: 'ALERT', cell: ({ fingerprint }) => fingerprint.slice(0, SHORT) },
      {
        head: 'STATE',
        cell: ({ state, silenced_by }) => (silenced_by.length > 0 ? `${state}, silenced` : state),
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
