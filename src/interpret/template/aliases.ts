/** Which ids mean the same template. The smallest of them represents all, so the order of joining does not matter. */
export type Aliases = {
  /** The id that stands for all ids of the same template; `id` itself if it has no aliases. */
  resolve(id: string): string
  has(id: string): boolean
  join(a: string, b: string): void
  /** Pairs of an alias and the id that `resolve` gives for it. */
  entries(): [string, string][]
  /** Adds the entries of another table; the result does not depend on the order. */
  merge(entries: Iterable<readonly [string, string]>): void
}

/** Makes a table of at most `maxIds` ids; the sets that were joined first are dropped first. */
export function createAliases(maxIds = 200_000): Aliases {
  const speaker = new Map<string, string>()
  const sets = new Map<string, string[]>()
  const resolve = (id: string) => speaker.get(id) ?? id

  const join = (a: string, b: string) => {
    const [first, second] = [resolve(a), resolve(b)]
    if (first === second) return
    const [root, other] = first < second ? [first, second] : [second, first]
    const members = [...(sets.get(root) ?? [root]), ...(sets.get(other) ?? [other])]
    sets.delete(root)
    sets.delete(other)
    sets.set(root, members)
    for (const id of members) speaker.set(id, root)
    while (speaker.size > maxIds && sets.size > 1) drop()
  }

  const drop = () => {
    const [root, members] = sets.entries().next().value as [string, string[]]
    for (const id of members) speaker.delete(id)
    sets.delete(root)
  }

  return {
    resolve,
    has: (id) => speaker.has(id),
    join,
    entries: () => [...speaker].filter(([id, root]) => id !== root),
    merge: (entries) => {
      for (const [id, root] of entries) join(id, root)
    },
  }
}
