import { constantsIn, isDone, isFixed } from './family.ts'
import { ANY, type Group, RUN } from './group.ts'
import { tellsFailure } from './protected-words.ts'

/**
 * Groups that differ only in one run of words, of any length; `left` and `right`: how many words before and after the run
 * they share.
 */
export type RunUnion = { readonly groups: readonly Group[]; readonly left: number; readonly right: number }

/** This many words are a value, rather than a sentence of their own. */
const MAX_RUN = 4
/** If more than this many different runs of words occur in one place, they are taken for values. */
const MAX_RUNS = 4
/** The same if one of them is a place for any word already. */
const MAX_BESIDE_ANY = 2
/** Two lines with fewer words in common than this are alike by coincidence. */
const MIN_CONSTANTS = 4

/** The ways in which a line and a group agree: so many words on the left, so many on the right. */
type Agreement = { readonly group: Group; readonly left: number; readonly right: number }

/**
 * Finds the groups that a line shows to be one although their lengths differ: `matching Chrome rule`, `matching Dropbox to
 * office rule`. What tells of a failure stays as it is: the run may say what failed.
 */
export function findRunUnion(
  words: readonly string[],
  groups: readonly Group[],
  united: readonly Group[],
): RunUnion | undefined {
  if (groups.length === 0 || words.some(tellsLack)) return undefined
  const found = groups
    .filter((group) => Math.abs(group.words.length - words.length) <= MAX_RUN)
    .map((group) => agreement(words, group))
    .filter((one) => isRun(words, one))
  const best = new Map(found.map((one) => [`${one.left} ${one.right}`, one]))
  for (const { left, right } of [...best.values()].sort((a, b) => b.left + b.right - a.left - a.right)) {
    const members = found
      .filter((one) => one.left >= left && one.right >= right)
      .filter(({ group }) => isRun(group.words, { left, right }))
    const runs = [words, ...members.map(({ group }) => group.words)].map((all) => runOf(all, left, right))
    if (runs.every(([first = '']) => isDone(first))) continue
    const different = new Set(runs.map((run) => run.join(' ')))
    const isValue = united.some((group) => isBeside({ words, left, right }, group))
    if (different.size <= (isValue ? 1 : different.has(ANY) ? MAX_BESIDE_ANY : MAX_RUNS)) continue
    const longest = Math.max(...runs.map((run) => run.length))
    const common = [...words.slice(0, left), ...words.slice(words.length - right)]
    if (constantsIn(words.slice(0, left)) > 0 && constantsIn(common) >= Math.max(MIN_CONSTANTS, longest)) {
      return { groups: members.map(({ group }) => group), left, right }
    }
  }
  return undefined
}

/** `No such file` tells of a failure in other words. */
function tellsLack(word: string): boolean {
  return tellsFailure(word) || /^no$/i.test(word)
}

/** Does a line belong to a group whose words contain a run? */
export function isRunOf(words: readonly string[], group: Group): boolean {
  const left = group.words.indexOf(RUN)
  const right = group.words.length - left - 1
  if (!isRun(words, { left, right })) return false
  return group.words.every(
    (word, at) => at === left || agree(word, words[at < left ? at : words.length - group.words.length + at]),
  )
}

/** Is the run of a group in the same place of a message that differs in one other word only? */
function isBeside(
  { words, left, right }: { words: readonly string[] } & Pick<Agreement, 'left' | 'right'>,
  group: Group,
): boolean {
  if (group.words.indexOf(RUN) !== left || group.words.length - left - 1 !== right) return false
  const skipped = words.length - group.words.length
  const others = group.words.filter(
    (word, at) => at !== left && !agree(word, words[at < left ? at : at + skipped]),
  )
  return others.length <= 1 && !others.some(isFixed)
}

function agree(ours: string, word: string | undefined): boolean {
  return ours === word || (ours === ANY && word !== undefined && !isFixed(word))
}

function agreement(words: readonly string[], group: Group): Agreement {
  const shorter = Math.min(words.length, group.words.length)
  let left = 0
  while (left < shorter && words[left] === group.words[left]) left++
  let right = 0
  while (right < shorter - left && words.at(-1 - right) === group.words.at(-1 - right)) right++
  return { group, left, right }
}

/** Is what is between the words on the left and on the right short enough, and does it hide nothing? */
function isRun(words: readonly string[], { left, right }: Pick<Agreement, 'left' | 'right'>): boolean {
  const length = words.length - left - right
  if (left === 0 || length < 0 || length > MAX_RUN) return false
  return !runOf(words, left, right).some(isFixed)
}

function runOf(words: readonly string[], left: number, right: number): readonly string[] {
  return words.slice(left, words.length - right)
}
