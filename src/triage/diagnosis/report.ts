import type { EventJson } from '../../event-json.ts'
import type { DiagnosisJson } from './diagnose.ts'

/** All that goes into a report on one desktop. */
export type Report = {
  readonly made: string
  readonly version: string
  readonly rule_set: string
  readonly diagnoses: readonly DiagnosisJson[]
  readonly timeline: readonly EventJson[]
  /** What was masked in the texts, by kind and file. */
  readonly redacted: readonly { readonly kind: string; readonly file: string; readonly count: number }[]
}

/** Counts what stands masked in some events. */
export function redactedIn(events: readonly EventJson[]): Report['redacted'] {
  const counts = new Map<string, { kind: string; file: string; count: number }>()
  for (const { file, message } of events) {
    for (const [, kind = ''] of message.matchAll(/«redacted:([\w-]+)»/g)) {
      const key = `${kind}\0${file}`
      const one = counts.get(key) ?? { kind, file, count: 0 }
      one.count++
      counts.set(key, one)
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || (a.file < b.file ? -1 : 1))
}

/** The report as Markdown; texts of logs stand in code, so that nothing in them can be taken for markup. */
export function markdownOf(report: Report): string {
  const { made, version, rule_set, diagnoses, timeline, redacted } = report
  const names = [...new Set(diagnoses.map(({ session }) => session))].join(', ')
  return [
    `# ${inline(names)}`,
    `Made ${made} by dcvlens ${version}, rules ${rule_set}. Times are UTC; \`~\` marks those that the log does not give itself.`,
    ...diagnoses.map(diagnosisPart),
    '## Timeline',
    fenced(timeline.map(timelineLine).join('\n')),
    '## What was masked',
    redacted.length === 0
      ? 'Nothing in these texts.'
      : redacted.map(({ kind, file, count }) => `- ${count} × ${kind} in ${inline(file)}`).join('\n'),
    '',
  ].join('\n\n')
}

function diagnosisPart(one: DiagnosisJson): string {
  const { attempt, host, profile, os, status, verdict, evidence } = one
  const { consequences, findings, phases, not_checked } = one
  const why =
    verdict === undefined
      ? []
      : [
          `**${inline(verdict.title)}** (${verdict.rule_id || 'no rule'}, phase ${verdict.phase}, ${verdict.confidence})`,
          inline(verdict.explain),
          verdict.remedy.map((step) => `- ${inline(step)}`).join('\n'),
        ]
  const shown = evidence
    .map(
      ({ file, line, offset, message }) =>
        `${file}${line === undefined ? '' : `:${line}`}, byte ${offset}:\n${message}`,
    )
    .join('\n\n')
  return [
    `## Attempt ${attempt}: ${status.replace('_', ' ')}`,
    `Host ${inline(host || 'unknown')}, ${profile}, ${os}.`,
    ...why,
    ...(shown === '' ? [] : ['Evidence:', fenced(shown)]),
    ...(consequences.length === 0
      ? []
      : [
          `Follows from it: ${consequences.map(({ title, count }) => `${inline(title)} ×${count}`).join('; ')}.`,
        ]),
    ...findings.map(
      ({ title, count, first_seen, last_seen, cleared_at }) =>
        `- ${inline(title)} ×${count}, ${first_seen} to ${last_seen}${cleared_at === undefined ? '' : `, over at ${cleared_at}`}`,
    ),
    phases
      .map(
        ({ phase, state, duration_s }) =>
          `- ${phase}: ${state.replace('_', ' ')}${duration_s === undefined ? '' : `, ${duration_s} s`}`,
      )
      .join('\n'),
    ...not_checked.map(({ source, reason }) => `- not checked (${source}): ${reason}`),
  ].join('\n\n')
}

function timelineLine({ ts, ts_quality, source, rule_id, kind, message }: EventJson): string {
  const mark = ts_quality === 'parsed' ? ' ' : '~'
  return `${ts.slice(0, 19).replace('T', ' ')}${mark} ${source ?? ''} [${rule_id ?? kind}] ${message.split('\n', 1)[0]}`
}

/** Characters that Markdown would act on are escaped. */
function inline(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|~]/g, String.raw`\$&`).replaceAll('\n', ' ')
}

/** A fence longer than any run of backticks in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

/** The report as a page that needs nothing else: no script, no picture, no address of another host. */
export function htmlOf(report: Report): string {
  const title = escaped([...new Set(report.diagnoses.map(({ session }) => session))].join(', '))
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>
</head><body><pre>${escaped(markdownOf(report))}</pre></body></html>
`
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}
