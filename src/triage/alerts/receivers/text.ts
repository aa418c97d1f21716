import { visible } from '../../visible.ts'
import { type Message, statusOf, type ToldAlert } from '../message.ts'

/** More alerts than this are only counted. */
const SHOWN = 10

/** One line about a notice: `[FIRING:2] new-failure: …`. */
export function titleOf(message: Message): string {
  const { alerts, labels } = message
  const status = statusOf(message)
  const counted = alerts.filter((alert) => alert.status === status)
  const what = counted[0]?.annotations['summary'] ?? Object.values(labels).join(' ')
  const more = counted.length > 1 ? ` (and ${counted.length - 1} more)` : ''
  return `[${status.toUpperCase()}:${counted.length}] ${visible(what)}${more}`
}

/** Precedes a notice that may be a repeat, for receivers that cannot detect one. */
export const MAY_REPEAT = 'This may have been told already:'

/** The alerts that are shown in full, and the number of the others. */
export function shownOf({ alerts }: Message): {
  readonly shown: readonly ToldAlert[]
  readonly more: number
} {
  return { shown: alerts.slice(0, SHOWN), more: Math.max(0, alerts.length - SHOWN) }
}

/** A line with the number of alerts that are not shown. */
export function moreText(more: number): string {
  return `… and ${more} more ${more === 1 ? 'alert' : 'alerts'}.`
}

/** A notice as plain text: what, where, since when, how many, why, what to do, an example line, a link. */
export function textOf(message: Message): string {
  const { shown, more } = shownOf(message)
  const parts = shown.map(alertText)
  if (more > 0) parts.push(moreText(more))
  return `${parts.join('\n\n')}\n`
}

/** What one alert says, one fact per line: name and text, without characters that would act on a reader. */
export function factsOf({
  annotations,
  starts_at,
  ends_at,
  labels,
}: ToldAlert): [name: string, text: string][] {
  const facts: [string, string | undefined][] = [
    ['What', annotations['description']],
    ['Where', annotations['where'] ?? labels['cluster']],
    ['Since', ends_at === undefined ? starts_at : `${starts_at}, over at ${ends_at}`],
    ['How many', annotations['count']],
    ['Likely cause', annotations['cause']],
    [
      'What to do',
      annotations['remedy']
        ?.split('\n')
        .map((step) => `\n  - ${step}`)
        .join(''),
    ],
    ['Example', annotations['example']],
    ['In', annotations['example'] === undefined ? undefined : annotations['example_file']],
  ]
  return facts.flatMap(([name, text = '']) => (text === '' ? [] : [[name, visible(text)]]))
}

function alertText(alert: ToldAlert): string {
  const { status, labels, annotations, link } = alert
  const head = `${status.toUpperCase()} ${labels['severity'] ?? ''}: ${visible(annotations['summary'] ?? labels['alertname'] ?? '')}`
  const facts = factsOf(alert).map(([name, text]) => `${name}: ${text}`)
  return [head, ...facts, ...(link === '' ? [] : [link])].join('\n')
}
