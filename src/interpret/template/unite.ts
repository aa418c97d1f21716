import type { Aliases } from './aliases.ts'
import { isTelling, type Union } from './family.ts'
import { ANY, type Group, open, withRun } from './group.ts'
import type { RunUnion } from './runs.ts'
import type { Shelf } from './shelf.ts'
import { idOf } from './template-id.ts'

/** Where groups are kept: on a shelf by their words, and by their ids; with the ids of those that were merged into others. */
type Kept = {
  readonly shelf: Shelf
  readonly groups: Map<string, Group>
  readonly aliases: Aliases
}

/**
 * Merges groups of the same length that turned out to be one template; undefined if too little would be left in common. The
 * oldest continues, and the ids of the others become its aliases. `words`: the line that showed it.
 */
export function unite(
  kept: Kept,
  { groups: members, places }: Union,
  words: readonly string[],
): Group | undefined {
  const [first, ...others] = byAge(members)
  const opened = first.words
    .map((_, at) => at)
    .filter((at) => places.includes(at) || others.some((other) => other.words[at] === ANY))
  if (!isTelling(first.words.map((word, at) => (opened.includes(at) ? ANY : word)))) return undefined
  kept.shelf.remove(first)
  for (const at of opened) open(first, at)
  kept.shelf.add(first)
  absorb(kept, first, others, words)
  return first
}

/** Merges groups of different lengths; again, the oldest gives its id. */
export function uniteRun(
  kept: Kept,
  { groups: members, left, right }: RunUnion,
  words: readonly string[],
): Group {
  const [first] = byAge(members)
  const united = withRun(first, left, right)
  absorb(kept, united, members, words)
  kept.groups.set(united.id, united)
  kept.shelf.add(united)
  return united
}

function byAge(groups: Iterable<Group>): [Group, ...Group[]] {
  return [...groups].sort((a, b) => a.bornAt - b.bornAt) as [Group, ...Group[]]
}

function absorb(
  { shelf, groups, aliases }: Kept,
  group: Group,
  others: readonly Group[],
  words: readonly string[],
): void {
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
