import { createPrefilter, type Prefilter } from './prefilter.ts'
import type { Rule } from './rule.ts'

/** What a rule says of a text. */
export type Claim = { readonly rule: Rule; readonly captures: Record<string, string> }

/** Gives the claim of the first rule, in the order of the set, that knows a record of this text and level (index into LEVELS). */
export type Ask = (text: string, level: number) => Claim | undefined

/**
 * Makes the search for rules that are asked about few records: those that are about to be told of. They are many and hold
 * the commonest words, so they have a search of their own, over one text at a time.
 */
export function createAskedRules(rules: readonly Rule[]) {
  const owners = new Map<string, number[]>()
  for (const [index, { needles }] of rules.entries()) {
    for (const needle of needles) owners.set(needle, [...(owners.get(needle) ?? []), index])
  }
  const unsearched = [...rules.keys()].filter((index) => rules[index]?.needles.length === 0)
  let search: Prefilter | undefined
  const byNeedle = [...owners.values()]
  return ({ source, profile }: { readonly source: string; readonly profile: string }): Ask => {
    const wanted = rules.map((rule) => rule.appliesTo(source, profile))
    return (text, level) => {
      search ??= createPrefilter([...owners.keys()])
      const bytes = Buffer.from(text)
      const count = search.scan(bytes, bytes.length)
      const { needles } = search
      const candidates = new Set(unsearched.filter((index) => wanted[index] === true))
      for (let hit = 0; hit < count; hit++) {
        for (const index of byNeedle[needles[hit] as number] ?? []) {
          if (wanted[index] === true) candidates.add(index)
        }
      }
      for (const index of [...candidates].sort((a, b) => a - b)) {
        const rule = rules[index] as Rule
        const captures = rule.match(text, level)
        if (captures !== undefined) return { rule, captures }
      }
      return undefined
    }
  }
}
