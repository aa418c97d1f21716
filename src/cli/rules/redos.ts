import type { Rule } from '../../interpret/rule.ts'
import type { Condition } from '../../interpret/rule-schema.ts'

/** An expression that takes too long on some text, and how its time grows. */
export type SlowExpression = { readonly id: string; readonly regex: string; readonly growth: string }

const TIMEOUT_MS = 3000
/** Texts are searched in windows of bounded size, so quadratic time stays short. */
const MAX_DEGREE = 2

/**
 * Searches for texts on which an expression takes exponential or cubic time; undefined if the checker is not installed. The
 * only door to recheck, which is an optional package.
 */
export async function slowExpressions(rules: readonly Rule[]): Promise<SlowExpression[] | undefined> {
  const recheck = await import('recheck').catch(() => undefined)
  if (recheck === undefined) return undefined
  const slow: SlowExpression[] = []
  for (const { id, pattern } of rules) {
    for (const { regex, flags } of expressions(pattern)) {
      const found = await recheck.check(regex, flags, { timeout: TIMEOUT_MS })
      if (found.status !== 'vulnerable') continue
      const { complexity } = found
      if (complexity.type === 'exponential') slow.push({ id, regex, growth: 'exponential' })
      else if (complexity.degree > MAX_DEGREE)
        slow.push({ id, regex, growth: `of degree ${complexity.degree}` })
    }
  }
  return slow
}

function expressions(condition: Condition): { regex: string; flags: string }[] {
  const { regex, flags = '', any = [], all = [], not = [] } = condition
  const own = regex === undefined ? [] : [{ regex, flags: `mu${flags}` }]
  return [...own, ...[...any, ...all, ...not].flatMap(expressions)]
}
