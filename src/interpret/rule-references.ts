import type { Fault } from '../yaml-file.ts'
import type { RuleDefinition } from './rule-schema.ts'

/** A rule and where its parts stand. */
type Placed = {
  readonly definition: RuleDefinition
  readonly place: (path: readonly PropertyKey[], message: string) => Fault
}

/** Keys whose values are ids of rules. */
const REFERENCES = ['caused_by', 'clears_on', 'after', 'expects', 'steps', 'of'] as const

/** Faults that only the whole set shows: ids that are taken, ids that no rule has. `otherIds` belong to rules with faults. */
export function referenceFaults(rules: readonly Placed[], otherIds: ReadonlySet<string>): Fault[] {
  const first = new Map<string, Placed>()
  const faults: Fault[] = []
  for (const rule of rules) {
    const { id } = rule.definition
    const known = first.get(id)?.place(['id'], '')
    if (known === undefined) first.set(id, rule)
    else faults.push(rule.place(['id'], `this id is taken, see ${known.file}:${known.line}`))
  }
  for (const { definition, place } of rules) {
    for (const { path, id } of referencesOf(definition)) {
      if (first.has(id) || otherIds.has(id)) continue
      faults.push(place(path, `${String(path[0])} names no rule: ${id}`))
    }
  }
  return faults
}

function referencesOf(definition: RuleDefinition): { path: readonly PropertyKey[]; id: string }[] {
  const named: Partial<Record<(typeof REFERENCES)[number], readonly string[] | undefined>> = definition
  return [
    ...REFERENCES.flatMap((key) => (named[key] ?? []).map((id, index) => ({ path: [key, index], id }))),
    ...definition.related.map(({ id }, index) => ({ path: ['related', index, 'id'], id })),
  ]
}
