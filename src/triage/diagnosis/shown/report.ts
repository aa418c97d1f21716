import type { EventJson } from '../../../event-json.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import { page } from './report-html.ts'
import { markdown } from './report-markdown.ts'
import { namesOf, partsOf } from './report-parts.ts'

/** Everything that goes into a report on one desktop. */
export type Report = {
  readonly made: string
  readonly version: string
  readonly rule_set: string
  readonly diagnoses: readonly DiagnosisJson[]
  /** The product versions that write the logs of each profile, where known. */
  readonly products?: Readonly<Record<string, string>>
  readonly timeline: readonly EventJson[]
  /** What was masked in the texts, by kind and file. */
  readonly redacted: readonly { readonly kind: string; readonly file: string; readonly count: number }[]
}

/** Counts the masks in the messages of some events. */
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

/** The report as Markdown; text of logs cannot become markup. */
export function markdownOf(report: Report): string {
  return markdown(partsOf(report))
}

/** The report as one HTML page that loads nothing; text of logs cannot become markup. */
export function htmlOf(report: Report): string {
  return page(namesOf(report), partsOf(report))
}
