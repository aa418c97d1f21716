import { shortened } from '../interpret/template/telling-line.ts'
import type { PhaseJson } from '../triage/diagnosis/course/phase-states.ts'
import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { markedLines } from '../triage/diagnosis/shown/around.ts'
import { isPortal, witnessesOf } from '../triage/diagnosis/shown/witnesses.ts'
import type { Status } from '../triage/diagnosis/status.ts'
import type { Io } from './io.ts'
import { paint, type Style } from './paint.ts'
import { oneLine, printable } from './printable.ts'
import { shownPlace } from './shown-place.ts'
import { timeText } from './time-text.ts'

const STYLES: Record<Status, Style> = {
  ready: 'green',
  failed: 'red',
  stalled: 'red',
  in_progress: 'cyan',
  stopped: 'dim',
  unknown: 'yellow',
}
const SIGNS: Record<PhaseJson['state'], string> = {
  done: 'ok',
  failed: 'FAILED',
  running: 'running',
  missing: 'missing',
  skipped: 'not needed',
  not_checked: 'not checked',
}

/** One diagnosis as text: what is wrong, what to do, the evidence, and how far the desktop came. */
export function diagnosisText(diagnosis: DiagnosisJson, utc: boolean, io: Io): string {
  return [
    headText(diagnosis, io),
    verdictText(diagnosis, io),
    evidenceText(diagnosis, utc, io),
    consequencesText(diagnosis),
    findingsText(diagnosis, utc),
    waitText(diagnosis),
    witnessText(diagnosis),
    phasesText(diagnosis, utc, io),
  ].join('')
}

function headText(diagnosis: DiagnosisJson, io: Io): string {
  const { session, attempt, host, cluster, profile, status } = diagnosis
  const name = printable(session || host, ' ') || 'logs that name no desktop and no host'
  const facts = [
    paint(io, 'bold', name),
    ...(session === '' && host === '' ? [] : [`attempt ${attempt}`]),
    ...[host, cluster].filter((word) => word !== '').map((word) => printable(word, ' ')),
    profile,
    paint(io, STYLES[status], status.replace('_', ' ')),
  ]
  return `${facts.join('  ')}\n`
}

function verdictText({ verdict }: DiagnosisJson, io: Io): string {
  if (verdict === undefined) return ''
  const { title, rule_id, phase, confidence, explain, remedy } = verdict
  const source = paint(io, 'dim', `${rule_id || 'no rule'}, phase ${phase}, ${confidence}`)
  return [
    `  ${paint(io, 'bold', title)}  ${source}\n`,
    `  ${printable(explain, '  ')}\n`,
    ...remedy.map((step) => `   - ${printable(step, '     ')}\n`),
  ].join('')
}

function evidenceText(diagnosis: DiagnosisJson, utc: boolean, io: Io): string {
  const { evidence } = diagnosis
  return evidence
    .map((event, index) => {
      const { ts, ts_quality, message } = event
      const time = `${timeText(ts, utc)}${ts_quality === 'parsed' ? '' : '~'}`
      const place = paint(io, 'dim', shownPlace(event))
      const lines = index === 0 ? markedLines(diagnosis) : []
      return `  ${paint(io, 'dim', time)}  ${printable(shortened(message, 400), '      ')}\n      ${place}\n${lines.map((line) => `      ${paint(io, 'dim', oneLine(line))}\n`).join('')}`
    })
    .join('')
}

function consequencesText({ evidence, again, consequences, before, beside }: DiagnosisJson): string {
  const list = (folded: DiagnosisJson['consequences']) =>
    folded.map(({ title, count }) => (count > 1 ? `${title} ×${count}` : title)).join('; ')
  const shown = evidence.filter(({ rule_id }) => rule_id === evidence[0]?.rule_id).length
  const more = again + 1 - shown
  return [
    ...(evidence.length > 0 && more > 0 ? [`  written ${more} more ${more === 1 ? 'time' : 'times'}\n`] : []),
    ...(consequences.length > 0 ? [`  and what follows from it: ${list(consequences)}\n`] : []),
    ...(before.length > 0 ? [`  failed before it: ${list(before)}\n`] : []),
    ...(beside.length > 0 ? [`  failed besides: ${list(beside)}\n`] : []),
  ].join('')
}

/** The conclusions from several events: how often and when they happened, and when it was over. */
function findingsText({ findings }: DiagnosisJson, utc: boolean): string {
  return findings
    .map(({ title, per, count, first_seen, last_seen, cleared_at, times }) => {
      const whose = per === 'cluster' ? 'its cluster: ' : ''
      const often = times === undefined ? '' : `came and went ${times} times, the last time `
      const end = cleared_at === undefined ? '' : `, ${often}over at ${timeText(cleared_at, utc)}`
      return `  ${whose}${title} ×${count}, ${timeText(first_seen, utc)} to ${timeText(last_seen, utc)}${end}\n`
    })
    .join('')
}

function waitText({ waits_for }: DiagnosisJson): string {
  if (waits_for === undefined || waits_for.for.length === 0) return ''
  const after = waits_for.after === '' ? '' : ` after "${waits_for.after}"`
  return `  It waits${after} for: ${waits_for.for.join('; or ')}.\n`
}

function witnessText(diagnosis: DiagnosisJson): string {
  const { phases, not_checked } = diagnosis
  // For a desktop without logs, no phase is shown that could mention them.
  const unread = phases.length === 0 ? not_checked.filter((one) => !isPortal(one)) : []
  return [
    ...witnessesOf(diagnosis).map(({ text }) => text),
    ...unread.map(({ source, reason }) => `${source} not checked: ${reason}`),
  ]
    .map((line) => `  ${printable(line, '    ')}\n`)
    .join('')
}

function phasesText({ status, phases }: DiagnosisJson, utc: boolean, io: Io): string {
  // Of a desktop that is starting nothing is missing yet.
  const isPending = (state: PhaseJson['state']) => status === 'in_progress' && state === 'missing'
  return phases
    .map(({ phase, state, start, duration_s }) => {
      const sign = (isPending(state) ? 'not yet' : SIGNS[state]).padEnd(12)
      const shown =
        state === 'failed' || (state === 'missing' && !isPending(state))
          ? paint(io, 'red', sign)
          : state === 'done'
            ? sign
            : paint(io, 'dim', sign)
      const time =
        start === undefined
          ? ''
          : `  ${timeText(start, utc)}${duration_s === undefined ? '' : `  ${duration_s} s`}`
      return `    ${phase.padEnd(14)}${shown}${time}`.trimEnd()
    })
    .join('\n')
    .concat('\n')
}
