import { cheapest, type Needles, needlesOf, union } from './needles.ts'
import {
  parsePattern,
  type RegexAlternative,
  type RegexAssertion,
  type RegexClass,
  type RegexElement,
  type RegexQuantifier,
} from './regex-tree.ts'

/** More alternatives than this are not kept apart: their neighbours must provide the needles. */
const MAX_ALTERNATIVES = 16

/**
 * Finds literals of which every match of the expression contains one, preferring few, long ones; undefined if none is
 * certain. They never contain control characters, which cleaning may alter.
 */
export function requiredLiterals(source: string, flags: string): Needles | undefined {
  return bestOfAlternatives(parsePattern(source, flags).alternatives, flags.includes('i'))
}

/**
 * A stretch of an expression. `exact`: all strings that it can match. Otherwise a gap: unknown text that contains one of
 * `required`, if given.
 */
type Piece = { readonly exact: readonly string[] } | { readonly required: Needles | undefined }

const GAP: Piece = { required: undefined }
const NOTHING: Piece = { exact: [''] }

function bestOfAlternatives(
  alternatives: readonly RegexAlternative[],
  ignoreCase: boolean,
): Needles | undefined {
  return union(alternatives.map((alternative) => bestOf(piecesOf(alternative.elements, ignoreCase))))
}

/** Tries every run of adjacent exact pieces, and what the gaps require. */
function bestOf(pieces: readonly Piece[]): Needles | undefined {
  const joined = joinSingles(pieces)
  const sets = joined.flatMap((piece, from) => ('exact' in piece ? runsFrom(joined, from) : [piece.required]))
  return cheapest(sets)
}

function runsFrom(pieces: readonly Piece[], from: number): (Needles | undefined)[] {
  const sets: (Needles | undefined)[] = []
  let run: readonly string[] = ['']
  for (let i = from; i < pieces.length; i++) {
    const piece = pieces[i]
    if (piece === undefined || !('exact' in piece)) break
    run = product(run, piece.exact)
    if (run.length > MAX_ALTERNATIVES) break
    sets.push(needlesOf(run))
  }
  return sets
}

/** Joins adjacent pieces that match a single string each: letters to words. */
function joinSingles(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (last && 'exact' in last && 'exact' in piece && last.exact.length === 1 && piece.exact.length === 1) {
      joined[joined.length - 1] = { exact: product(last.exact, piece.exact) }
    } else {
      joined.push(piece)
    }
  }
  return joined
}

function product(left: readonly string[], right: readonly string[]): string[] {
  return left.flatMap((head) => right.map((tail) => head + tail))
}

function piecesOf(elements: readonly RegexElement[], ignoreCase: boolean): Piece[] {
  return elements.flatMap((element) => piecesOfElement(element, ignoreCase))
}

function piecesOfElement(element: RegexElement, ignoreCase: boolean): Piece[] {
  switch (element.type) {
    case 'Character':
      return [characters([element.value], ignoreCase)]
    case 'CharacterClass':
      return [piecesOfClass(element, ignoreCase)]
    case 'Group':
    case 'CapturingGroup':
      return piecesOfGroup(element.alternatives, ignoreCase)
    case 'Quantifier':
      return piecesOfQuantifier(element, ignoreCase)
    case 'Assertion':
      return piecesOfAssertion(element, ignoreCase)
    case 'Backreference':
    case 'CharacterSet':
    case 'ExpressionCharacterClass':
      return [GAP]
  }
}

/** Under `i` only characters without case are certain; of those, to be safe, only the ASCII ones. */
function characters(codes: readonly number[], ignoreCase: boolean): Piece {
  const texts = codes.map((code) => String.fromCodePoint(code))
  return ignoreCase && texts.some((text) => !/^[\x20-@[-`{-~]$/.test(text)) ? GAP : { exact: texts }
}

function piecesOfClass(node: RegexClass, ignoreCase: boolean): Piece {
  if (node.negate) return GAP
  const codes = new Set<number>()
  for (const member of node.elements) {
    if (member.type === 'Character') codes.add(member.value)
    else if (
      member.type === 'CharacterClassRange' &&
      member.max.value - member.min.value < MAX_ALTERNATIVES
    ) {
      for (let code = member.min.value; code <= member.max.value; code++) codes.add(code)
    } else return GAP
  }
  return codes.size > 0 && codes.size <= MAX_ALTERNATIVES ? characters([...codes], ignoreCase) : GAP
}

function piecesOfGroup(alternatives: readonly RegexAlternative[], ignoreCase: boolean): Piece[] {
  const only = alternatives.length === 1 ? alternatives[0] : undefined
  if (only) return piecesOf(only.elements, ignoreCase)
  const all = alternatives.map((alternative) => piecesOf(alternative.elements, ignoreCase))
  const exact = all.map(exactText)
  const texts = exact.every((strings) => strings !== undefined) ? [...new Set(exact.flat())] : []
  if (texts.length > 0 && texts.length <= MAX_ALTERNATIVES) return [{ exact: texts }]
  return [{ required: union(all.map(bestOf)) }]
}

/** All strings that the pieces can match together, if they are known and few. */
function exactText(pieces: readonly Piece[]): readonly string[] | undefined {
  let texts: readonly string[] = ['']
  for (const piece of pieces) {
    if (!('exact' in piece)) return undefined
    texts = product(texts, piece.exact)
    if (texts.length > MAX_ALTERNATIVES) return undefined
  }
  return texts
}

function piecesOfQuantifier({ min, max, element }: RegexQuantifier, ignoreCase: boolean): Piece[] {
  if (max === 0) return [NOTHING]
  const inner = piecesOfElement(element, ignoreCase)
  if (min === 1 && max === 1) return inner
  const texts = max <= 4 ? repeated(exactText(inner), min, max) : undefined
  if (texts) return [{ exact: texts }]
  // The first repetition follows directly on what is before it, and the last one directly precedes what follows.
  return min === 0 ? [GAP] : [...inner, GAP, ...inner]
}

/** What min to max repetitions of the texts yield, unless it is too much. */
function repeated(texts: readonly string[] | undefined, min: number, max: number): string[] | undefined {
  if (texts === undefined) return undefined
  const found = new Set<string>()
  let turn: readonly string[] = ['']
  for (let count = 0; count <= max; count++) {
    if (turn.length > MAX_ALTERNATIVES) return undefined
    if (count >= min) for (const text of turn) found.add(text)
    turn = product(turn, texts)
  }
  return found.size <= MAX_ALTERNATIVES ? [...found] : undefined
}

/** Assertions consume no text, but what a positive one requires is present. */
function piecesOfAssertion(node: RegexAssertion, ignoreCase: boolean): Piece[] {
  const looks = node.kind === 'lookahead' || node.kind === 'lookbehind'
  if (!looks || node.negate) return [NOTHING]
  const required = bestOfAlternatives(node.alternatives, ignoreCase)
  return [required === undefined ? NOTHING : { required }]
}
