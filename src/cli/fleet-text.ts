import type { CommonFactor } from '../triage/common-factors.ts'
import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { type FleetCause, fleetCauses } from '../triage/fleet-causes.ts'
import { counted } from './counted.ts'
import type { Io } from './io.ts'
import { paint } from './paint.ts'
import { printable } from './printable.ts'

/** Of fewer desktops each speaks for itself. */
const LEAST = 5
const MOST_CAUSES = 20

/** Why the desktops fail, and what those of one cause share: one paragraph, or none if there is nothing to sum up. */
export function fleetText(attempts: readonly DiagnosisJson[], io: Io): string[] {
  // An earlier attempt of a desktop is over.
  const desktops = [...new Map(attempts.map((one) => [`${one.cluster} ${one.session}`, one])).values()]
  const causes = desktops.length < LEAST ? [] : fleetCauses(desktops)
  if (causes.length === 0) return []
  const ready = desktops.filter(({ status }) => status === 'ready').length
  const shown = causes.slice(0, MOST_CAUSES)
  const lines = shown.flatMap((cause) => [causeText(cause), ...cause.common.map(sharedText(cause, ready))])
  const rest = causes.length - shown.length
  if (rest > 0) lines.push(`  and ${counted(rest, 'other cause')}`)
  return [`${paint(io, 'bold', 'Why desktops fail')}\n${lines.map((line) => `${line}\n`).join('')}`]
}

function causeText({ desktops, title, rule_id, phase }: FleetCause): string {
  return `  ${counted(desktops, 'desktop')}: ${printable(title, '    ')} (${rule_id === '' ? 'no rule' : rule_id}, phase ${phase})`
}

function sharedText({ desktops }: FleetCause, ready: number) {
  return ({ key, value, failed, of, lift }: CommonFactor) =>
    `      ${key.replaceAll('_', ' ')} ${printable(value, '')}: ${failed} of these ${desktops}, ${of - failed} of ${ready} ready ones; lift ${lift}`
}
