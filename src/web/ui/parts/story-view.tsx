import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import type { DiagnosisJson } from '../../../triage/diagnosis/diagnosis-json.ts'
import { rowsOfAttempt } from '../attempt-rows.ts'
import { nowMs } from '../clock.ts'
import { nextFailure, previousFailure } from '../failures.ts'
import { changeQuery, usePlace } from '../router.ts'
import { filteredRows, type RowFilter } from '../row-filter.ts'
import { rowsBehind, storyRange, withRoom } from '../story-range.ts'
import { isoOf, rangeFault } from '../time-range.ts'
import type { Story } from '../use-story.ts'
import { MOST_LINES } from '../use-story.ts'
import { counted } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { EventPanel } from './event-panel.tsx'
import { Icon } from './icon.tsx'
import { Lanes } from './lanes.tsx'
import { LanesLegend } from './lanes-legend.tsx'
import { LogList } from './log-list.tsx'
import { RangeFault } from './range-fault.tsx'
import { StoryFilter } from './story-filter.tsx'
import { WrongAddress } from './wrong-address.tsx'

/** Lanes on a time axis, and below them the same lines as a list; brushing the axis filters both. */
export function StoryView({
  story,
  attempts,
  diagnosis,
  isWhole,
}: {
  readonly story: Story
  readonly attempts: readonly DiagnosisJson[]
  readonly diagnosis: DiagnosisJson
  readonly isWhole: boolean
}) {
  const { query } = usePlace()
  const all = useMemo(
    () => rowsOfAttempt(story.rows ?? [], attempts, diagnosis.attempt),
    [story.rows, attempts, diagnosis.attempt],
  )
  const { from, to, source, severity, text } = query
  const rows = useMemo(
    () => filteredRows(all, { from, to, source, severity, text } as RowFilter),
    [all, from, to, source, severity, text],
  )
  const evidence = useMemo(() => new Set(diagnosis.evidence.map(({ event_id }) => event_id)), [diagnosis])
  const whole = storyRange(all, query, nowMs())
  const isZoomed = from !== undefined || to !== undefined
  const range = isZoomed ? whole : withRoom(whole)
  const behind = isZoomed ? 0 : rowsBehind(rows, range)
  const asked = query['event']
  const open = asked === undefined ? undefined : all.find(({ event_id }) => event_id === asked)
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
  return (
    <section class="card story" id="story" aria-label="what happened">
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
      <Lanes
        rows={rows}
        range={range}
        selected={start}
        onZoom={({ fromMs, toMs }) => changeQuery({ from: isoOf(fromMs), to: isoOf(toMs) })}
        onPick={(row) => pick(rows[row])}
      />
      <LanesLegend behind={behind} />
      <StoryFilter rows={all} shown={rows.length} isWhole={isWhole} />
      <RangeFault fault={rangeFault({ from, to }, nowMs())} />
      {story.isCut && (
        <p class="note">
          More than {counted(MOST_LINES, 'line')} were written of it; these are the first. Zoom or search to
          see others.
        </p>
      )}
      {rows.length === 0 ? (
        <Empty title="No line matches" icon="search">
          <button type="button" class="button" onClick={() => changeQuery(NO_FILTER)}>
            Clear the filter
          </button>
        </Empty>
      ) : (
        <div ref={list}>
          <LogList
            rows={rows}
            label="lines of this desktop"
            selected={start}
            onSelect={(row) => pick(rows[row])}
            onOpen={(row) => pick(rows[row])}
            onClose={() => changeQuery({ event: undefined })}
            evidence={evidence}
            hit={text ?? ''}
          />
        </div>
      )}
      {asked !== undefined && open === undefined && story.isRead && (
        <WrongAddress
          text={
            isWhole
              ? 'The line of this address is not among the lines of this attempt; it may be of another one, or too old to be kept'
              : 'The line of this address is not among the events of this attempt'
          }
          remedy={isWhole ? 'Go on without it' : 'Look in every line'}
          change={isWhole ? { event: undefined } : { lines: undefined }}
        />
      )}
      {open !== undefined && (
        <EventPanel
          event={open}
          hit={text ?? ''}
          onOpen={pick}
          onClose={() => changeQuery({ event: undefined })}
        />
      )}
    </section>
  )
}

const NO_FILTER = { from: undefined, to: undefined, source: undefined, severity: undefined, text: undefined }

/** `n` and `p` go from failure to failure; keys may come faster than the page is drawn. */
function useFailureKeys(
  rows: readonly EventJson[],
  start: number,
  pick: (row: EventJson | undefined) => void,
): void {
  const now = useRef({ rows, at: start, pick })
  now.current = { rows, at: start, pick }
  useEffect(() => {
    const onKey = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if (ctrlKey || metaKey || altKey || (key !== 'n' && key !== 'p')) return
      if (target instanceof Element && target.matches('input, select, textarea')) return
      const { rows: all, at } = now.current
      const found = key === 'n' ? nextFailure(all, at) : previousFailure(all, at)
      if (found === undefined) return
      now.current.at = all.indexOf(found)
      now.current.pick(found)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
