import type { EventKind, RecordChunk, RowVerdict } from '../model.ts'
import type { createWindows } from './after-windows.ts'
import type { Ask, Claim } from './asked-rules.ts'
import type { IndexList } from './index-list.ts'
import type { Rule } from './rule.ts'

/** Which needles are in which of a chunk's records, ascending by position. */
export type Hits = {
  readonly positions: Int32Array
  readonly needles: Int32Array
  readonly count: number
  /** Index of the classifier's first needle among all needles searched; hits of others are ignored. */
  readonly base: number
}

/** What is known about a record besides its bytes. */
export type RowReader = {
  /** Cleaned and redacted; only requested if a rule may match. */
  text(row: number): string
  /** Index into LEVELS. */
  level(row: number): number
  /** Is its message a command echoed by bash under `set -x`? */
  isEcho(row: number): boolean
}

/** The rules that apply to one file, by index. */
export type View = {
  readonly rules: readonly Rule[]
  readonly benign: Ask
  readonly general: Ask
  /** Length of each needle in bytes. */
  readonly lengths: Int32Array
  /** What each needle means for this file: rules to try on its record, and windows that it opens; undefined if nothing. */
  readonly roles: readonly (Role | undefined)[]
  /** Rules with a window and no needle, tried on each record while their window is open. */
  readonly unsearched: readonly number[]
}
export type Role = { readonly claims: readonly number[]; readonly opens: readonly number[] }

/** What is kept of a file: its open windows, and lists that are refilled for each record. */
export type FileState = {
  readonly windows: ReturnType<typeof createWindows>
  /** Rules to try on the record at hand. */
  readonly candidates: IndexList
  /** Rules whose windows the record at hand opens. */
  readonly openers: IndexList
}

/** Where the rows of a chunk are read, and where verdicts go. */
type ChunkTask = { readonly reader: RowReader; readonly out: RowVerdict[] }

/** Gathers what the hits of each record mean, and judges the record when the hits of the next one begin. */
export class ChunkJudge {
  /** Rows that a benign rule with a window has matched. */
  readonly benign = new Set<number>()
  readonly #view: View
  readonly #state: FileState
  readonly #task: ChunkTask
  #row = -1

  constructor(view: View, state: FileState, task: ChunkTask) {
    this.#view = view
    this.#state = state
    this.#task = task
  }

  /** Takes what a hit in this row means; rows ascend. */
  gather(role: Role, row: number): void {
    const { windows, candidates, openers } = this.#state
    if (row !== this.#row) this.#goTo(row)
    for (const index of role.claims) if (windows.admits(index, row)) candidates.add(index)
    for (const index of role.opens) openers.add(index)
  }

  /** Judges what is left of a chunk of `count` records. */
  end(count: number): void {
    this.#goTo(count)
    this.#state.windows.pass(count)
  }

  /** Judges the row at hand, and those up to the next one that a window makes worth a try. */
  #goTo(row: number): void {
    const { windows, candidates, openers } = this.#state
    const isDue = candidates.count + openers.count > 0 || windows.waits(this.#row)
    if (this.#row >= 0 && isDue) this.#judge(this.#row)
    for (let next = this.#row + 1; next < row && windows.waits(next); next++) this.#judge(next)
    this.#row = row
  }

  #judge(row: number): void {
    const { windows, candidates, openers } = this.#state
    const { reader, out } = this.#task
    windows.addUnsearched(row, candidates)
    if (candidates.count > 0) {
      for (const { rule, captures } of matches(this.#view.rules, candidates, row, reader)) {
        if (rule.kind === 'benign') this.benign.add(row)
        else out.push(verdictOf(rule, rule.kind, row, captures))
      }
    }
    for (let place = 0; place < openers.count; place++) windows.open(openers.at(place), row)
    candidates.clear()
    openers.clear()
  }
}

/** Walks through hits and records side by side; a hit counts if a record contains all of it. */
export function forEachRole(
  view: View,
  chunk: RecordChunk,
  hits: Hits,
  visit: (role: Role, row: number) => void,
): void {
  const { roles, lengths } = view
  const { begin, end, count } = chunk
  let row = 0
  for (let hit = 0; hit < hits.count; hit++) {
    const needle = (hits.needles[hit] as number) - hits.base
    const role = roles[needle]
    if (role === undefined) continue
    const position = hits.positions[hit] as number
    while (row < count && (end[row] as number) <= position) row++
    if (row === count) return
    const inside = position >= (begin[row] as number)
    if (inside && position + (lengths[needle] as number) <= (end[row] as number)) visit(role, row)
  }
}

function matches(rules: readonly Rule[], candidates: IndexList, row: number, reader: RowReader): Claim[] {
  const text = reader.text(row)
  const level = reader.level(row)
  const echo = reader.isEcho(row)
  const found: Claim[] = []
  for (let place = 0; place < candidates.count; place++) {
    const rule = rules[candidates.at(place)] as Rule
    const captures = echo && !rule.echo ? undefined : rule.match(text, level)
    if (captures !== undefined) found.push({ rule, captures })
  }
  return found
}

/** The verdict of a rule on a row of a chunk. */
export function verdictOf(
  rule: Rule,
  kind: EventKind,
  row: number,
  captures: Record<string, string>,
): RowVerdict {
  const { id: ruleId, version: ruleVersion, severity, phase, layer } = rule
  return { row, kind, ruleId, ruleVersion, severity, phase, layer, captures }
}
