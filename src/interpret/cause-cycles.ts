import type { Told } from './told.ts'

/** Rules that are each other's cause, the first of them again at the end, and whether nothing else can be the cause of any. */
export type CauseCycle = { readonly way: readonly string[]; readonly isClosed: boolean }

type Causes = ReadonlyMap<string, readonly string[]>

/**
 * Finds the cycles of `caused_by` that go through the rules whose ids are given; each is told once. Two rules may each come of
 * the other, as what was written first is the cause; where that is all that causes them, there is no cause to be found.
 */
export function causeCycles(
  rules: readonly Pick<Told, 'id' | 'causedBy'>[],
  ids: ReadonlySet<string>,
): CauseCycle[] {
  const causes: Causes = new Map(rules.map(({ id, causedBy }) => [id, causedBy]))
  const told = new Set<string>()
  return rules.flatMap(({ id }) => {
    const way = ids.has(id) && !told.has(id) ? wayBack(id, causes) : undefined
    if (way === undefined) return []
    for (const member of way) told.add(member)
    return [{ way, isClosed: isClosed(way, causes) }]
  })
}

/** The shortest way from a rule over its causes to itself. */
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
