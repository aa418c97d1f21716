import { shortened } from '../interpret/template/telling-line.ts'
import type { UnassignedJson } from '../triage/unassigned.ts'
import { counted, grouped } from './counted.ts'
import type { Io } from './io.ts'
import { paint, severityStyle } from './paint.ts'
import { printable } from './printable.ts'
import { shortPlace } from './short-place.ts'
import { timeText } from './time-text.ts'

const MOST = 20
const SHOWN_CHARS = 160

/** Failures that tell of no known desktop, one kind a line with the last of them below it; '' if there are none. */
export function unassignedText(kinds: readonly UnassignedJson[], utc: boolean, io: Io): string {
  if (kinds.length === 0) return ''
  const shown = kinds.slice(0, MOST).map((kind) => kindText(kind, utc, io))
  const rest = kinds.length <= MOST ? '' : `  and ${counted(kinds.length - MOST, 'other kind')}\n`
  return `${paint(io, 'bold', 'Failures that name no known desktop')}\n${shown.join('')}${rest}`
}

function kindText(
  { severity, title, rule_id, cluster, count, last, last_seen }: UnassignedJson,
  utc: boolean,
  io: Io,
): string {
  const sign = paint(io, severityStyle(severity), severity.padEnd(8))
  const where = cluster === '' ? '' : `  ${printable(cluster, '')}`
  const rule = rule_id === '' ? '' : ` (${rule_id})`
  const times = count === 1 ? '' : `, ${grouped(count)} times`
  const place = paint(io, 'dim', `last ${timeText(last_seen, utc)}  ${shortPlace(last)}`)
  const [line = ''] = shortened(last.message, SHOWN_CHARS).split('\n', 1)
  const more = line.length === SHOWN_CHARS ? '…' : ''
  return `  ${sign}  ${title}${rule}${times}${where}\n            ${place}  ${printable(line, '')}${more}\n`
}
