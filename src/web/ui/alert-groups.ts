import type { AlertItem, SessionItem } from './answers.ts'
import { holdsOf, listedState } from './held-back.ts'
import { SEVERITY_ORDER } from './words.ts'

/** Alerts that belong together: the most telling one, and the others. */
export type AlertGroup = {
  readonly head: AlertItem
  readonly rest: readonly AlertItem[]
  /** The head is the alert for the cause that the diagnosis of the desktop found. */
  readonly isCause: boolean
}

/** Where an alert happened, if that is a single place. */
export type AlertPlace = { readonly session?: string; readonly host?: string; readonly cluster?: string }

/** Parses `cluster soca-aero; desktop ann/cad; host ip-10-0-0-1`; a part with several names is left out. */
export function placeOfAlert({ annotations }: Pick<AlertItem, 'annotations'>): AlertPlace {
  const parts = (annotations['where'] ?? '').split('; ')
  const named = (word: string) => {
    const value = parts.find((part) => part.startsWith(`${word} `))?.slice(word.length + 1)
    return value === undefined || value.includes(', ') || value.includes(' and ') ? undefined : value
  }
  const [session, host, cluster] = [named('desktop'), named('host'), named('cluster')]
  return {
    ...(session !== undefined && { session }),
    ...(host !== undefined && { host }),
    ...(cluster !== undefined && { cluster }),
  }
}

/**
 * Groups alerts of one desktop, most of which are consequences of one cause, and those of one signature; the worst come
 * first. `sessions` has the cause for each desktop.
 */
export function foldedAlerts(alerts: readonly AlertItem[], sessions: readonly SessionItem[]): AlertGroup[] {
  const groups = new Map<string, AlertItem[]>()
  for (const alert of alerts) {
    const key = keyOf(alert)
    groups.set(key, [...(groups.get(key) ?? []), alert])
  }
  const causes = new Map(sessions.map(({ session, verdict_title }) => [session, verdict_title]))
  return [...groups.values()]
    .map((group) => groupOf(group, causes))
    .toSorted((a, b) => weightOf(b.head) - weightOf(a.head) || (a.head.since < b.head.since ? 1 : -1))
}

/**
 * The key of a group: a desktop, a signature, or the alert alone; separate for each state, and for alerts that are held
 * back.
 */
function keyOf(alert: AlertItem): string {
  const { state, fingerprint } = alert
  const { session } = placeOfAlert(alert)
  const { signature } = alert.labels
  const kind = [state, ...holdsOf(alert)].join(' ')
  if (session !== undefined) return `${kind} desktop ${session}`
  return signature === undefined ? fingerprint : `${kind} signature ${signature}`
}

function groupOf(group: readonly AlertItem[], causes: ReadonlyMap<string, string | undefined>): AlertGroup {
  const [first] = group
  const cause = first === undefined ? undefined : causes.get(placeOfAlert(first).session ?? '')
  const worst = group.toSorted((a, b) => weightOf(b) - weightOf(a) || (a.since < b.since ? -1 : 1))
  const told = cause === undefined ? undefined : worst.find((alert) => tells(alert, cause))
  const head = told ?? (worst[0] as AlertItem)
  return { head, rest: worst.filter((alert) => alert !== head), isCause: told !== undefined }
}

function tells({ annotations }: AlertItem, title: string): boolean {
  const summary = annotations['summary'] ?? ''
  return summary === title || summary.endsWith(`: ${title}`)
}

const STATES = ['resolved', 'pending', 'firing']

/** Sorts by state (firing weighs most), then those not held back first, then by severity. */
function weightOf(alert: AlertItem): number {
  const { state, labels } = alert
  const severity = (SEVERITY_ORDER as readonly string[]).indexOf(labels['severity'] ?? '')
  return STATES.indexOf(state) * 100 + (holdsOf(alert).length > 0 ? 0 : 10) + severity
}

/** The number of alerts in each state, with those held back as a state of their own; '' counts all. */
export function countsByState(alerts: readonly AlertItem[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { '': alerts.length }
  for (const state of alerts.map(listedState)) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
