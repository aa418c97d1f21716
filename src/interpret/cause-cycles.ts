import type { RuleDescription } from './rule-description.ts'

/** Rules that cause each other, the first one repeated at the end; `isClosed` if none of them has any other cause. */
export type CauseCycle = { readonly way: readonly string[]; readonly isClosed: boolean }

type Causes = ReadonlyMap<string, readonly string[]>

/**
 * Finds the cycles of `caused_by` through the given rules, each once. Two rules may cause each other, since the one written
 * first counts as the cause; but if nothing else causes them, no cause can be found.
 */
export function causeCycles(
  rules: readonly Pick<RuleDescription, 'id' | 'causedBy'>[],
  ids: ReadonlySet<string>,
): CauseCycle[] {
  const causes: Causes = new Map(rules.map(({ id, causedBy }) => [id, causedBy]))
  const inCycle = new Set<string>()
  return rules.flatMap(({ id }) => {
    const way = ids.has(id) && !inCycle.has(id) ? wayBack(id, causes) : undefined
    if (way === undefined) return []
    for (const member of way) inCycle.add(member)
    return [{ way, isClosed: isClosed(way, causes) }]
  })
}

/** The shortest path from a rule through its causes back to itself. */
function wayBack(id: string, causes: Causes): readonly string[] | undefined {
  const cameFrom = new Map<string, string>()
  const todo = [id]
  for (let at = 0; at < todo.length; at++) {
    const one = todo[at] as string
    for (const cause of causes.get(one) ?? []) {
      if (cause === id) return [...wayTo(one, id, cameFrom), id]
      if (cameFrom.has(cause)) continue
      cameFrom.set(cause, one)
      todo.push(cause)
    }
  }
  return undefined
}

function wayTo(id: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [id]
  for (let one = id; one !== start; ) {
    one = cameFrom.get(one) ?? start
    way.unshift(one)
  }
  return way
}

function isClosed(way: readonly string[], causes: Causes): boolean {
  return way.every((id) => causes.get(id)?.every((cause) => way.includes(cause)))
}
