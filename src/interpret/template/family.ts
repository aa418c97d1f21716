import { ANY, type Group } from './group.ts'
import { isMethod } from './methods.ts'
import { isPackage } from './packages.ts'
import { isProtected, tellsFailure } from './protected-words.ts'

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
/** Beyond this many constant words one word less may. */
const HALF_LONG = 7
/** Beyond this many constant words it is the same message whatever else is in a place. */
const LONG = 12
/** The same in a line about a failure, where a word may say what failed. */
const LONG_FAILURE = 20
/** Words that differ in more places at once are more likely different messages. */
const MANY_PLACES = 2
/** The number of ways to differ that are looked at. */
const MAX_FAMILIES = 5

/** Names of things in lower case (`order-service`): no program has two constants of this form in one place. */
const THING = /^[^A-Z]+[-_.][^A-Z]+$/
/** Names of functions, which are constants. */
const FUNCTION = /^[a-z]+(?:_[a-z]+)+$/

/** Does a word name a thing in lower case? */
export function isThing(word: string): boolean {
  return THING.test(word) && !FUNCTION.test(word) && !isPackage(word)
}

/** Has something been done? Words like `created` in one place are what happened, however many there are. */
export function isDone(word: string): boolean {
  return DONE.test(word)
}

const DONE = /^[A-Za-z][a-z]+ed$/
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
    } else if (isFixed(ours) || isFixed(word)) return undefined
    else if (ours === ANY) values++
    else places.push(i)
  }
  const share = same / (same + places.length + values * WORD_FOR_VALUE)
  const enough = places.length === 0 ? COVERED : ALIKE
  return same > 0 && share >= enough ? { group, places, share } : undefined
}

/**
 * Must the word stay as it is in a template? So must words that may tell of a failure, what a request does, and places in
 * code (`module::function`).
 */
export function isFixed(word: string): boolean {
  return isProtected(word) || isMethod(word) || word.includes('::')
}

/** Would a group with these words still cover every line that it covers now? */
export function isTelling(words: readonly string[]): boolean {
  const constant = constantsIn(words)
  return constant / (constant + (words.length - constant) * WORD_FOR_VALUE) >= COVERED
}

/** Best first: fewest differences, then most in common. */
export function byLikeness(a: Likeness, b: Likeness): number {
  return a.places.length - b.places.length || b.share - a.share
}

/**
 * Groups to be merged, since a line has shown that they are one template, and the indexes of the words in which they differ.
 */
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
    const isValue = (place: number) => isVariable(place, words, groups, factor) || isAnyBeside(place, alike)
    if (places.every(isValue)) return { groups, places }
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
  return seen.has(ANY) || seen.size > meaningsOf([...seen], words, place) * factor
}

/** May any word be there in a message that differs in one other word only? */
function isAnyBeside(place: number, alike: readonly Likeness[]): boolean {
  return alike.some(({ group, places }) => group.words[place] === ANY && places.length === 1)
}

/** How many different words may occur in one place of a message before they are taken for values. */
function meaningsOf(seen: readonly string[], words: readonly string[], place: number): number {
  if (seen.every(isDone)) return Number.POSITIVE_INFINITY
  // Right after `deny`, a thing is what was denied.
  const areThings = seen.every(isThing) && !tellsFailure(words[place - 1] ?? '')
  if (areThings || areKinds(seen) || isLong(words)) return 1
  if (seen.every((word) => NAME.test(word))) return MAX_NAMES
  return constantsIn(words) > HALF_LONG ? MAX_WORDS - 1 : MAX_WORDS
}

function isLong(words: readonly string[]): boolean {
  const constant = constantsIn(words)
  return constant > LONG && (constant > LONG_FAILURE || !words.some(tellsFailure))
}

/** The number of words that are the same in every line. */
export function constantsIn(words: readonly string[]): number {
  return words.filter((word) => word !== ANY).length
}

/** Kinds are alike if this much of the end of their names is the same. */
const MIN_PART = 4
const KIND = /^[A-Za-z]*[a-z][A-Z][A-Za-z]*$|^[A-Z][a-z]+$/
const FAULT = /Exception|Error|Fail|Fault|Warning|Timeout/

/** Do these names name kinds of one thing, as `ShareLock` and `ExclusiveLock`? Kinds of failures count as different. */
function areKinds(names: readonly string[]): boolean {
  const [first = '', ...others] = names
  if (!names.every((name) => KIND.test(name) && !FAULT.test(name))) return false
  let end = 0
  while (end < first.length && others.every((name) => name.at(-1 - end) === first.at(-1 - end))) end++
  return end >= MIN_PART
}
