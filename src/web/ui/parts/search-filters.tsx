import { changeQuery, usePlace } from '../router.ts'
import { SeverityFilter } from './story-filter.tsx'
import { TextFilter } from './text-filter.tsx'

const FIELDS = [
  { name: 'session', label: 'Desktop', placeholder: 'owner/name' },
  { name: 'host', label: 'Host', placeholder: 'host' },
  { name: 'source', label: 'Kind of log', placeholder: 'kind of log' },
] as const

/** The filters of a search: text, and where the lines are. */
export function SearchFilters({ isLive }: { readonly isLive: boolean }) {
  const { query } = usePlace()
  const { text, rule } = query
  return (
    <search class="filters">
      <TextFilter name="text" label="Text to search for" placeholder="Text in the lines…" />
      {FIELDS.map(({ name, label, placeholder }) => (
        <label key={name} class="field-inline">
          <span class="visually-hidden">{label}</span>
          <input
            class="field-short"
            value={query[name] ?? ''}
            placeholder={placeholder}
            spellcheck={false}
            onChange={({ currentTarget }) => changeQuery({ [name]: currentTarget.value.trim() })}
          />
        </label>
      ))}
      {(isLive || text === undefined) && <SeverityFilter />}
      {rule !== undefined && (
        <button type="button" class="chip" onClick={() => changeQuery({ rule: undefined })}>
          rule: {rule} <span aria-hidden="true">×</span>
          <span class="visually-hidden">remove this filter</span>
        </button>
      )}
    </search>
  )
}
