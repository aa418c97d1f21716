import { ANY, type Group } from './group.ts'
import { isProtected } from './protected-words.ts'

/** A group similar to a line, and the places where a constant word of the group differs from the line's. */
export type Likeness = { readonly group: Group; readonly places: readonly number[]; readonly share: number }

/** A line is similar to a group from this share of equal constant words on. */
const ALIKE = 0.6
/** The same if only values differ. */
const COVERED = 0.34
/** A word in the place of a value counts as a smaller difference than another word. */
const WORD_FOR_VALUE = 0.5

/** This many different words may occur in one place; beyond that, it becomes a place for any word. */
const MAX_WORDS = 4
/** The same for names of classes, variables, files. */
const MAX_NAMES = 2
/** The same for names of things in lower case (`order-service`): no program has two constants of this form in one place. */
const MAX_THINGS = 1
/** Words that differ in more places at once are more likely different messages. */
const MANY_PLACES = 2
/** The number of ways to differ that are looked at. */
const MAX_FAMILIES = 5

const THING = /^[^A-Z]+[-_.][^A-Z]+$/

const NAME = /^.[^A-Z]*[A-Z].*[a-z]|^.*[a-z].*[A-Z]|^.+[_./\\@$-]/

/** Compares a line with a group of the same length; undefined if they are not similar, or a protected word differs. */
export function likeness(words: readonly string[], group: Group): Likeness | undefined {
  const places: number[] = []
  let same = 0
  let values = 0
  for (let i = 0; i < words.length; i++) {
    const ours = group.words[i] as string
    const word = words[i] as string
    if (ours === word) {
      if (word !== ANY) same++
    } else if (isProtected(ours) || isProtected(word)) return undefined
    else if (ours === ANY) values++
    else places.push(i)
  }
  const share = same / (same + places.length + values * WORD_FOR_VALUE)
  const enough = places.length === 0 ? COVERED : ALIKE
  return same > 0 && share >= enough ? { group, places, share } : undefined
}

/** Would a group with these words still cover every line that it covers now? */
export function isTelling(words: readonly string[]): boolean {
  const constant = words.filter((word) => word !== ANY).length
  return constant / (constant + (words.length - constant) * WORD_FOR_VALUE) >= COVERED
}

/** Best first: fewest differences, then most in common. */
export function byLikeness(a: Likeness, b: Likeness): number {
  return a.places.length - b.places.length || b.share - a.share
}

/** Groups that become one when this line is added to them, and the places where they differ. */
export type Union = { readonly groups: readonly Group[]; readonly places: readonly number[] }

/**
 * Finds the groups that a line shows to be one: they differ from it in the same places only, and more words have occurred
 * there than a message has meanings. `alike` is sorted by likeness.
 */
export function findUnion(words: readonly string[], alike: readonly Likeness[]): Union | undefined {
  for (const { places } of alike.slice(0, MAX_FAMILIES)) {
    const family = alike.filter((other) => other.places.every((place) => places.includes(place)))
    const groups = family.map(({ group }) => group)
    const factor = places.length > 1 ? MANY_PLACES : 1
    if (places.every((place) => isVariable(place, words, groups, factor))) return { groups, places }
  }
  return undefined
}

function isVariable(
  place: number,
  words: readonly string[],
  groups: readonly Group[],
  factor: number,
): boolean {
  const seen = new Set(groups.map((group) => group.words[place] as string))
  seen.add(words[place] as string)
  if (seen.has(ANY)) return true
  const areAll = (kind: RegExp) => [...seen].every((word) => kind.test(word))
  const most = areAll(THING) ? MAX_THINGS : areAll(NAME) ? MAX_NAMES : MAX_WORDS
  return seen.size > most * factor
}
