import { type Aliases, createAliases } from './aliases.ts'
import { byLikeness, findUnion, isTelling, type Likeness, likeness, type Union } from './family.ts'
import { ANY, type Group, open, withRun } from './group.ts'
import { findRunUnion, isRunOf, type RunUnion } from './runs.ts'
import { createShelf } from './shelf.ts'
import { idOf } from './template-id.ts'

/** The groups of a miner, and which of them turned out to be the same. */
export type KeptGroups = {
  readonly aliases: Aliases
  readonly size: number
  /** Changes whenever the known groups change. */
  readonly revision: number
  all(): Iterable<Group>
  get(id: string): Group | undefined
  /** Finds the group for words that were not seen before, if they belong to one. */
  place(words: string[], seps: readonly string[]): Group | undefined
  /** Adds a group. If there are too many, those not seen for longest are forgotten; returns whether that happened. */
  add(group: Group): boolean
}

/** The share of groups that is forgotten at once, so that searching for the oldest is rare. */
const FORGOTTEN = 0.1

/** Makes an empty set of at most `maxGroups` groups. */
export function createKeptGroups(maxGroups: number): KeptGroups {
  const shelf = createShelf()
  const groups = new Map<string, Group>()
  const aliases = createAliases()
  let revision = 0

  const place = (words: string[], seps: readonly string[]): Group | undefined => {
    const alike = shelf
      .near({ words, seps })
      .map((group) => likeness(words, group))
      .filter((found): found is Likeness => found !== undefined)
      .sort(byLikeness)
    const best = alike[0]
    if (best?.places.length === 0) return best.group
    const run = shelf.withRun(words).find((group) => isRunOf(words, group))
    if (run !== undefined) return run
    const union = findUnion(words, alike)
    const united = union && unite(union, words)
    if (united !== undefined) return united
    const runUnion = findRunUnion(words, shelf.startingAs(words))
    return runUnion && uniteRun(runUnion, words)
  }

  /**
   * Merges groups, unless too little would be left in common. The oldest continues; the ids of the others become its aliases.
   */
  const unite = ({ groups: members, places }: Union, words: readonly string[]): Group | undefined => {
    const [first, ...others] = [...members].sort((a, b) => a.bornAt - b.bornAt) as [Group, ...Group[]]
    const opened = first.words
      .map((_, at) => at)
      .filter((at) => places.includes(at) || others.some((other) => other.words[at] === ANY))
    if (!isTelling(first.words.map((word, at) => (opened.includes(at) ? ANY : word)))) return undefined
    revision++
    shelf.remove(first)
    for (const at of opened) open(first, at)
    shelf.add(first)
    absorb(first, others, words)
    return first
  }

  /** Merges groups of different lengths; again, the oldest gives its id. */
  const uniteRun = ({ groups: members, left, right }: RunUnion, words: readonly string[]): Group => {
    const [first] = [...members].sort((a, b) => a.bornAt - b.bornAt) as [Group, ...Group[]]
    const united = withRun(first, left, right)
    revision++
    absorb(united, members, words)
    groups.set(united.id, united)
    shelf.add(united)
    return united
  }

  const absorb = (group: Group, others: readonly Group[], words: readonly string[]) => {
    // Two miners may have seen different lines first, but they end up with the same words.
    aliases.join(group.id, idOf(group.words.join(' ')))
    aliases.join(group.id, idOf(words.join(' ')))
    for (const other of others) {
      shelf.remove(other)
      groups.delete(other.id)
      other.into = group
      aliases.join(group.id, other.id)
    }
  }

  const forget = () => {
    const oldest = [...groups.values()].sort((a, b) => a.usedAt - b.usedAt)
    for (const group of oldest.slice(0, Math.max(1, maxGroups * FORGOTTEN))) {
      groups.delete(group.id)
      shelf.remove(group)
    }
  }

  return {
    aliases,
    get size() {
      return groups.size
    },
    get revision() {
      return revision
    },
    all: () => groups.values(),
    get: (id) => groups.get(id),
    place,
    add(group) {
      revision++
      groups.set(group.id, group)
      shelf.add(group)
      const isFull = groups.size > maxGroups
      if (isFull) forget()
      return isFull
    },
  }
}
