import { useMemo } from 'preact/hooks'
import type { Items, RuleItem } from '../answers.ts'
import { AnswerState, Empty } from '../parts/answer-state.tsx'
import { CoverageCard } from '../parts/coverage-card.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { type Column, RowTable } from '../parts/row-table.tsx'
import { SeverityFilter } from '../parts/story-filter.tsx'
import { TextFilter } from '../parts/text-filter.tsx'
import { TryLine } from '../parts/try-line.tsx'
import { UnknownChoice } from '../parts/unknown-choice.tsx'
import { WordTag } from '../parts/word-tag.tsx'
import { changeQuery, go, usePlace } from '../router.ts'
import { filteredRules } from '../rule-filter.ts'
import { useAnswer } from '../use-answer.ts'
import { counted, PHASE_TITLES, SEVERITY_ORDER, SEVERITY_WORDS, wordOf } from '../words.ts'

/** All rules, and a field that tries them on a line. */
export function RulesPage() {
  const { query } = usePlace()
  const found = useAnswer<Items<RuleItem>>('rules', {}, { everyMs: 60_000 })
  const { q, severity, component, kind } = query
  const all = found.data?.items
  const rows = useMemo(
    () => filteredRules(all ?? [], { q, severity, component, kind }),
    [all, q, severity, component, kind],
  )
  const components = useMemo(
    () => [...new Set((all ?? []).flatMap((rule) => rule.component ?? []))].sort(),
    [all],
  )
  return (
    <>
      <PageHead title="Rules" lead="Known failures, milestones and harmless lines." />
      <TryLine />
      {all !== undefined && <CoverageCard rules={all} />}
      <search class="filters">
        <TextFilter name="q" label="Filter rules" placeholder="Filter by id or title…" />
        <Select name="component" label="Component" any="any component" values={components} />
        <Select name="kind" label="Kind" any="any kind" values={['signature', 'milestone', 'benign']} />
        <SeverityFilter />
        <span class="dim filters-count" role="status">
          {all !== undefined &&
            (rows.length === all.length
              ? counted(all.length, 'rule')
              : `${rows.length} of ${counted(all.length, 'rule')}`)}
        </span>
      </search>
      <AnswerState answer={found} rows={10}>
        {() =>
          rows.length === 0 ? (
            <Empty title="No rule matches the filter" icon="rules" />
          ) : (
            <RowTable
              rows={rows}
              columns={COLUMNS}
              label="rules"
              keyOf={({ id }) => id}
              order={query['order'] ?? ''}
              onOrder={(order) => changeQuery({ order }, { replace: true })}
              onOpen={({ id }) => go(rulePath(id))}
            />
          )
        }
      </AnswerState>
    </>
  )
}

function Select({
  name,
  label,
  any,
  values,
}: {
  readonly name: string
  readonly label: string
  readonly any: string
  readonly values: readonly string[]
}) {
  const { query } = usePlace()
  const chosen = query[name] ?? ''
  return (
    <>
      <label class="field-inline">
        <span class="visually-hidden">{label}</span>
        <select value={chosen} onChange={({ currentTarget }) => changeQuery({ [name]: currentTarget.value })}>
          <option value="">{any}</option>
          {values.map((value) => (
            <option key={value} value={value}>
              {value}
            </option>
          ))}
        </select>
      </label>
      {chosen !== '' && values.length > 0 && !values.includes(chosen) && (
        <UnknownChoice name={name} value={chosen} />
      )}
    </>
  )
}

/** The address of the page of a rule. */
export function rulePath(id: string): string {
  return `/rules/${encodeURIComponent(id)}`
}

const COLUMNS: readonly Column<RuleItem>[] = [
  {
    key: 'severity',
    title: 'Severity',
    cell: ({ severity }) => <WordTag word={wordOf(SEVERITY_WORDS, severity)} isBare />,
    sort: ({ severity }) => SEVERITY_ORDER.indexOf(severity),
    isWide: true,
  },
  {
    key: 'title',
    title: 'Rule',
    cell: ({ id, title }) => (
      <a href={rulePath(id)} class="rule-link">
        <span class="strong">{title}</span> <code class="dim">{id}</code>
      </a>
    ),
    sort: ({ title }) => title.toLowerCase(),
  },
  {
    key: 'phase',
    title: 'Phase',
    cell: ({ phase = '' }) => PHASE_TITLES[phase] ?? phase,
    sort: ({ phase = '' }) => Object.keys(PHASE_TITLES).indexOf(phase),
    isWide: true,
  },
  {
    key: 'component',
    title: 'Component',
    cell: ({ component }) => component,
    sort: ({ component = '' }) => component,
    isWide: true,
  },
  { key: 'layer', title: 'Layer', cell: ({ layer }) => layer, sort: ({ layer = '' }) => layer, isWide: true },
  {
    key: 'kind',
    title: 'Kind',
    cell: ({ kind, general, type }) =>
      general === true ? 'general' : type !== 'event' && type !== undefined ? type : kind,
    isWide: true,
  },
]
