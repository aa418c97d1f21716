import { type Aliases, createAliases } from './aliases.ts'
import { byLikeness, findUnion, type Likeness, likeness } from './family.ts'
import { ANY, type Group, latest, RUN } from './group.ts'
import { findRunUnion, isRunOf } from './runs.ts'
import { createShelf } from './shelf.ts'
import { unite, uniteRun } from './unite.ts'

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

/** So many groups are looked at again when one covers more than before. */
const MAX_SETTLED = 20

/** Makes an empty set of at most `maxGroups` groups. */
export function createKeptGroups(maxGroups: number): KeptGroups {
  const shelf = createShelf()
  const groups = new Map<string, Group>()
  const aliases = createAliases()
  const kept = { shelf, groups, aliases }
  let revision = 0

  const alikeTo = (line: Pick<Group, 'words' | 'seps'>): Likeness[] =>
    shelf
      .near(line)
      .map((group) => likeness(line.words, group))
      .filter((found): found is Likeness => found !== undefined)
      .sort(byLikeness)

  const place = (words: string[], seps: readonly string[]): Group | undefined => {
    const alike = alikeTo({ words, seps })
    const best = alike[0]
    if (best?.places.length === 0) return best.group
    const run = shelf.withRun(words).find((group) => isRunOf(words, group))
    if (run !== undefined) return run
    const union = findUnion(words, alike)
    const united = (union && unite(kept, union, words)) ?? uniteRuns(words)
    if (united === undefined) return undefined
    revision++
    return settle(united)
  }

  const uniteRuns = (words: readonly string[]): Group | undefined => {
    const union = findRunUnion(words, shelf.startingAs(words), shelf.withRun(words))
    return union && uniteRun(kept, union, words)
  }

  /** A group that covers more than before may cover other groups, or show that others are the same. */
  const settle = (group: Group): Group => {
    const changed = [group]
    for (let i = 0; i < changed.length; i++) {
      const now = latest(changed[i] as Group)
      const more = wider(now)
      if (more !== undefined) changed.push(more)
      if (i === 0 || more !== undefined) changed.push(...beside(more ?? now))
      changed.length = Math.min(changed.length, MAX_SETTLED)
    }
    return latest(group)
  }

  /** The groups that differ from one in one word only, besides the places where it has any word. */
  const beside = (group: Group): Group[] =>
    alikeTo(group)
      .filter((other) => other.group !== group)
      .filter(({ places }) => places.filter((at) => group.words[at] !== ANY).length === 1)
      .map((other) => other.group)

  /** Merges a group with those that its own words show to be the same, as a line's would. */
  const wider = (group: Group): Group | undefined => {
    const { words } = group
    if (words.includes(RUN)) return undefined
    const others = alikeTo(group).filter((other) => other.group !== group)
    const union = findUnion(words, others)
    const united = union && unite(kept, { ...union, groups: [group, ...union.groups] }, words)
    return united ?? uniteRuns(words)
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
