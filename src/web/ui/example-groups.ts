import type { EventJson } from '../../event-json.ts'

/** The newest of several examples with the same text, and their number. */
export type ExampleGroup = { readonly event: EventJson; readonly count: number }

/** Merges identical examples; keeps their order. */
export function exampleGroups(examples: readonly EventJson[]): ExampleGroup[] {
  const groups = new Map<string, ExampleGroup>()
  for (const event of examples) {
    const known = groups.get(event.message)
    groups.set(event.message, { event: known?.event ?? event, count: (known?.count ?? 0) + 1 })
  }
  return [...groups.values()]
}
