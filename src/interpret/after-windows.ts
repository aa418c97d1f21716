import type { IndexList } from './index-list.ts'
import type { Rule } from './rule.ts'

const NO_WINDOWS: Readonly<Record<string, number>> = {}

/** For each rule with `after`: for how many more records it may match. Rows are counted across chunks. */
export function createWindows(
  rules: readonly Rule[],
  { opened, unsearched }: { readonly opened: readonly number[]; readonly unsearched: readonly number[] },
) {
  /** The last record of each window, counted from `passed` = 0. */
  const ends = new Map<number, number>()
  let passed = 0
  let unsearchedEnd = -1
  const isOpen = (index: number, row: number) => (ends.get(index) ?? -1) >= passed + row
  const setEnd = (index: number, end: number) => {
    ends.set(index, end)
    if (unsearched.includes(index)) unsearchedEnd = Math.max(unsearchedEnd, end)
  }
  return {
    admits: (index: number, row: number) => rules[index]?.after === undefined || isOpen(index, row),
    /** Must a rule be tried on this row although it has no needle? */
    waits: (row: number) => unsearchedEnd >= passed + row,
    addUnsearched(row: number, candidates: IndexList) {
      if (unsearchedEnd < passed + row) return
      for (const index of unsearched) if (isOpen(index, row)) candidates.add(index)
    },
    open: (index: number, row: number) => setEnd(index, passed + row + (rules[index]?.after?.lines ?? 0)),
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
      for (const index of opened) {
        const { id, after } = rules[index] as Rule
        const left = Object.hasOwn(state, id) ? state[id] : undefined
        if (after && left !== undefined && left >= 1)
          setEnd(index, Math.min(Math.trunc(left), after.lines) - 1)
      }
    },
  }
}
