import { useMemo, useRef } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import type { DiagnosisJson } from '../../../triage/diagnosis/diagnosis-json.ts'
import { rowsOfAttempt } from '../attempt-rows.ts'
import { nowMs } from '../clock.ts'
import { changeQuery, usePlace } from '../router.ts'
import { filteredRows, type RowFilter } from '../row-filter.ts'
import { rowsBehind, storyRange, withRoom } from '../story-range.ts'
import { isoOf, rangeFault } from '../time-range.ts'
import type { Query } from '../url-state.ts'
import { useFailureKeys } from '../use-failure-keys.ts'
import type { Story } from '../use-story.ts'
import { MOST_LINES } from '../use-story.ts'
import { counted } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { AskedLine } from './asked-line.tsx'
import { Icon } from './icon.tsx'
import { Lanes } from './lanes.tsx'
import { LanesLegend } from './lanes-legend.tsx'
import { LogList } from './log-list.tsx'
import { RangeFault } from './range-fault.tsx'
import { StoryFilter } from './story-filter.tsx'

type StoryProps = {
  readonly story: Story
  readonly attempts: readonly DiagnosisJson[]
  readonly diagnosis: DiagnosisJson
  readonly isWhole: boolean
}

/** Lanes on a time axis, and below them the same lines as a list; brushing the axis filters both. */
export function StoryView(props: StoryProps) {
  const { story, diagnosis, isWhole } = props
  const { query } = usePlace()
  const { all, rows } = useRows(props, query)
  const evidence = useMemo(() => new Set(diagnosis.evidence.map(({ event_id }) => event_id)), [diagnosis])
  const asked = query['event']
  const start = rows.findIndex(({ event_id }) => event_id === (asked ?? diagnosis.evidence[0]?.event_id))
  const pick = (row: EventJson | undefined) => {
    if (row !== undefined) changeQuery({ event: row.event_id }, { replace: asked !== undefined })
  }
  const list = useRef<HTMLDivElement>(null)
  useFailureKeys(rows, start, (row) => {
    pick(row)
    list.current?.scrollIntoView({ block: 'nearest' })
  })
  if (story.rows === undefined) return <div class="waiting" aria-busy="true" />
  const { from, to, text = '' } = query
  const isZoomed = from !== undefined || to !== undefined
  return (
    <section class="card story" id="story" aria-label="what happened">
      <StoryHead isZoomed={isZoomed} />
      <StoryLanes all={all} rows={rows} selected={start} isZoomed={isZoomed} onPick={pick} />
      <StoryFilter rows={all} shown={rows.length} isWhole={isWhole} />
      <RangeFault fault={rangeFault({ from, to }, nowMs())} />
      {story.isCut && (
        <p class="note">
          More than {counted(MOST_LINES, 'line')} were written of it; these are the first. Zoom or search to
          see others.
        </p>
      )}
      {rows.length === 0 ? (
        <NoLine />
      ) : (
        <div ref={list}>
          <LogList
            rows={rows}
            label="lines of this desktop"
            selected={start}
            onSelect={(row) => pick(rows[row])}
            onOpen={(row) => pick(rows[row])}
            onClose={closeEvent}
            evidence={evidence}
            hit={text}
          />
        </div>
      )}
      {asked !== undefined && (
        <AskedLine
          event={all.find(({ event_id }) => event_id === asked)}
          isRead={story.isRead}
          isWhole={isWhole}
          hit={text}
          onOpen={pick}
          onClose={closeEvent}
        />
      )}
    </section>
  )
}

function closeEvent(): void {
  changeQuery({ event: undefined })
}

/** The rows of the attempt, and those of them that the filter lets through. */
function useRows({ story, attempts, diagnosis }: StoryProps, { from, to, source, severity, text }: Query) {
  const all = useMemo(
    () => rowsOfAttempt(story.rows ?? [], attempts, diagnosis.attempt),
    [story.rows, attempts, diagnosis.attempt],
  )
  const rows = useMemo(
    () => filteredRows(all, { from, to, source, severity, text } as RowFilter),
    [all, from, to, source, severity, text],
  )
  return { all, rows }
}

function StoryHead({ isZoomed }: { readonly isZoomed: boolean }) {
  return (
    <header class="card-head">
      <h2>What happened</h2>
      <div class="card-aside">
        {isZoomed && (
          <button
            type="button"
            class="button button-small"
            onClick={() => changeQuery({ from: undefined, to: undefined })}
          >
            <Icon name="search" size={13} /> Show all of it
          </button>
        )}
        <span class="dim hint">drag to zoom · n, p next and previous failure</span>
      </div>
    </header>
  )
}

function StoryLanes({
  all,
  rows,
  selected,
  isZoomed,
  onPick,
}: {
  readonly all: readonly EventJson[]
  readonly rows: readonly EventJson[]
  readonly selected: number
  readonly isZoomed: boolean
  onPick(row: EventJson | undefined): void
}) {
  const { query } = usePlace()
  const whole = storyRange(all, query, nowMs())
  const range = isZoomed ? whole : withRoom(whole)
  return (
    <>
      <Lanes
        rows={rows}
        range={range}
        selected={selected}
        onZoom={({ fromMs, toMs }) => changeQuery({ from: isoOf(fromMs), to: isoOf(toMs) })}
        onPick={(row) => onPick(rows[row])}
      />
      <LanesLegend behind={isZoomed ? 0 : rowsBehind(rows, range)} />
    </>
  )
}

const NO_FILTER = { from: undefined, to: undefined, source: undefined, severity: undefined, text: undefined }

function NoLine() {
  return (
    <Empty title="No line matches" icon="search">
      <button type="button" class="button" onClick={() => changeQuery(NO_FILTER)}>
        Clear the filter
      </button>
    </Empty>
  )
}
