import { createPrefilter, type Prefilter } from './prefilter.ts'
import type { Rule } from './rule.ts'

/** Does a benign rule know a record of this text and level (index into LEVELS)? */
export type IsHarmless = (text: string, level: number) => boolean

/**
 * Makes the search for benign rules. They are many and hold the commonest words, and only records that are about to be
 * told of are asked about: so they have a search of their own, over one text at a time.
 */
export function createHarmless(rules: readonly Rule[]) {
  const owners = new Map<string, number[]>()
  for (const [index, { needles }] of rules.entries()) {
    for (const needle of needles) owners.set(needle, [...(owners.get(needle) ?? []), index])
  }
  let search: Prefilter | undefined
  const byNeedle = [...owners.values()]
  return ({ source, profile }: { readonly source: string; readonly profile: string }): IsHarmless => {
    const wanted = rules.map((rule) => rule.appliesTo(source, profile))
    return (text, level) => {
      search ??= createPrefilter([...owners.keys()])
      const prefilter = search
      const bytes = Buffer.from(text)
      const count = prefilter.scan(bytes, bytes.length)
      const tried = new Set<number>()
      for (let hit = 0; hit < count; hit++) {
        for (const index of byNeedle[prefilter.needles[hit] as number] ?? []) {
          if (wanted[index] !== true || tried.has(index)) continue
          tried.add(index)
          if (rules[index]?.match(text, level) !== undefined) return true
        }
      }
      return false
    }
  }
}
