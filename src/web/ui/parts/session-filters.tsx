import type { SessionItem } from '../answers.ts'
import { changeQuery, usePlace } from '../router.ts'
import { countsByStatus } from '../session-filter.ts'
import { counted } from '../words.ts'
import { ExportLinks } from './export-links.tsx'
import { Name } from './name.tsx'
import { StatusFilter } from './status-filter.tsx'
import { TextFilter } from './text-filter.tsx'

/** The filters above the list of desktops, and how many desktops they let through. */
export function SessionFilters({
  all,
  shown,
  isCut,
  range,
}: {
  /** Every desktop of the range; undefined while they are asked for. */
  readonly all: readonly SessionItem[] | undefined
  readonly shown: number
  /** There are more desktops than are asked for. */
  readonly isCut: boolean
  readonly range: { readonly from: string; readonly to: string | undefined }
}) {
  return (
    <search class="filters">
      <TextFilter name="q" label="Filter desktops" placeholder="Filter by name, host, phase, verdict…" />
      <StatusFilter counts={countsByStatus(all ?? [])} />
      <Chips />
      <ExportLinks question="sessions" params={range} />
      <span class="dim filters-count" role="status">
        {all !== undefined &&
          (shown === all.length
            ? counted(all.length, 'desktop')
            : `${shown} of ${counted(all.length, 'desktop')}`)}
        {isCut && ', the newest'}
      </span>
    </search>
  )
}

/** Filters that other pages set, each with a button that removes it. */
function Chips() {
  const { query } = usePlace()
  return (
    <>
      {(['owner', 'phase', 'rule'] as const).map((key) =>
        query[key] === undefined ? null : (
          <button key={key} type="button" class="chip" onClick={() => changeQuery({ [key]: undefined })}>
            {key}: <Name of={query[key]} /> <span aria-hidden="true">×</span>
            <span class="visually-hidden">remove this filter</span>
          </button>
        ),
      )}
    </>
  )
}
