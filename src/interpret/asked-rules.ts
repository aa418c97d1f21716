import { createIndexList } from './index-list.ts'
import { createPrefilter, type Prefilter } from './prefilter.ts'
import type { Rule } from './rule.ts'

/** A rule that matches a text, with its captures. */
export type Claim = { readonly rule: Rule; readonly captures: Record<string, string> }

/** Finds the first rule, in the order of the set, that matches a record of this text and level (index into LEVELS). */
export type Ask = (text: string, level: number) => Claim | undefined

/**
 * Makes the search for rules that are tried on few records: those about to be reported. These rules are many and contain very
 * common words, so they have a search of their own, over one text at a time.
 */
export function createAskedRules(rules: readonly Rule[]) {
  const owners = new Map<string, number[]>()
  for (const [index, { needles }] of rules.entries()) {
    for (const needle of needles) owners.set(needle, [...(owners.get(needle) ?? []), index])
  }
  const candidates = createIndexList(rules.length)
  let search: Prefilter | undefined
  const byNeedle = [...owners.values()]
  return ({ source, profile }: { readonly source: string; readonly profile: string }): Ask => {
    const wanted = rules.map((rule) => rule.appliesTo(source, profile))
    const unsearched = [...rules.keys()].filter(
      (index) => wanted[index] && rules[index]?.needles.length === 0,
    )
    const gather = (bytes: Buffer) => {
      search ??= createPrefilter([...owners.keys()])
      const count = search.scan(bytes, bytes.length)
      candidates.clear()
      for (const index of unsearched) candidates.add(index)
      for (let hit = 0; hit < count; hit++) {
        for (const index of byNeedle[search.needles[hit] as number] ?? []) {
          if (wanted[index] === true) candidates.add(index)
        }
      }
    }
    return (text, level) => {
      gather(Buffer.from(text))
      for (let place = 0; place < candidates.count; place++) {
        const rule = rules[candidates.at(place)] as Rule
        const captures = rule.match(text, level)
        if (captures !== undefined) return { rule, captures }
      }
      return undefined
    }
  }
}
