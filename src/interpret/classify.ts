import type { EventKind, RecordChunk, RowVerdict } from '../model.ts'
import type { RuleSet } from './load-rules.ts'
import { isEcho, type Rule } from './rule.ts'

/** Which of a chunk's records hold which needle, ascending by position. */
type Hits = {
  readonly positions: Int32Array
  readonly needles: Int32Array
  readonly count: number
  /** Where the classifier's needles begin among all those searched; hits of others are passed over. */
  readonly base: number
}

/** What is known of a record besides its bytes. */
type RowReader = {
  /** Cleaned and without secrets; asked for only where a rule may match. */
  text(row: number): string
  /** Index into LEVELS. */
  level(row: number): number
}

export type FileClassifier = {
  /** Windows that are open after the last chunk: rule id and records left; goes into the checkpoint. */
  readonly state: Readonly<Record<string, number>>
  /** Puts the file where `state` was taken; what it does not name is closed. */
  restore(state: Readonly<Record<string, number>>): void
  /** Adds what the rules say of the next records of the file, by row, then in the order of the rules. */
  classify(chunk: RecordChunk, hits: Hits, row: RowReader, out: RowVerdict[]): void
  /** Rows of the last chunk that a benign rule matched. */
  readonly benignRows: ReadonlySet<number>
}

export type Classifier = {
  /** To be searched in each chunk, at this order. */
  readonly needles: readonly string[]
  forFile(file: { readonly source: string; readonly profile: string }): FileClassifier
}

/** Makes the search for the verdicts of a set of rules; deprecated ones are kept for their names only. */
export function createClassifier(ruleSet: RuleSet): Classifier {
  const rules = ruleSet.rules.filter((rule) => rule.status !== 'deprecated')
  const literals = rules.flatMap((rule) =>
    rule.after ? [...rule.needles, rule.after.literal] : rule.needles,
  )
  const needles = [...new Set(literals)]
  const lengths = Int32Array.from(needles, (needle) => Buffer.byteLength(needle))
  return {
    needles,
    forFile: ({ source, profile }) => {
      const wanted = rules.map((rule) => rule.appliesTo(source, profile))
      const pick = (test: (rule: Rule) => boolean) =>
        rules.flatMap((rule, index) => (wanted[index] && test(rule) ? [index] : []))
      return createFileClassifier({
        rules,
        lengths,
        roles: needles.map((needle) => {
          const claims = pick((rule) => rule.needles.includes(needle))
          const opens = pick((rule) => rule.after?.literal === needle)
          return claims.length + opens.length > 0 ? { claims, opens } : undefined
        }),
        unsearched: pick((rule) => rule.needles.length === 0),
      })
    },
  }
}

/** The rules as one file needs them; rules are known by their index. */
type View = {
  readonly rules: readonly Rule[]
  /** Of each needle, in bytes. */
  readonly lengths: Int32Array
  /** What each needle means for this file: candidates of its record, windows it opens; nothing if undefined. */
  readonly roles: readonly (Role | undefined)[]
  /** Rules with a window and no needle: tried on each record while their window is open. */
  readonly unsearched: readonly number[]
}
type Role = { readonly claims: readonly number[]; readonly opens: readonly number[] }

const NO_WINDOWS: Readonly<Record<string, number>> = {}
const NO_ROWS: ReadonlySet<number> = new Set()

function createFileClassifier(view: View): FileClassifier {
  const windows = createWindows(view)
  const candidates = new Set<number>()
  const openers = new Set<number>()
  let benign: Set<number> | undefined

  const judge = (row: number, reader: RowReader, out: RowVerdict[]) => {
    windows.addUnsearched(row, candidates)
    const verdicts = candidates.size > 0 ? matches(view.rules, candidates, row, reader) : []
    for (const { rule, captures } of verdicts) {
      if (rule.kind !== 'benign') out.push(verdictOf(rule, rule.kind, row, captures))
      else {
        benign ??= new Set()
        benign.add(row)
      }
    }
    for (const index of openers) windows.open(index, row)
    candidates.clear()
    openers.clear()
  }

  return {
    get state() {
      return windows.state()
    },
    restore: windows.restore,
    get benignRows() {
      return benign ?? NO_ROWS
    },
    classify(chunk, hits, reader, out) {
      benign = undefined
      let gathered = -1
      const goTo = (row: number) => {
        const due = candidates.size + openers.size > 0 || windows.waits(gathered)
        if (gathered >= 0 && due) judge(gathered, reader, out)
        for (let next = gathered + 1; next < row && windows.waits(next); next++) judge(next, reader, out)
        gathered = row
      }
      forEachRole(view, chunk, hits, (role, row) => {
        if (row !== gathered) goTo(row)
        for (const index of role.claims) if (windows.admits(index, row)) candidates.add(index)
        for (const index of role.opens) openers.add(index)
      })
      goTo(chunk.count)
      windows.pass(chunk.count)
    },
  }
}

/** Walks hits and records side by side; a hit counts where a record holds all of it. */
function forEachRole(
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

function matches(rules: readonly Rule[], candidates: ReadonlySet<number>, row: number, reader: RowReader) {
  const text = reader.text(row)
  const level = reader.level(row)
  const echo = isEcho(text)
  const found: { rule: Rule; captures: Record<string, string> }[] = []
  for (const index of [...candidates].sort((a, b) => a - b)) {
    const rule = rules[index] as Rule
    const captures = echo && !rule.echo ? undefined : rule.match(text, level)
    if (captures !== undefined) found.push({ rule, captures })
  }
  return found
}

function verdictOf(rule: Rule, kind: EventKind, row: number, captures: Record<string, string>): RowVerdict {
  const { id: ruleId, version: ruleVersion, severity, phase, layer } = rule
  return { row, kind, ruleId, ruleVersion, severity, phase, layer, captures }
}

/** For how many records each rule with `after` may still match. Rows are counted on from chunk to chunk. */
function createWindows({ rules, unsearched, roles }: View) {
  const withWindow = new Set([...unsearched, ...roles.flatMap((role) => role?.opens ?? [])])
  /** Last record of each window, counted from `passed` = 0. */
  const ends = new Map<number, number>()
  let passed = 0
  let unsearchedEnd = -1
  const isOpen = (index: number, row: number) => (ends.get(index) ?? -1) >= passed + row
  const close = (index: number, end: number) => {
    ends.set(index, end)
    if (unsearched.includes(index)) unsearchedEnd = Math.max(unsearchedEnd, end)
  }
  return {
    admits: (index: number, row: number) => rules[index]?.after === undefined || isOpen(index, row),
    /** Is there a rule that must be tried on this row though it has no needle? */
    waits: (row: number) => unsearchedEnd >= passed + row,
    addUnsearched(row: number, candidates: Set<number>) {
      if (unsearchedEnd < passed + row) return
      for (const index of unsearched) if (isOpen(index, row)) candidates.add(index)
    },
    open: (index: number, row: number) => close(index, passed + row + (rules[index]?.after?.lines ?? 0)),
    pass(count: number) {
      passed += count
    },
    state() {
      const left = [...ends].filter(([, end]) => end >= passed)
      if (left.length === 0) return NO_WINDOWS
      return Object.fromEntries(left.map(([index, end]) => [rules[index]?.id ?? '', end - passed + 1]))
    },
    restore(state: Readonly<Record<string, number>>) {
      ends.clear()
      passed = 0
      unsearchedEnd = -1
      for (const index of withWindow) {
        const { id, after } = rules[index] as Rule
        const left = Object.hasOwn(state, id) ? state[id] : undefined
        if (after && left !== undefined && left >= 1)
          close(index, Math.min(Math.trunc(left), after.lines) - 1)
      }
    },
  }
}
