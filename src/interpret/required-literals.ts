import { type Alphabet, EXACT, GAP, NOTHING, type Piece } from './literal-alphabet.ts'
import { cheapest, type Needles, needlesOf, union } from './needles.ts'
import {
  parsePattern,
  type RegexAlternative,
  type RegexAssertion,
  type RegexElement,
  type RegexQuantifier,
} from './regex-tree.ts'

/**
 * Finds literals of which every match of the expression contains one, preferring few, long ones; undefined if none is
 * certain. They never contain control characters, which cleaning may alter.
 */
export function requiredLiterals(source: string, flags: string, alphabet = EXACT): Needles | undefined {
  return bestOfAlternatives(parsePattern(source, flags).alternatives, {
    alphabet,
    ignoreCase: flags.includes('i'),
  })
}

type Spelling = { readonly alphabet: Alphabet; readonly ignoreCase: boolean }

function bestOfAlternatives(
  alternatives: readonly RegexAlternative[],
  spelling: Spelling,
): Needles | undefined {
  return union(
    alternatives.map((alternative) => bestOf(piecesOf(alternative.elements, spelling), spelling.alphabet)),
  )
}

/** Tries every run of adjacent exact pieces, and what gaps and neighbours require. */
function bestOf(pieces: readonly Piece[], { maxAlternatives }: Alphabet): Needles | undefined {
  const joined = joinSingles(pieces)
  const sets = joined.flatMap((piece, from) => {
    if ('gap' in piece) return [piece.gap]
    return 'near' in piece ? [piece.near] : runsFrom(joined.slice(from), maxAlternatives)
  })
  return cheapest(sets)
}

/** An edge counts at the beginning and at the end of a run; within, the text itself is known. */
function runsFrom(pieces: readonly Piece[], maxAlternatives: number): (Needles | undefined)[] {
  const sets: (Needles | undefined)[] = []
  let edge = ''
  let run: readonly string[] = ['']
  for (const piece of pieces) {
    if ('gap' in piece) break
    if ('near' in piece) continue
    const texts = product(run, 'edge' in piece ? [piece.edge] : piece.exact)
    if (texts.length > maxAlternatives) break
    if ('exact' in piece) run = texts
    else if (run[0] === '') {
      if (piece.side !== 'after') edge = piece.edge
      continue
    } else if (piece.side === 'before') continue
    sets.push(needlesOf(product([edge], texts)))
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

function piecesOf(elements: readonly RegexElement[], spelling: Spelling): Piece[] {
  return elements.flatMap((element) => piecesOfElement(element, spelling))
}

function piecesOfElement(element: RegexElement, spelling: Spelling): Piece[] {
  switch (element.type) {
    case 'Character':
      return [spelling.alphabet.character(element.value, spelling.ignoreCase)]
    case 'CharacterClass':
    case 'CharacterSet':
      return [spelling.alphabet.set(element, spelling.ignoreCase)]
    case 'Group':
    case 'CapturingGroup':
      return piecesOfGroup(element.alternatives, spelling)
    case 'Quantifier':
      return piecesOfQuantifier(element, spelling)
    case 'Assertion':
      return piecesOfAssertion(element, spelling)
    case 'Backreference':
    case 'ExpressionCharacterClass':
      return [GAP]
  }
}

function piecesOfGroup(alternatives: readonly RegexAlternative[], spelling: Spelling): Piece[] {
  const only = alternatives.length === 1 ? alternatives[0] : undefined
  if (only) return piecesOf(only.elements, spelling)
  const all = alternatives.map((alternative) => piecesOf(alternative.elements, spelling))
  const { maxAlternatives } = spelling.alphabet
  const exact = all.map((pieces) => exactText(pieces, maxAlternatives))
  const texts = exact.every((strings) => strings !== undefined) ? [...new Set(exact.flat())] : []
  if (texts.length > 0 && texts.length <= maxAlternatives) return [{ exact: texts }]
  return [{ gap: union(all.map((pieces) => bestOf(pieces, spelling.alphabet))) }]
}

/** All strings that the pieces can match together, if they are known and few. */
function exactText(pieces: readonly Piece[], maxTexts: number): readonly string[] | undefined {
  let texts: readonly string[] = ['']
  for (const piece of pieces) {
    if ('gap' in piece) return undefined
    if ('exact' in piece) texts = product(texts, piece.exact)
    if (texts.length > maxTexts) return undefined
  }
  return texts
}

function piecesOfQuantifier({ min, max, element }: RegexQuantifier, spelling: Spelling): Piece[] {
  if (max === 0) return [NOTHING]
  const inner = piecesOfElement(element, spelling)
  if (min === 1 && max === 1) return inner
  const most = spelling.alphabet.maxAlternatives
  const texts = max <= 4 ? repeated(exactText(inner, most), { min, max, most }) : undefined
  if (texts) return [{ exact: texts }]
  // The first repetition follows directly on what is before it, and the last one directly precedes what follows.
  return min === 0 ? [GAP] : [...inner, GAP, ...inner]
}

/** What min to max repetitions of the texts yield, unless it is more than `most` texts. */
function repeated(
  texts: readonly string[] | undefined,
  { min, max, most }: { readonly min: number; readonly max: number; readonly most: number },
): string[] | undefined {
  if (texts === undefined) return undefined
  const found = new Set<string>()
  let turn: readonly string[] = ['']
  for (let count = 0; count <= max; count++) {
    if (turn.length > most) return undefined
    if (count >= min) for (const text of turn) found.add(text)
    turn = product(turn, texts)
  }
  return found.size <= most ? [...found] : undefined
}

/** Assertions consume no text, but what a positive one requires is present. */
function piecesOfAssertion(node: RegexAssertion, spelling: Spelling): Piece[] {
  const edge = spelling.alphabet.edge(node)
  if (edge !== undefined) return [edge]
  const looks = node.kind === 'lookahead' || node.kind === 'lookbehind'
  return looks && !node.negate ? [{ near: bestOfAlternatives(node.alternatives, spelling) }] : [NOTHING]
}
