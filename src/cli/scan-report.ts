import type { RuleSet } from '../interpret/load-rules.ts'
import type { InterpretedChunk, RowVerdict } from '../model.ts'
import { worstFirst } from '../severity.ts'
import { messageOf } from '../store/event-row.ts'
import { counted } from './counted.ts'
import { excerpt } from './excerpt.ts'
import { filesNote } from './files-note.ts'
import type { Io } from './io.ts'
import { paint, severityStyle } from './paint.ts'
import { oneLine, printable } from './printable.ts'

/** The same finding in the same file, however often. */
type Finding = {
  readonly verdict: RowVerdict
  readonly place: string
  readonly file: string
  readonly offset: number
  readonly message: string
  count: number
}

export type ScanTotals = {
  readonly files: number
  readonly bytes: number
  readonly seconds: number
  readonly passedOver: number
  readonly notRead: readonly unknown[]
}

const EXCERPT = 160

/** Gathers what a scan finds and prints it by desktop or host, worst first. */
export class ScanReport {
  readonly #rules: ReadonlyMap<string, string>
  readonly #io: Io
  readonly #findings = new Map<string, Finding>()
  readonly #notes = new Map<string, Finding>()
  readonly #showsNotes: boolean
  #milestones = 0
  #lines = 0

  constructor(rules: RuleSet, showsNotes: boolean, io: Io) {
    this.#rules = new Map(rules.rules.map((rule) => [rule.id, rule.title]))
    this.#showsNotes = showsNotes
    this.#io = io
  }

  add(result: InterpretedChunk): void {
    this.#lines += result.records.count
    for (const verdict of result.verdicts) {
      if (verdict.kind === 'milestone' && verdict.severity === 'info') this.#milestones++
      else this.#addTo(verdict.severity === 'info' ? this.#notes : this.#findings, result, verdict)
    }
  }

  /** Prints the findings, and the sum of all that was read. */
  print(totals: ScanTotals | undefined): void {
    this.#printGroups(this.#findings.values())
    if (this.#showsNotes && this.#notes.size > 0) {
      this.#io.out(`${paint(this.#io, 'bold', 'Notes, which are no failures')}\n\n`)
      this.#printGroups(this.#notes.values())
    }
    if (totals !== undefined) this.#printTotals(totals)
  }

  #printGroups(all: Iterable<Finding>): void {
    const groups = new Map<string, Finding[]>()
    for (const finding of all) {
      const group = groups.get(finding.place)
      if (group === undefined) groups.set(finding.place, [finding])
      else group.push(finding)
    }
    for (const [place, findings] of [...groups].sort(([a], [b]) => a.localeCompare(b))) {
      const sorted = findings.sort((a, b) => worstFirst(a.verdict.severity, b.verdict.severity))
      const told = sorted.map((finding) => this.#told(finding)).join('')
      // One write a group: to a file, each costs as much as a page of records.
      this.#io.out(`${paint(this.#io, 'bold', oneLine(place))}\n${told}\n`)
    }
  }

  #addTo(findings: Map<string, Finding>, result: InterpretedChunk, verdict: RowVerdict): void {
    const { file, offset } = result.records
    const message = messageOf(result, verdict.row)
    const what =
      verdict.kind === 'unknown' ? message.replaceAll(/\d+/g, '#').slice(0, EXCERPT) : verdict.ruleId
    const key = `${file.fileId}:${file.generation}:${what}`
    const known = findings.get(key)
    if (known !== undefined) {
      known.count++
      return
    }
    const { owner, session, host } = file.identity
    const desktop = [owner, session].filter((part) => part !== '').join('/')
    const place = [desktop, host].filter((part) => part !== '').join('  ') || 'not of one desktop'
    findings.set(key, {
      verdict,
      place,
      file: file.path,
      offset: offset[verdict.row] ?? 0,
      message,
      count: 1,
    })
  }

  #told({ verdict, file, offset, message, count }: Finding): string {
    const title = this.#rules.get(verdict.ruleId) ?? 'Failure that no rule explains'
    const severity = paint(this.#io, severityStyle(verdict.severity), verdict.severity.padEnd(8))
    const times = count > 1 ? `  ×${count}` : ''
    const id = verdict.ruleId === '' ? '' : paint(this.#io, 'dim', `  ${verdict.ruleId}`)
    return [
      `  ${severity}  ${title}${times}${id}\n`,
      `            ${paint(this.#io, 'dim', `${oneLine(file)}, byte ${offset}`)}\n`,
      `            ${printable(excerpt(tellingLineOf(message), EXCERPT), '')}\n`,
    ].join('')
  }

  #printTotals(totals: ScanTotals): void {
    const { out } = this.#io
    const { files, bytes, seconds } = totals
    const findings = countOf(this.#findings)
    const notes = countOf(this.#notes)
    out(
      `${counted(findings, 'finding')} and ${counted(this.#milestones, 'milestone')} in ${counted(this.#lines, 'record')} of ${counted(files, 'file')}`,
    )
    out(` (${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s)\n`)
    if (notes > 0 && !this.#showsNotes) out(`${counted(notes, 'note')}: shown with --notes\n`)
    out(filesNote(totals))
  }
}

function countOf(findings: ReadonlyMap<string, Finding>): number {
  return [...findings.values()].reduce((total, { count }) => total + count, 0)
}

/** The line that tells most: the last of a traceback, else the first. */
function tellingLineOf(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '')
  return (message.startsWith('Traceback') ? lines.at(-1) : lines[0]) ?? ''
}
