import { basename } from 'node:path'
import { bytesText } from '../bytes-text.ts'
import type { RuleSet } from '../interpret/load-rules.ts'
import { worstFirst } from '../severity.ts'
import { grouped } from '../triage/grouped.ts'
import { counted } from './counted.ts'
import { excerpt } from './excerpt.ts'
import { filesNote } from './files-note.ts'
import type { Io } from './io.ts'
import { paint, severityStyle } from './paint.ts'
import { oneLine, printable } from './printable.ts'
import type { FoldedFinding, ScanFindings } from './scan-findings.ts'

export type ScanTotals = {
  readonly files: number
  readonly bytes: number
  readonly seconds: number
  readonly passedOver: number
  readonly notRead: readonly unknown[]
}

/** At most this many characters of a message are shown. */
const EXCERPT = 160

/** Prints the findings of a scan by desktop or host, worst first. */
export class ScanReport {
  readonly #rules: ReadonlyMap<string, string>
  readonly #found: ScanFindings
  readonly #showsNotes: boolean
  readonly #io: Io

  constructor(rules: RuleSet, found: ScanFindings, showsNotes: boolean, io: Io) {
    this.#rules = new Map(rules.rules.map((rule) => [rule.id, rule.title]))
    this.#found = found
    this.#showsNotes = showsNotes
    this.#io = io
  }

  /** Prints the findings, and the totals of everything that was read. */
  print(totals: ScanTotals | undefined): void {
    const { findings, notes } = this.#found
    this.#printGroups(findings)
    if (this.#showsNotes && notes.length > 0) {
      this.#io.out(`${paint(this.#io, 'bold', 'Notes, which are not failures')}\n\n`)
      this.#printGroups(notes)
    }
    if (totals !== undefined) this.#printTotals(totals, countOf(findings), countOf(notes))
  }

  #printGroups(all: readonly FoldedFinding[]): void {
    const groups = grouped(all, ({ place }) => place)
    for (const [place, findings] of [...groups].sort(([a], [b]) => a.localeCompare(b))) {
      const sorted = findings.toSorted((a, b) => worstFirst(a.verdict.severity, b.verdict.severity))
      const told = sorted.map((finding) => this.#told(finding)).join('')
      // One write for each group: into a file, a write costs as much as a page of records.
      this.#io.out(`${paint(this.#io, 'bold', oneLine(place))}\n${told}\n`)
    }
  }

  #told({ verdict, file, offset, message, count, copies }: FoldedFinding): string {
    const title = this.#rules.get(verdict.ruleId) ?? 'Failure that no rule explains'
    const severity = paint(this.#io, severityStyle(verdict.severity), verdict.severity.padEnd(8))
    const times = count > 1 ? `  ×${count}` : ''
    const id = verdict.ruleId === '' ? '' : paint(this.#io, 'dim', `  ${verdict.ruleId}`)
    const others = copies.map((copy) => oneLine(basename(copy)))
    const places = [`${oneLine(file.path)}, byte ${offset}`, ...others].join('; also ')
    return [
      `  ${severity}  ${title}${times}${id}\n`,
      `            ${paint(this.#io, 'dim', places)}\n`,
      `            ${printable(excerpt(tellingLineOf(message), EXCERPT), '')}\n`,
    ].join('')
  }

  #printTotals(totals: ScanTotals, findings: number, notes: number): void {
    const { out } = this.#io
    const { files, bytes, seconds } = totals
    const { milestones, records } = this.#found
    out(
      `${counted(findings, 'finding')} and ${counted(milestones, 'milestone')} in ${counted(records, 'record')} of ${counted(files, 'file')}`,
    )
    out(` (${bytesText(bytes)} in ${seconds.toFixed(1)} s)\n`)
    if (notes > 0 && !this.#showsNotes) out(`${counted(notes, 'note')}: shown with --notes\n`)
    out(filesNote(totals))
  }
}

function countOf(findings: readonly FoldedFinding[]): number {
  return findings.reduce((total, { count }) => total + count, 0)
}

/** The most telling line: the last of a traceback, otherwise the first. */
function tellingLineOf(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '')
  return (message.startsWith('Traceback') ? lines.at(-1) : lines[0]) ?? ''
}
