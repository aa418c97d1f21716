import type { EventJson } from '../../../event-json.ts'
import { cutText } from '../../cut-text.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import { markedLines } from './around.ts'
import type { Report } from './report.ts'

/** The parts of a report, independent of its output format. Backticks in a text mark code. */
export type Part =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly strong?: boolean }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }
  | { readonly kind: 'code'; readonly text: string }

/** A report in order: each attempt, then the timeline, then what was masked. */
export function partsOf(report: Report): Part[] {
  const { made, version, rule_set, diagnoses, timeline, redacted, products = {} } = report
  return [
    { kind: 'heading', level: 1, text: namesOf(report) },
    text(
      `Made ${made} by dcvlens ${version}, rules ${rule_set}. Times are UTC; \`~\` marks those that the log does not give itself.`,
    ),
    ...diagnoses.flatMap((diagnosis) => attemptParts(diagnosis, products)),
    { kind: 'heading', level: 2, text: 'Timeline' },
    { kind: 'code', text: timeline.map(timelineLine).join('\n') },
    { kind: 'heading', level: 2, text: 'What was masked' },
    redacted.length === 0
      ? text('Nothing in these texts.')
      : { kind: 'list', items: redacted.map(({ kind, file, count }) => `${count} × ${kind} in ${file}`) },
  ]
}

/** The desktops that a report is about. */
export function namesOf({ diagnoses }: Report): string {
  return [...new Set(diagnoses.map(({ session }) => session))].join(', ')
}

function attemptParts(diagnosis: DiagnosisJson, products: Readonly<Record<string, string>>): Part[] {
  const { attempt, status, consequences, before, beside, findings, phases, not_checked } = diagnosis
  return [
    { kind: 'heading', level: 2, text: `Attempt ${attempt}: ${status.replace('_', ' ')}` },
    { kind: 'table', head: ['what', 'value'], rows: factsOf(diagnosis, products) },
    ...verdictParts(diagnosis),
    ...evidenceParts(diagnosis),
    ...list(
      'Follows from it',
      consequences.map(({ title, count }) => `${title} ×${count}`),
    ),
    ...list(
      'Failed before it',
      before.map(({ title, count }) => `${title} ×${count}`),
    ),
    ...list(
      'Failed besides',
      beside.map(({ title, count }) => `${title} ×${count}`),
    ),
    ...list('What several events say together', findings.map(findingText)),
    { kind: 'heading', level: 3, text: 'Phases' },
    {
      kind: 'table',
      head: ['phase', 'state', 'seconds'],
      rows: phases.map(({ phase, state, duration_s }) => [
        phase,
        state.replace('_', ' '),
        duration_s === undefined ? '' : String(duration_s),
      ]),
    },
    ...list(
      'Not checked',
      not_checked.map(({ source, reason }) => `${source}: ${reason}`),
    ),
  ]
}

/** What is known about the machine, the product and the portal's state; unknown facts are left out. */
function factsOf(
  { host, instance, profile, os, traits, portal }: DiagnosisJson,
  products: Readonly<Record<string, string>>,
): string[][] {
  const product = products[profile] === undefined ? profile : `${profile} (${products[profile]})`
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['host', host || 'unknown'],
    ['instance', instance || portal?.instance],
    ['instance type', traits['instance_type'] ?? portal?.instance_type],
    ['image', traits['ami']],
    ['subnet', traits['subnet']],
    ['operating system', os],
    ['product', product],
    ['DCV', traits['dcv_version']],
    ['domain controller', traits['domain_controller']],
    ['the portal says', portal?.state],
    ['portal and logs', portal?.disagreement],
  ]
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]]))
}

function verdictParts({ verdict }: DiagnosisJson): Part[] {
  if (verdict === undefined) return []
  const { title, rule_id, phase, confidence, explain, remedy } = verdict
  return [
    { kind: 'text', text: title, strong: true },
    text(`${rule_id || 'no rule'}, phase ${phase}, ${confidence}`),
    text(explain),
    ...list('What to do', remedy),
  ]
}

function evidenceParts(diagnosis: DiagnosisJson): Part[] {
  const { evidence } = diagnosis
  if (evidence.length === 0) return []
  const shown = evidence.map(({ file, line, offset, message }, index) => {
    const place = `${file}${line === undefined ? '' : `:${line}`}, byte ${offset}`
    const lines = index === 0 ? markedLines(diagnosis) : []
    return [`${place}:`, cutText(message, MOST_SHOWN, WHERE), ...lines].join('\n')
  })
  return [
    { kind: 'heading', level: 3, text: 'Evidence' },
    { kind: 'code', text: shown.join('\n\n') },
  ]
}

function findingText({
  title,
  count,
  first_seen,
  last_seen,
  cleared_at,
  times,
}: DiagnosisJson['findings'][number]): string {
  const often = times === undefined ? '' : `came and went ${times} times, the last time `
  return `${title} ×${count}, ${first_seen} to ${last_seen}${cleared_at === undefined ? '' : `, ${often}over at ${cleared_at}`}`
}

function timelineLine({ ts, ts_quality, source, rule_id, kind, message }: EventJson): string {
  const mark = ts_quality === 'parsed' ? ' ' : '~'
  return `${ts.slice(0, 19).replace('T', ' ')}${mark} ${source ?? ''} [${rule_id ?? kind}] ${cutText(message.split('\n', 1)[0] ?? '', MOST_SHOWN, WHERE)}`
}

function list(title: string, items: readonly string[]): Part[] {
  return items.length === 0
    ? []
    : [
        { kind: 'heading', level: 3, text: title },
        { kind: 'list', items },
      ]
}

/** More of a message is not shown, characters. */
const MOST_SHOWN = 2000
const WHERE = 'all of it is in the report as JSON'

function text(words: string): Part {
  return { kind: 'text', text: words }
}
