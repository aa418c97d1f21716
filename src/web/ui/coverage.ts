import type { CoverageRow } from '../../store/coverage-query.ts'
import type { RuleItem } from './answers.ts'

/** For one source: lines that look like a failure, and how many of them a rule explains. */
export type SourceCoverage = {
  readonly source: string
  readonly explained: number
  readonly unexplained: number
}

export type Coverage = {
  readonly explained: number
  readonly unexplained: number
  /** Most unexplained lines first. */
  readonly sources: readonly SourceCoverage[]
  /** The rules of failures that matched most often. */
  readonly noisiest: readonly { readonly id: string; readonly title: string; readonly count: number }[]
  /** The number of rules of failures, and of those that never matched. */
  readonly rules: number
  readonly silent: number
}

const NOISIEST = 6

/** How much of what looks like a failure the rules explain; milestones and notes are no failures. */
export function coverageOf(rows: readonly CoverageRow[], rules: readonly RuleItem[]): Coverage {
  const sources = sourcesOf(rows.filter(({ kind, severity }) => kind !== 'milestone' && severity !== 'info'))
  const spoken = rows.filter(({ kind }) => kind === 'signature')
  const fired = new Set(spoken.map(({ rule_id }) => rule_id))
  const own = rules.filter(
    ({ kind, type }) => kind === 'signature' && (type === undefined || type === 'event'),
  )
  return {
    explained: sources.reduce((sum, coverage) => sum + coverage.explained, 0),
    unexplained: sources.reduce((sum, coverage) => sum + coverage.unexplained, 0),
    sources,
    noisiest: noisiestOf(spoken, rules),
    rules: own.length,
    silent: own.filter(({ id }) => !fired.has(id)).length,
  }
}

function sourcesOf(rows: readonly CoverageRow[]): SourceCoverage[] {
  const sources = new Map<string, SourceCoverage>()
  for (const { source, explained: isExplained, count } of rows) {
    const { explained, unexplained } = sources.get(source) ?? { explained: 0, unexplained: 0 }
    sources.set(source, {
      source,
      explained: explained + (isExplained ? count : 0),
      unexplained: unexplained + (isExplained ? 0 : count),
    })
  }
  return [...sources.values()].sort((a, b) => b.unexplained - a.unexplained || b.explained - a.explained)
}

function noisiestOf(spoken: readonly CoverageRow[], rules: readonly RuleItem[]): Coverage['noisiest'] {
  const titles = new Map(rules.map(({ id, title }) => [id, title]))
  const counts = new Map<string, number>()
  for (const { rule_id, severity, count } of spoken)
    if (severity !== 'info') counts.set(rule_id, (counts.get(rule_id) ?? 0) + count)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, NOISIEST)
    .map(([id, count]) => ({ id, title: titles.get(id) ?? id, count }))
}
