import { createAliases } from './aliases.ts'
import { byLikeness, findUnion, type Likeness, likeness } from './family.ts'
import { ANY, type Group, latest, RUN } from './group.ts'
import { findRunUnion, isRunOf } from './runs.ts'
import { createShelf } from './shelf.ts'
import { unite, uniteRun } from './unite.ts'

/** The share of groups that is forgotten at once, so that searching for the oldest is rare. */
const FORGOTTEN = 0.1

/** So many groups are looked at again when one covers more than before. */
const MAX_SETTLED = 20

/** The groups of a miner, at most `maxGroups`, and which of them turned out to be the same. */
export class KeptGroups {
  readonly aliases = createAliases()
  readonly #maxGroups: number
  readonly #shelf = createShelf()
  readonly #groups = new Map<string, Group>()
  readonly #kept = { shelf: this.#shelf, groups: this.#groups, aliases: this.aliases }
  #revision = 0

  constructor(maxGroups: number) {
    this.#maxGroups = maxGroups
  }

  get size(): number {
    return this.#groups.size
  }

  /** Changes whenever the known groups change. */
  get revision(): number {
    return this.#revision
  }

  all(): Iterable<Group> {
    return this.#groups.values()
  }

  get(id: string): Group | undefined {
    return this.#groups.get(id)
  }

  /** Finds the group for words that were not seen before, if they belong to one. */
  place(words: string[], seps: readonly string[]): Group | undefined {
    const alike = this.#alikeTo({ words, seps })
    const best = alike[0]
    if (best?.places.length === 0) return best.group
    const run = this.#shelf.withRun(words).find((group) => isRunOf(words, group))
    if (run !== undefined) return run
    const union = findUnion(words, alike)
    const united = (union && unite(this.#kept, union, words)) ?? this.#uniteRuns(words)
    if (united === undefined) return undefined
    this.#revision++
    return this.#settle(united)
  }

  /** Adds a group. If there are too many, those not seen for longest are forgotten; returns whether that happened. */
  add(group: Group): boolean {
    this.#revision++
    this.#groups.set(group.id, group)
    this.#shelf.add(group)
    const isFull = this.#groups.size > this.#maxGroups
    if (isFull) this.#forget()
    return isFull
  }

  #alikeTo(line: Pick<Group, 'words' | 'seps'>): Likeness[] {
    return this.#shelf
      .near(line)
      .map((group) => likeness(line.words, group))
      .filter((found): found is Likeness => found !== undefined)
      .sort(byLikeness)
  }

  #uniteRuns(words: readonly string[]): Group | undefined {
    const union = findRunUnion(words, this.#shelf.startingAs(words), this.#shelf.withRun(words))
    return union && uniteRun(this.#kept, union, words)
  }

  /** A group that covers more than before may cover other groups, or show that others are the same. */
  #settle(group: Group): Group {
    const changed = [group]
    for (let i = 0; i < changed.length; i++) {
      const now = latest(changed[i] as Group)
      const more = this.#wider(now)
      if (more !== undefined) changed.push(more)
      if (i === 0 || more !== undefined) changed.push(...this.#beside(more ?? now))
      changed.length = Math.min(changed.length, MAX_SETTLED)
    }
    return latest(group)
  }

  /** The groups that differ from one in one word only, besides the places where it has any word. */
  #beside(group: Group): Group[] {
    return this.#alikeTo(group)
      .filter((other) => other.group !== group)
      .filter(({ places }) => places.filter((at) => group.words[at] !== ANY).length === 1)
      .map((other) => other.group)
  }

  /** Merges a group with those that its own words show to be the same, as a line's would. */
  #wider(group: Group): Group | undefined {
    const { words } = group
    if (words.includes(RUN)) return undefined
    const others = this.#alikeTo(group).filter((other) => other.group !== group)
    const union = findUnion(words, others)
    const united = union && unite(this.#kept, { ...union, groups: [group, ...union.groups] }, words)
    return united ?? this.#uniteRuns(words)
  }

  #forget(): void {
    const oldest = [...this.#groups.values()].sort((a, b) => a.usedAt - b.usedAt)
    for (const group of oldest.slice(0, Math.max(1, this.#maxGroups * FORGOTTEN))) {
      this.#groups.delete(group.id)
      this.#shelf.remove(group)
    }
  }
}
