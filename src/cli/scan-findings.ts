import { EXTRACTS } from '../interpret/extracts.ts'
import type { InterpretedChunk, RowVerdict, SourceFile } from '../model.ts'
import { markOf } from '../store/copies.ts'
import { type EventRow, eventRow } from '../store/event-row.ts'
import { grouped } from '../triage/grouped.ts'

/** One finding in one file, however often it occurs. */
export type Finding = {
  readonly verdict: RowVerdict
  readonly place: string
  /** The rule, or the text if no rule explains it: the same in all files. */
  readonly what: string
  readonly file: SourceFile
  readonly offset: number
  readonly message: string
  count: number
  /** A number for each of the first occurrences, equal for copies of it in other files. */
  readonly marks: number[]
}

/** A finding with the other files that contain the same lines; `count` leaves out lines already counted in earlier files. */
export type FoldedFinding = Omit<Finding, 'marks'> & { readonly copies: readonly string[] }

/** Failures that no rule explains are alike if this much of their text is equal, apart from numbers. */
const ALIKE_CHARS = 160
/** Beyond this many occurrences in one file, copies are not recognised. */
const MOST_MARKS = 10_000

/** Collects the findings of a scan. */
export class ScanFindings {
  readonly #findings = new Map<string, Finding>()
  readonly #notes = new Map<string, Finding>()
  milestones = 0
  records = 0

  /** Failures; a line in several files counts once. */
  get findings(): FoldedFinding[] {
    return folded([...this.#findings.values()])
  }

  /** Notes, which are not failures, counted in the same way. */
  get notes(): FoldedFinding[] {
    return folded([...this.#notes.values()])
  }

  add(result: InterpretedChunk): void {
    this.records += result.records.count
    const isExtract = EXTRACTS.has(result.records.file.source)
    for (const verdict of result.verdicts) {
      if (verdict.kind !== 'milestone' || verdict.severity !== 'info') {
        note(verdict.severity === 'info' ? this.#notes : this.#findings, eventRow(result, verdict))
      } else if (!isExtract) this.milestones++
    }
  }
}

function note(findings: Map<string, Finding>, event: EventRow): void {
  const { file, verdict, message, offset } = event
  const what =
    verdict.kind === 'unknown' ? message.replaceAll(/\d+/g, '#').slice(0, ALIKE_CHARS) : verdict.ruleId
  const key = `${file.fileId}:${file.generation}:${file.identity.host}:${what}`
  let finding = findings.get(key)
  if (finding === undefined) {
    finding = { verdict, place: placeOf(file), what, file, offset, message, count: 0, marks: [] }
    findings.set(key, finding)
  }
  finding.count++
  if (finding.marks.length < MOST_MARKS) finding.marks.push(markOf(event))
}

function placeOf({ identity: { owner, session, host } }: SourceFile): string {
  const desktop = [owner, session].filter((part) => part !== '').join('/')
  return [desktop, host].filter((part) => part !== '').join('  ') || 'not of one desktop'
}

function folded(findings: readonly Finding[]): FoldedFinding[] {
  const alike = grouped(findings, ({ place, what }) => `${place}\0${what}`)
  return [...alike.values()].flatMap((group) =>
    group.length > 1 ? foldedGroup(group) : group.map((finding) => ({ ...finding, copies: [] })),
  )
}

/**
 * Counts whole logs before extracts, otherwise files in the order in which they were found. The n-th occurrence in one file
 * is a copy of the n-th in another.
 */
function foldedGroup(group: readonly Finding[]): FoldedFinding[] {
  const isExtract = ({ file }: Finding) => (EXTRACTS.has(file.source) ? 1 : 0)
  const seen = new Map<number, number>()
  const kept: (Finding & { readonly copies: string[] })[] = []
  for (const finding of group.toSorted((a, b) => isExtract(a) - isExtract(b))) {
    const { count, marks, file } = finding
    let copied = 0
    for (const [mark, times] of counted(marks)) {
      const before = seen.get(mark) ?? 0
      copied += Math.min(before, times)
      seen.set(mark, Math.max(before, times))
    }
    if (copied < count) kept.push({ ...finding, count: count - copied, copies: [] })
    else {
      const own = new Set(marks)
      for (const one of kept) if (one.marks.some((mark) => own.has(mark))) one.copies.push(file.path)
    }
  }
  return kept
}

function counted(marks: readonly number[]): Map<number, number> {
  const times = new Map<number, number>()
  for (const mark of marks) times.set(mark, (times.get(mark) ?? 0) + 1)
  return times
}
