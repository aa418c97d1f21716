import { useMemo } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import { changeQuery, usePlace } from '../router.ts'
import { sourceTitle } from '../source-titles.ts'
import { counted, SEVERITY_ORDER, SEVERITY_WORDS } from '../words.ts'
import { TextFilter } from './text-filter.tsx'
import { UnknownChoice } from './unknown-choice.tsx'

/** Filters for a desktop's lines, applied while typing. */
export function StoryFilter({
  rows,
  shown,
  isWhole,
}: {
  readonly rows: readonly EventJson[]
  readonly shown: number
  readonly isWhole: boolean
}) {
  const { query } = usePlace()
  const sources = useMemo(() => [...new Set(rows.flatMap(({ source }) => source ?? []))].sort(), [rows])
  return (
    <search class="filters">
      <TextFilter name="text" label="Filter lines" placeholder="Filter lines…" />
      <label class="field-inline">
        <span class="visually-hidden">Kind of log</span>
        <select
          value={query['source'] ?? ''}
          onChange={({ currentTarget }) => changeQuery({ source: currentTarget.value })}
        >
          <option value="">all logs</option>
          {sources.map((source) => (
            <option key={source} value={source}>
              {sourceTitle(source)}
            </option>
          ))}
        </select>
      </label>
      <SeverityFilter />
      <fieldset class="segmented" aria-label="which lines">
        <button type="button" aria-pressed={isWhole} onClick={() => changeQuery({ lines: undefined })}>
          All lines
        </button>
        <button type="button" aria-pressed={!isWhole} onClick={() => changeQuery({ lines: 'events' })}>
          What is known
        </button>
      </fieldset>
      <span class="dim filters-count" role="status">
        {shown === rows.length
          ? counted(shown, 'line')
          : `${shown.toLocaleString('en')} of ${counted(rows.length, 'line')}`}
      </span>
    </search>
  )
}

/** Selects a minimum severity. */
export function SeverityFilter() {
  const { query } = usePlace()
  const chosen = query['severity'] ?? ''
  const isKnown = chosen === '' || (SEVERITY_ORDER as readonly string[]).includes(chosen)
  return (
    <>
      <label class="field-inline">
        <span class="visually-hidden">Severity at or above</span>
        <select
          value={chosen}
          onChange={({ currentTarget }) => changeQuery({ severity: currentTarget.value })}
        >
          <option value="">any severity</option>
          {SEVERITY_ORDER.map((severity) => (
            <option key={severity} value={severity}>
              {severity === 'critical'
                ? 'critical'
                : `${SEVERITY_WORDS[severity].title.toLowerCase()} or worse`}
            </option>
          ))}
        </select>
      </label>
      {!isKnown && <UnknownChoice name="severity" value={chosen} />}
    </>
  )
}
