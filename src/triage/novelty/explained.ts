import { type Ask, createAskedRules } from '../../interpret/asked-rules.ts'
import type { Rule } from '../../interpret/rule.ts'
import { LEVELS } from '../../model.ts'

/** A stored message and its place. */
type StoredMessage = {
  readonly message: string
  readonly level: string
  readonly source: string
  readonly profiles: readonly string[]
}

/** Finds the rule that explains a message by now. */
export type ExplainingRule = (stored: StoredMessage) => Rule | undefined

const made = new WeakMap<readonly Rule[], ExplainingRule>()

/** Makes the search for the rule of a message. General rules, and rules that need the surrounding lines, do not count. */
export function explaining(rules: readonly Rule[]): ExplainingRule {
  const known = made.get(rules) ?? newSearch(rules)
  made.set(rules, known)
  return known
}

function newSearch(rules: readonly Rule[]): ExplainingRule {
  const ask = createAskedRules(
    rules.filter(({ general, status, after }) => !general && status !== 'deprecated' && after === undefined),
  )
  const asks = new Map<string, Ask>()
  const askOf = (source: string, profile: string): Ask => {
    const key = `${source}\0${profile}`
    const known = asks.get(key) ?? ask({ source, profile })
    asks.set(key, known)
    return known
  }
  return ({ message, level, source, profiles }) => {
    const code = Math.max(0, (LEVELS as readonly string[]).indexOf(level))
    for (const profile of profiles) {
      const claim = askOf(source, profile)(message, code)
      if (claim !== undefined) return claim.rule
    }
    return undefined
  }
}
