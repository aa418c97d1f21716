import type { RecordChunk, RowVerdict } from '../model.ts'
import { createWindows } from './after-windows.ts'
import { createAskedRules } from './asked-rules.ts'
import {
  ChunkJudge,
  type FileState,
  forEachRole,
  type Hits,
  type Role,
  type RowReader,
  type View,
  verdictOf,
} from './chunk-judge.ts'
import { createIndexList } from './index-list.ts'
import { generalInOrder, type Rule } from './rule.ts'

export type FileClassifier = {
  /** Windows that are open after the last chunk: records left by rule id; goes into the checkpoint. */
  readonly state: Readonly<Record<string, number>>
  /** Returns to the given `state` of a file; windows that it does not name are closed. */
  restore(state: Readonly<Record<string, number>>): void
  /** Adds the verdicts on the next records of the file, by row, then in the order of the rules. */
  classify(chunk: RecordChunk, hits: Hits, row: RowReader, out: RowVerdict[]): void
  /** Does a benign rule match this row of the last chunk? Asked for few rows, as it costs a search. */
  isBenign(row: number, reader: RowReader): boolean
  /** The verdict of a general rule on this row, if no other rule matched; costs a search, too. */
  inGeneral(row: number, reader: RowReader): RowVerdict | undefined
}

export type Classifier = {
  /** Needles to search for in each chunk, in this order. */
  readonly needles: readonly string[]
  forFile(file: { readonly source: string; readonly profile: string }): FileClassifier
}

/** Compiles a set of rules for classification; deprecated rules are left out. */
export function createClassifier(all: readonly Rule[]): Classifier {
  const living = all.filter((rule) => rule.status !== 'deprecated')
  // A benign rule with a window must see all records of its file.
  const isAskedBenign = (rule: Rule) => rule.kind === 'benign' && rule.after === undefined
  const rules = living.filter((rule) => !isAskedBenign(rule) && !rule.general)
  const benign = createAskedRules(living.filter(isAskedBenign))
  const general = createAskedRules(generalInOrder(living))
  const roles = rolesByNeedle(rules)
  const needles = [...roles.keys()]
  const lengths = Int32Array.from(needles, (needle) => Buffer.byteLength(needle))
  return {
    needles,
    forFile: ({ source, profile }) => {
      const wanted = rules.map((rule) => rule.appliesTo(source, profile))
      const isWanted = (index: number) => wanted[index] === true
      return createFileClassifier({
        rules,
        benign: benign({ source, profile }),
        general: general({ source, profile }),
        lengths,
        roles: [...roles.values()].map((role) => narrowed(role, isWanted)),
        unsearched: [...rules.keys()].filter(
          (index) => isWanted(index) && rules[index]?.needles.length === 0,
        ),
      })
    },
  }
}

/** What is left of a role for one kind of file; undefined if nothing is. Kinds of files are many: they share what they can. */
function narrowed(role: Role, isWanted: (index: number) => boolean): Role | undefined {
  const { claims, opens } = role
  if (claims.every(isWanted) && opens.every(isWanted)) return role
  if (!claims.some(isWanted) && !opens.some(isWanted)) return undefined
  // Filtering reserves room for more, which is never used.
  return { claims: claims.filter(isWanted).slice(), opens: opens.filter(isWanted).slice() }
}

function rolesByNeedle(rules: readonly Rule[]): ReadonlyMap<string, { claims: number[]; opens: number[] }> {
  const roles = new Map<string, { claims: number[]; opens: number[] }>()
  const roleOf = (needle: string) => {
    const role = roles.get(needle) ?? { claims: [], opens: [] }
    roles.set(needle, role)
    return role
  }
  for (const [index, { needles, after }] of rules.entries()) {
    for (const needle of needles) roleOf(needle).claims.push(index)
    if (after) roleOf(after.literal).opens.push(index)
  }
  return roles
}

function createFileClassifier(view: View): FileClassifier {
  const opened = view.roles.flatMap((role) => role?.opens ?? [])
  const state: FileState = {
    windows: createWindows(view.rules, { opened, unsearched: view.unsearched }),
    candidates: createIndexList(view.rules.length),
    openers: createIndexList(view.rules.length),
  }
  let benign: ReadonlySet<number> = new Set()
  return {
    get state() {
      return state.windows.state()
    },
    restore: state.windows.restore,
    isBenign(row, reader) {
      if (benign.has(row)) return true
      return !reader.isEcho(row) && view.benign(reader.text(row), reader.level(row)) !== undefined
    },
    inGeneral(row, reader) {
      const claim = view.general(reader.text(row), reader.level(row))
      return claim && verdictOf(claim.rule, 'signature', row, claim.captures)
    },
    classify(chunk, hits, reader, out) {
      const judge = new ChunkJudge(view, state, { reader, out })
      forEachRole(view, chunk, hits, (role, row) => judge.gather(role, row))
      judge.end(chunk.count)
      benign = judge.benign
    },
  }
}
