import { parsePattern, type RegexElement } from './regex-tree.ts'

/** A repeat with a higher maximum counts as open-ended. */
const OPEN_FROM = 64
/** A repeat that accepts this many of the 128 ASCII characters is wide: it may run over what surrounds it. */
const WIDE = 50
/** Each open-ended repeat that may stop in many places multiplies the time; two of them are bearable. */
const MAX_LOOPS = 2

const SAMPLES = [...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)), 'é']
/** Cache, since the same few classes occur in most expressions. */
const TAKEN = new Map<string, readonly string[]>()

/** Says why an expression could run for very long on hostile text; undefined if it cannot. Throws on a syntax error. */
export function unsafeRepeat(source: string, flags: string): string | undefined {
  const pattern = parsePattern(source, flags)
  if (pattern.alternatives.some((alternative) => nests(alternative.elements))) {
    return 'an open-ended repeat stands inside another one: write the inner part so that it needs none'
  }
  const loops = Math.max(
    ...pattern.alternatives.map((alternative) => countLoops(flatten(alternative.elements))),
  )
  if (loops > MAX_LOOPS) {
    return `${loops} open-ended repeats in a row may each stop in many places: write [^x]* instead of .*, or use all: with several expressions`
  }
  return undefined
}

/** `separators`: what begins each iteration of the open-ended repeat around these elements; undefined outside of one. */
function nests(elements: readonly RegexElement[], separators?: readonly string[]): boolean {
  return elements.some((element) => {
    if (element.type !== 'Quantifier') {
      return (
        'alternatives' in element && element.alternatives.some((part) => nests(part.elements, separators))
      )
    }
    const { element: inner, max } = element
    if (max <= OPEN_FROM) return nests([inner], separators)
    if (separators) return !apart(charactersOf(inner), separators)
    return overlaps(inner) || separatorsOf(inner).every((separator) => nests([inner], separator))
  })
}

/**
 * What each iteration of a repeated group begins and ends with, if that is one character out of few. `(?::[^:]+)*` is
 * harmless: if the inner repeats cannot consume the separator, there is only one way to divide a text into iterations.
 */
function separatorsOf(element: RegexElement): (readonly string[])[] {
  const group = element.type === 'Group' || element.type === 'CapturingGroup' ? element : undefined
  const elements = group?.alternatives.length === 1 ? (group.alternatives[0]?.elements ?? []) : []
  return [elements[0], elements.at(-1)].map((one) =>
    one?.type === 'Quantifier' ? [] : (charactersOf(one) ?? []),
  )
}

/** Do both exist, without a character in common? */
function apart(taken: readonly string[] | undefined, others: readonly string[] | undefined): boolean {
  if (!taken?.length || !others?.length) return false
  return !others.some((character) => taken.includes(character))
}

/** Alternatives below an open-ended repeat must differ in their first character. */
function overlaps(element: RegexElement): boolean {
  if (element.type !== 'Group' && element.type !== 'CapturingGroup') return false
  const seen = new Set<string>()
  for (const alternative of element.alternatives) {
    const first = charactersOf(alternative.elements[0])
    if (first === undefined || first.some((character) => seen.has(character)))
      return element.alternatives.length > 1
    for (const character of first) seen.add(character)
  }
  return false
}

/** The sample characters that an element of exactly one character accepts; undefined for other elements. */
function charactersOf(element: RegexElement | undefined): readonly string[] | undefined {
  if (element === undefined) return undefined
  if (element.type === 'Quantifier') return element.min > 0 ? charactersOf(element.element) : undefined
  if (element.type !== 'Character' && element.type !== 'CharacterClass' && element.type !== 'CharacterSet') {
    return undefined
  }
  const known = TAKEN.get(element.raw)
  if (known) return known
  const regex = new RegExp(`^${element.raw}$`, 'u')
  const taken = SAMPLES.filter((character) => regex.test(character))
  TAKEN.set(element.raw, taken)
  return taken
}

/** One sequence without groups; of several alternatives, the one with most loops. */
function flatten(elements: readonly RegexElement[]): RegexElement[] {
  return elements.flatMap((element) => {
    const inner = element.type === 'Quantifier' && element.max <= OPEN_FROM ? element.element : element
    if (inner.type !== 'Group' && inner.type !== 'CapturingGroup') return [element]
    const all = inner.alternatives.map((alternative) => flatten(alternative.elements))
    return all.reduce((most, each) => (countLoops(each) > countLoops(most) ? each : most))
  })
}

/** The number of wide repeats with an uncertain end, plus one if a wide repeat with a certain end follows them. */
function countLoops(elements: readonly RegexElement[]): number {
  let loops = 0
  let trailing = false
  for (const [index, element] of elements.entries()) {
    if (element.type !== 'Quantifier' || element.max <= OPEN_FROM) continue
    const taken = charactersOf(element.element)
    if (taken !== undefined && taken.length < WIDE) continue
    const next = elements[index + 1]
    if (next === undefined) continue
    const certain = apart(taken, charactersOf(next))
    if (!certain) loops++
    trailing = certain
  }
  return trailing ? loops + 1 : loops
}
