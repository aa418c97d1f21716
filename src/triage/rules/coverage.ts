import { rulesById } from '../../interpret/all-rules.ts'
import { type CoverageFilter, type CoverageRow, selectCoverage } from '../../store/coverage-query.ts'
import type { Library } from '../answers.ts'

/** Events of a rule in a kind of log, with its title, as who asks may not have the rule; without one where no rule made them. */
export type CoverageJson = CoverageRow & { readonly title?: string }

/** Counts events by source and rule, the most frequent first. */
export async function askCoverage(asked: CoverageFilter, { store, rules }: Library): Promise<CoverageJson[]> {
  const known = rulesById(rules)
  return (await selectCoverage(store, asked)).map((row) => {
    const title = known.get(row.rule_id)?.title
    return title === undefined ? row : { ...row, title }
  })
}
