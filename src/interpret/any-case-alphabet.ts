import { symbolFor } from './byte-set.ts'
import { type Alphabet, charactersOf, type Edge, GAP, type Piece, rangeOf } from './literal-alphabet.ts'
import type { RegexAlternative, RegexAssertion, RegexClass, RegexElement, RegexSet } from './regex-tree.ts'

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39
const isWord = (byte: number) =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f || (byte >= 0x61 && byte <= 0x7a)
const isBlank = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
/** Part of a character that is not ASCII: which one cannot be told from one byte. */
const isHigh = (byte: number) => byte >= 0x80
/** How such a character ends before a word, and begins after it. */
const HIGH = {
  before: (byte: number) => byte >= 0x80 && byte <= 0xbf,
  after: (byte: number) => byte >= 0xc2 && byte <= 0xf4,
}
/** What cleaning leaves in a text: of the control characters only those between words and lines. */
const isLeft = (byte: number) => byte >= 0x20 || isBlank(byte)

type Holds = (byte: number) => boolean

/** There are blanks that are not ASCII. */
const isSpace: Holds = (byte) => isBlank(byte) || isHigh(byte)

/** So many characters of a class are told apart. */
const FEW = 3

/**
 * Needles that ignore case, and that know sets of bytes: digits and letters, and what stands before and after a word. `\b` is
 * taken to stand beside a letter, digit or underscore, as it does where it is of use.
 */
export const ANY_CASE: Alphabet = {
  maxAlternatives: 128,
  character: (code, ignoreCase) => spelled([code], ignoreCase),
  set(node, ignoreCase) {
    const few = node.type === 'CharacterClass' ? charactersOf(node, FEW) : undefined
    if (few !== undefined) return spelled(few, ignoreCase)
    const holds = asciiOf(node)
    return holds === undefined ? GAP : { exact: [symbolFor(holds)] }
  },
  edge(node) {
    // The same few stand at every word.
    if (!edges.has(node.raw)) edges.set(node.raw, edgeOf(node))
    return edges.get(node.raw)
  },
}

const edges = new Map<string, Edge | undefined>()

function edgeOf(node: RegexAssertion): Edge | undefined {
  if (node.kind === 'word') {
    return node.negate ? undefined : edge('both', (byte) => isHigh(byte) || !isWord(byte))
  }
  if (node.kind !== 'lookahead' && node.kind !== 'lookbehind') return undefined
  const side = node.kind === 'lookbehind' ? 'before' : 'after'
  const isPart = HIGH[side]
  const sides = node.alternatives.map(besideOf)
  if (node.negate)
    return edge(side, (byte) => isPart(byte) || (byte < 0x80 && !sides.some((holds) => holds?.(byte))))
  const isKnown = sides.every((holds) => holds !== undefined)
  return isKnown ? edge(side, (byte) => sides.some((holds) => holds(byte))) : undefined
}

/** In a needle, a small letter stands for both cases. Of what is not ASCII, capitals have other bytes. */
function spelled(codes: readonly number[], ignoreCase: boolean): Piece {
  const texts = codes.map((code) => String.fromCodePoint(code))
  if (!ignoreCase) return { exact: texts }
  const small = texts.map((text) => text.toLowerCase())
  const isKnown = small.every((text) => text <= '\x7f' || text === text.toUpperCase())
  return isKnown ? { exact: small } : GAP
}

function edge(side: Edge['side'], holds: Holds): Edge {
  return { edge: symbolFor((byte) => isLeft(byte) && holds(byte)), side }
}

/** The bytes that may stand beside the edge; undefined if more than the next character matters. */
function besideOf({ elements }: RegexAlternative): Holds | undefined {
  const only = elements.length === 1 ? elements[0] : undefined
  return only && besideOfElement(only)
}

function besideOfElement(element: RegexElement): Holds | undefined {
  if (element.type === 'Character') return (byte) => byte === element.value
  if (element.type === 'CharacterClass' || element.type === 'CharacterSet') return asciiOf(element, isSpace)
  const isEnd = element.type === 'Assertion' && (element.kind === 'start' || element.kind === 'end')
  return isEnd ? isBlank : undefined
}

/** The bytes of a class that has ASCII characters only; blanks count as such only where `blank` says what they are. */
function asciiOf(node: RegexClass | RegexSet, blank?: Holds): Holds | undefined {
  if (node.type === 'CharacterSet') return asciiOfKind(node, blank)
  if (node.negate) return undefined
  const parts = node.elements.map((member) => {
    if (member.type === 'CharacterSet') return asciiOf(member, blank)
    const range = rangeOf(member)
    return range && range.max < 0x80 ? (byte: number) => byte >= range.min && byte <= range.max : undefined
  })
  const isKnown = parts.every((holds) => holds !== undefined)
  return isKnown ? (byte) => parts.some((holds) => holds(byte)) : undefined
}

function asciiOfKind(node: RegexSet, blank: Holds | undefined): Holds | undefined {
  if (node.kind === 'any' || node.kind === 'property' || node.negate) return undefined
  if (node.kind === 'digit') return isDigit
  return node.kind === 'word' ? isWord : blank
}
