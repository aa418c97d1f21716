import { type AST, RegExpParser } from '@eslint-community/regexpp'

/** A node in the tree of a regular expression. */
export type RegexElement = AST.Element
export type RegexTree = AST.Pattern

/** Literals of which every match contains at least one. */
export type Needles = readonly string[]

/** One syntax for all supported versions of Node: the newest that the oldest of them knows. */
const SYNTAX = { ecmaVersion: 2024 } as const

/** More alternatives than this are not kept apart: their neighbours must provide the needles. */
const MAX_ALTERNATIVES = 16
/** Beyond this length a longer needle is no rarer in practice. */
const TELLING_BYTES = 16
/** The cost of each further needle of a set, compared with 2^-length for the hits that a needle causes. */
const NEEDLE_COST = 2 ** -14

/** Parses a regular expression; throws a SyntaxError that says where it is wrong. The only door to `regexpp`. */
export function parsePattern(source: string, flags: string): RegexTree {
  const mode = { unicode: flags.includes('u'), unicodeSets: flags.includes('v') }
  return new RegExpParser(SYNTAX).parsePattern(source, 0, source.length, mode)
}

/**
 * Finds literals of which every match of the expression contains one, preferring few, long ones; undefined if none is
 * certain. They never contain control characters, which cleaning may alter.
 */
export function requiredLiterals(source: string, flags: string): Needles | undefined {
  return bestOfAlternatives(parsePattern(source, flags).alternatives, flags.includes('i'))
}

/** Makes needles of plain strings of which one must be present; undefined if one of them yields no needle. */
export function needlesOf(literals: readonly string[]): Needles | undefined {
  const needles = literals.map(longestCleanPart)
  return needles.includes('') ? undefined : withoutCovered(needles)
}

/** The set that costs the search least, among sets that are each sufficient; undefined if there is none. */
export function cheapest(sets: readonly (Needles | undefined)[]): Needles | undefined {
  let best: { needles: Needles; cost: number } | undefined
  for (const needles of sets) {
    if (needles === undefined) continue
    const cost = costOf(needles)
    if (best === undefined || cost < best.cost) best = { needles, cost }
  }
  return best?.needles
}

/** All of the sets together, for alternatives; undefined if any of them is. */
export function union(sets: readonly (Needles | undefined)[]): Needles | undefined {
  const all: string[] = []
  for (const needles of sets) {
    if (needles === undefined) return undefined
    all.push(...needles)
  }
  return all.length > 0 ? withoutCovered(all) : undefined
}

/**
 * A stretch of an expression. `exact`: all strings that it can match. Otherwise a gap: unknown text that contains one of
 * `required`, if given.
 */
type Piece = { readonly exact: readonly string[] } | { readonly required: Needles | undefined }

const GAP: Piece = { required: undefined }
const NOTHING: Piece = { exact: [''] }

function bestOfAlternatives(
  alternatives: readonly AST.Alternative[],
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

function piecesOf(elements: readonly AST.Element[], ignoreCase: boolean): Piece[] {
  return elements.flatMap((element) => piecesOfElement(element, ignoreCase))
}

function piecesOfElement(element: AST.Element, ignoreCase: boolean): Piece[] {
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

function piecesOfClass(node: AST.CharacterClass, ignoreCase: boolean): Piece {
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

function piecesOfGroup(alternatives: readonly AST.Alternative[], ignoreCase: boolean): Piece[] {
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

function piecesOfQuantifier({ min, max, element }: AST.Quantifier, ignoreCase: boolean): Piece[] {
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
function piecesOfAssertion(node: AST.Assertion, ignoreCase: boolean): Piece[] {
  const looks = node.kind === 'lookahead' || node.kind === 'lookbehind'
  if (!looks || node.negate) return [NOTHING]
  const required = bestOfAlternatives(node.alternatives, ignoreCase)
  return [required === undefined ? NOTHING : { required }]
}

function longestCleanPart(text: string): string {
  const parts = text.split(/[\0-\x1f\x7f-\x9f\ufffd\p{Surrogate}]/u)
  return parts.reduce((best, part) => (Buffer.byteLength(part) > Buffer.byteLength(best) ? part : best), '')
}

/** A needle that contains another one is not needed beside it. */
function withoutCovered(needles: Needles): Needles {
  const different = [...new Set(needles)]
  return different.filter((needle) => !different.some((other) => other !== needle && needle.includes(other)))
}

function costOf(needles: Needles): number {
  const costs = needles.map((needle) => {
    const bytes = Math.min(Buffer.byteLength(needle), TELLING_BYTES)
    return 2 ** -bytes + NEEDLE_COST + (bytes < 7 ? 1 : 0)
  })
  return costs.reduce((sum, cost) => sum + cost, 0)
}
