import type { Fault } from '../yaml-file.ts'
import { isRawMap, type RawMap } from './raw-map.ts'

/** A rule as written, with or without faults, and the places of its parts. */
export type Written = {
  readonly id: string
  readonly value: RawMap
  readonly place: (path: readonly PropertyKey[], message: string) => Fault
}

/** Kinds of files and product generations that layouts define. */
export type KnownPlaces = { readonly kinds: ReadonlySet<string>; readonly profiles: ReadonlySet<string> }

type Reference = { readonly path: readonly PropertyKey[]; readonly id: string }

/** Keys whose values are ids of rules. */
const REFERENCES = ['caused_by', 'clears_on', 'after', 'expects', 'steps', 'of'] as const
/** Keys of a source selector whose values are names from layouts. */
const PLACES = [
  ['kinds', 'kinds', 'kind of file'],
  ['not', 'kinds', 'kind of file'],
  ['profiles', 'profiles', 'profile'],
] as const

/**
 * Faults that only the whole set shows: duplicate ids, and references to ids that do not exist. `otherIds` belong to rules
 * that cannot be read.
 */
export function referenceFaults(rules: readonly Written[], otherIds: ReadonlySet<string>): Fault[] {
  const first = new Map<string, Written>()
  const faults: Fault[] = []
  for (const rule of rules) {
    const known = first.get(rule.id)?.place(['id'], '')
    if (known === undefined) first.set(rule.id, rule)
    else faults.push(rule.place(['id'], `this id is taken, see ${known.file}:${known.line}`))
  }
  for (const { value, place } of rules) {
    for (const { path, id } of referencesOf(value)) {
      if (first.has(id) || otherIds.has(id)) continue
      faults.push(place(path, `${String(path[0])} names no rule: ${id}`))
    }
  }
  return faults
}

/** Names of kinds of files and of profiles that no layout has: such a rule would never be tried. */
export function placeFaults(rules: readonly Written[], known: KnownPlaces): Fault[] {
  return rules.flatMap(({ value, place }) => {
    const source = value['source']
    // In a rule with faults, short forms are not expanded.
    const selector = isRawMap(source) ? source : { kinds: [source].flat() }
    return PLACES.flatMap(([key, names, what]) =>
      listed(selector, key, isRawMap(source) ? ['source'] : [])
        .filter(({ id }) => !known[names].has(id))
        .map(({ path, id }) => place(path, `source.${key} names no ${what}: ${id}`)),
    )
  })
}

function referencesOf(value: RawMap): Reference[] {
  const related = value['related']
  const successor = value['replaced_by']
  return [
    ...(typeof successor === 'string' ? [{ path: ['replaced_by'], id: successor }] : []),
    ...REFERENCES.flatMap((key) => listed(value, key)),
    ...(Array.isArray(related) ? related : []).flatMap((one: unknown, index) =>
      isRawMap(one) && typeof one['id'] === 'string'
        ? [{ path: ['related', index, 'id'], id: one['id'] }]
        : [],
    ),
  ]
}

function listed(map: RawMap, key: string, above: readonly PropertyKey[] = []): Reference[] {
  const list: unknown = map[key]
  return (Array.isArray(list) ? list : []).flatMap((id: unknown, index) =>
    typeof id === 'string' ? [{ path: [...above, key, index], id }] : [],
  )
}
