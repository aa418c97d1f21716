import { allRules } from '../../interpret/all-rules.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'

/** What alert rules may name. */
export type KnownNames = {
  /** The severity of each rule. */
  readonly rules: ReadonlyMap<string, string>
  readonly sources: ReadonlySet<string>
  readonly profiles: ReadonlySet<string>
}

type Layouts = { readonly formats: ReadonlyMap<string, string>; readonly profiles: ReadonlySet<string> }

/** The names in rules and layouts. Sources that rules name count, too, since their logs may be placed by hand. */
export function knownNames(set: RuleSet, { formats, profiles }: Layouts): KnownNames {
  const { rules } = set
  const kinds = rules.flatMap(({ source }) => source.kinds ?? [])
  return {
    rules: new Map(allRules(set).map(({ id, severity }) => [id, severity])),
    sources: new Set([...formats.keys(), ...kinds, 'generic']),
    profiles: new Set([...profiles, ...rules.flatMap(({ source }) => source.profiles ?? [])]),
  }
}
