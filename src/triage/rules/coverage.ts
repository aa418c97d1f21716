import { rulesById } from '../../interpret/all-rules.ts'
import { type CoverageFilter, type CoverageRow, selectCoverage } from '../../store/coverage-query.ts'
import type { Library } from '../answers.ts'

/**
 * The number of events of a rule in a kind of log. The title is included because the asker may not have the rule; absent if
 * no rule made the events.
 */
export type CoverageJson = CoverageRow & { readonly title?: string }

/** Counts events by source and rule, the most frequent first. */
export async function askCoverage(asked: CoverageFilter, { store, rules }: Library): Promise<CoverageJson[]> {
  const known = rulesById(rules)
  return (await selectCoverage(store, asked)).map((row) => {
    const title = known.get(row.rule_id)?.title
    return title === undefined ? row : { ...row, title }
  })
}
