import type { EventJson } from '../../event-json.ts'

/** Examples of the same words, the newest of them, and how many there are. */
export type ExampleGroup = { readonly event: EventJson; readonly count: number }

/** Identical examples are shown once, in the order in which they come. */
export function exampleGroups(examples: readonly EventJson[]): ExampleGroup[] {
  const groups = new Map<string, ExampleGroup>()
  for (const event of examples) {
    const known = groups.get(event.message)
    groups.set(event.message, { event: known?.event ?? event, count: (known?.count ?? 0) + 1 })
  }
  return [...groups.values()]
}
