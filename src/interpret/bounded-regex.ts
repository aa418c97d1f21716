import type { Needles } from './needles.ts'

/** Texts up to here are searched whole: the time of a bad case grows with the square or cube of the length. */
const WHOLE_CHARS = 4096
/** Of longer texts only the neighbourhood of the first few needles is searched. */
const BEFORE_CHARS = 1024
const MAX_WINDOWS = 4

export type NamedGroups = Readonly<Record<string, string | undefined>>

/**
 * Makes the search for an expression whose time has a bound on any text: long texts are searched around
 * the places that hold one of the needles, or at their beginning if there are none to go by.
 */
export function boundedRegex(source: string, flags: string, needles: () => Needles | undefined) {
  // Most of the many expressions are never asked: each is compiled when it is first.
  let regex: RegExp | undefined
  let inWindow: RegExp | undefined
  // At the end of a window that is not the end of a line these would hold where they should not.
  const looksAhead = /\$|\(\?[=!]|\\[bB]/.test(source)
  return (text: string): NamedGroups | undefined => {
    if (text.length <= WHOLE_CHARS) {
      regex ??= new RegExp(source, flags)
      return groupsOf(regex.exec(text))
    }
    inWindow ??= new RegExp(source, `${flags}g`)
    for (const [from, to] of windows(text, needles())) {
      inWindow.lastIndex = from
      const found = inWindow.exec(text.slice(0, to))
      const atCut = looksAhead && inWindow.lastIndex === to && to < text.length && text[to] !== '\n'
      if (found && !atCut) return groupsOf(found)
    }
    return undefined
  }
}

const NO_GROUPS: NamedGroups = {}

function groupsOf(found: RegExpExecArray | null): NamedGroups | undefined {
  return found === null ? undefined : (found.groups ?? NO_GROUPS)
}

function* windows(text: string, needles: Needles | undefined): Generator<[from: number, to: number]> {
  if (needles === undefined) {
    yield [0, WHOLE_CHARS]
    return
  }
  let searchFrom = 0
  for (let count = 0; count < MAX_WINDOWS; count++) {
    const places = needles.map((needle) => text.indexOf(needle, searchFrom)).filter((at) => at >= 0)
    if (places.length === 0) return
    const from = Math.max(0, Math.min(...places) - BEFORE_CHARS)
    const to = Math.min(text.length, from + WHOLE_CHARS)
    yield [from, to]
    searchFrom = to
  }
}
