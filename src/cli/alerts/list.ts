import { existsSync } from 'node:fs'
import { loadConfig } from '../../config.ts'
import { dataDir } from '../../data-dir.ts'
import type { AlertJson } from '../../triage/alerts/desk.ts'
import type { ListOptions } from '../alerts.ts'
import { checkChoice } from '../choice.ts'
import type { Io } from '../io.ts'
import { nothingStored } from '../open-store.ts'
import { paint, type Style, severityStyle } from '../paint.ts'
import { printItems } from '../print-items.ts'
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

/** Prints one line for each alert. */
export async function listAlerts(options: ListOptions, io: Io): Promise<void> {
  const { state } = options
  checkChoice('--state', state, Object.keys(STATES))
  const dir = dataDir(loadConfig(options.config, options).data)
  if (!existsSync(dir.path)) throw nothingStored(dir, 'there is no such folder')
  const { alerts, delivery } = await withDesk(options, io, async (desk) => ({
    alerts: await desk.alerts(state),
    delivery: await desk.delivery(),
  }))
  printItems(alerts, options, io, { text: (rows) => alertTable(rows, options, io), none: 'no alerts' })
  const { waiting = 0, given_up = 0, reason } = delivery ?? {}
  if (waiting + given_up === 0) return
  const why = reason === undefined ? '' : `: ${reason}`
  const waits = waiting === 1 ? '1 notice waits' : `${waiting} notices wait`
  io.err(`${waits}, ${given_up} ${given_up === 1 ? 'was' : 'were'} given up${why}\n`)
}

/** Why nobody is notified of it, one word for each reason. */
function whyHeldBack({ silenced_by, inhibited_by, muted_by }: AlertJson): string[] {
  const reasons = { silenced: silenced_by, inhibited: inhibited_by, muted: muted_by }
  return Object.entries(reasons).flatMap(([word, by]) => (by.length > 0 ? [word] : []))
}

/** Until when it waits for a notice at most. */
function untilWhenHeld({ held_until }: AlertJson, utc: boolean): string[] {
  return held_until === undefined ? [] : [`held until ${timeText(held_until, utc)}`]
}

function alertTable(alerts: readonly AlertJson[], { utc = false }: ListOptions, io: Io): string {
  return tableText<AlertJson>(
    [
      { head: 'ALERT', cell: ({ fingerprint }) => fingerprint.slice(0, SHORT) },
      {
        head: 'STATE',
        cell: (alert) => [alert.state, ...whyHeldBack(alert), ...untilWhenHeld(alert, utc)].join(', '),
        paint: ({ state }, cell) => paint(io, STATES[state], cell),
      },
      {
        head: 'SEVERITY',
        cell: ({ labels }) => labels['severity'] ?? '',
        spare: 2,
        paint: ({ labels }, cell) => paint(io, severityStyle(labels['severity'] ?? ''), cell),
      },
      { head: 'SINCE', cell: ({ since }) => timeText(since, utc), spare: 3 },
      { head: 'RULE', cell: ({ rule }) => rule, spare: 1 },
      { head: 'WHAT', cell: ({ annotations }) => printable(annotations['summary'] ?? '', ''), least: 30 },
    ],
    alerts,
    io,
  )
}
