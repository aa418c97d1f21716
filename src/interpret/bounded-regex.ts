import type { Needles } from './needles.ts'

/** Texts up to this length are searched whole: in bad cases the time grows with the square or cube of the length. */
const WHOLE_CHARS = 4096
/** In longer texts only the surroundings of the first few needles are searched. */
const BEFORE_CHARS = 1024
const MAX_WINDOWS = 4

export type NamedGroups = Readonly<Record<string, string | undefined>>

/**
 * Makes the search for an expression, with bounded time on any text: long texts are searched around the places of needles, or
 * at their beginning if there are no needles.
 */
export function boundedRegex(source: string, flags: string, needles: () => Needles | undefined) {
  // Most of the many expressions are never used, so each is compiled on first use.
  let regex: RegExp | undefined
  let inWindow: RegExp | undefined
  // At the end of a window that is not the end of a line, these could match where they should not.
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
