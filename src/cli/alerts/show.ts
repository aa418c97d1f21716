import { usageError } from '../../errors.ts'
import type { AlertJson } from '../../triage/alerts/desk.ts'
import { matcherText } from '../../triage/alerts/matchers.ts'
import type { ListOptions } from '../alerts.ts'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { printable } from '../printable.ts'
import { timeText } from '../time-text.ts'
import { withDesk } from './open-desk.ts'

/** Prints everything about one alert, and the silences that hold it back. */
export async function showAlert(fingerprint: string, options: ListOptions, io: Io): Promise<void> {
  const { alerts, silences } = await withDesk(options, io, async (desk) => ({
    alerts: await desk.alerts(undefined),
    silences: await desk.silences(),
  }))
  const [alert, other] = alerts.filter((one) => one.fingerprint.startsWith(fingerprint))
  if (alert === undefined) {
    throw usageError('E_NOT_FOUND', `there is no alert ${fingerprint}`, 'See `dcvlens alerts list`.')
  }
  if (other !== undefined) {
    throw usageError('E_NOT_FOUND', `several alerts begin with ${fingerprint}`, 'Give more of it.')
  }
  if (options.json === true) {
    io.out(`${JSON.stringify(alert)}\n`)
    return
  }
  const utc = options.utc === true
  const held = silences
    .filter(({ id }) => alert.silenced_by.includes(id))
    .map(({ matchers, created_by, comment, ends_at }) => {
      const words = `${matchers.map(matcherText).join(' ')} by ${created_by} until ${timeText(ends_at, utc)}: ${comment}`
      return ['silenced', words] as const
    })
  const facts = [
    ['state', alert.state],
    ['since', timeText(alert.since, utc)],
    ...(alert.ends_at === undefined ? [] : [['over at', timeText(alert.ends_at, utc)] as const]),
    ...(alert.held_until === undefined ? [] : [['held', heldText(alert.held_until, utc)] as const]),
    ...Object.entries(alert.labels),
    ...held,
    ...alert.inhibited_by.map((one) => ['inhibited', inhibitorText(alerts, one)] as const),
    ...(alert.muted_by.length > 0 ? [['muted', alert.muted_by.join(', ')] as const] : []),
    ...Object.entries(alert.annotations),
  ] as const
  const lines = facts.map(([name, text]) => `${paint(io, 'bold', name)}: ${printable(text, '  ')}`)
  io.out(`${[alert.fingerprint, ...lines].join('\n')}\n`)
}

function heldText(until: string, utc: boolean): string {
  return `until ${timeText(until, utc)} at most: one notice will tell of it and of what else its group gathers by then`
}

/** The alert that inhibits this one, in words. */
function inhibitorText(alerts: readonly AlertJson[], fingerprint: string): string {
  const summary = alerts.find((alert) => alert.fingerprint === fingerprint)?.annotations['summary'] ?? ''
  return `by ${fingerprint}${summary === '' ? '' : `: ${summary}`}`
}
