import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { type Check, checklistOf } from '../triage/diagnosis/shown/checklist.ts'
import type { Io } from './io.ts'
import { paint, type Style } from './paint.ts'
import { printable } from './printable.ts'

const SIGNS: Record<Check['state'], readonly [sign: string, style: Style]> = {
  done: ['ok', 'green'],
  failed: ['FAILED', 'red'],
  running: ['running', 'cyan'],
  missing: ['missing', 'red'],
  skipped: ['not needed', 'dim'],
  not_checked: ['not checked', 'yellow'],
}

/** The checklist as text; steps that are fine or not needed show no command. */
export function checklistText(diagnosis: DiagnosisJson, io: Io): string {
  const lines = checklistOf(diagnosis).map(({ title, state, evidence, command, on }) => {
    const [sign, style] = SIGNS[state]
    const where = evidence[0] === undefined ? '' : `  ${paint(io, 'dim', printable(evidence[0], ''))}`
    const head = `  ${paint(io, style, sign.padEnd(12))}${title}${where}\n`
    return state === 'done' || state === 'skipped'
      ? head
      : `${head}              ${paint(io, 'dim', `${on}:`)} ${command}\n`
  })
  return `${paint(io, 'bold', printable(diagnosis.session, ' '))}  attempt ${diagnosis.attempt}  ${printable(diagnosis.host, ' ')}  ${diagnosis.status.replace('_', ' ')}\n${lines.join('')}`
}
