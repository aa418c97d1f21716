import type { Needles } from './needles.ts'
import type { RegexAssertion, RegexCharacter, RegexClass, RegexSet } from './regex-tree.ts'

/**
 * A stretch of an expression. `exact`: all strings that it can match. `gap`: unknown text that contains one of these needles,
 * if given. Without text: an `Edge`; `near`, one of these needles is in what is before
 * or after.
 */
export type Piece =
  | { readonly exact: readonly string[] }
  | { readonly gap: Needles | undefined }
  | Edge
  | { readonly near: Needles | undefined }

/** One of the bytes that this symbol names stands before what follows, or after what precedes. */
export type Edge = { readonly edge: string; readonly side: 'before' | 'after' | 'both' }

export const GAP: Piece = { gap: undefined }
export const NOTHING: Piece = { exact: [''] }

/** How needles are spelled: what of an expression's characters can be searched for. */
export type Alphabet = {
  /** More alternatives than this are not kept apart: their neighbours must provide the needles. */
  readonly maxAlternatives: number
  readonly character: (code: number, ignoreCase: boolean) => Piece
  /** A class in brackets, or `\d` and the like. */
  readonly set: (node: RegexClass | RegexSet, ignoreCase: boolean) => Piece
  /** What an assertion says of the bytes beside it; undefined if nothing that can be searched for. */
  readonly edge: (node: RegexAssertion) => Edge | undefined
}

/** Needles that are compared byte by byte. Under `i` only characters without case are certain; to be safe, only ASCII ones. */
export const EXACT: Alphabet = {
  maxAlternatives: 16,
  character: (code, ignoreCase) => certain([code], ignoreCase),
  set(node, ignoreCase) {
    const codes = node.type === 'CharacterClass' ? charactersOf(node, EXACT.maxAlternatives) : undefined
    return codes === undefined ? GAP : certain(codes, ignoreCase)
  },
  edge: () => undefined,
}

function certain(codes: readonly number[], ignoreCase: boolean): Piece {
  const texts = codes.map((code) => String.fromCodePoint(code))
  return ignoreCase && texts.some((text) => !/^[\x20-@[-`{-~]$/.test(text)) ? GAP : { exact: texts }
}

/** The characters of a class, if it is only as many as are wanted. */
export function charactersOf({ negate, elements }: RegexClass, most: number): readonly number[] | undefined {
  const codes = new Set<number>()
  for (const member of elements) {
    const range = negate ? undefined : rangeOf(member)
    if (range === undefined || range.max - range.min >= most) return undefined
    for (let code = range.min; code <= range.max; code++) codes.add(code)
  }
  return codes.size > 0 && codes.size <= most ? [...codes] : undefined
}

/** The first and last character of a member of a class, if that is all it is. */
export function rangeOf(
  member: RegexClass['elements'][number] | RegexCharacter,
): { min: number; max: number } | undefined {
  if (member.type === 'Character') return { min: member.value, max: member.value }
  return member.type === 'CharacterClassRange' ? { min: member.min.value, max: member.max.value } : undefined
}
