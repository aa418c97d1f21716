import { useMemo, useRef, useState } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import { type Lane, type LaneMark, lanesOf } from '../lanes-layout.ts'
import { brushed, ticksOf } from '../time-axis.ts'
import type { Range } from '../time-range.ts'
import { durationText } from '../time-text.ts'
import { useSize } from '../use-size.ts'
import { counted } from '../words.ts'
import { Icon } from './icon.tsx'

const LANE_PX = 22
const AXIS_PX = 24
const COLUMN_PX = 4
/** A click takes the nearest mark within so many columns. */
const REACH = 3

/** Every kind of log of a desktop as a lane on one axis of time: drag to zoom, click a mark to see its line. */
export function Lanes({
  rows,
  range,
  selected,
  onZoom,
  onPick,
}: {
  readonly rows: readonly EventJson[]
  readonly range: Range
  readonly selected: number
  onZoom(range: Range): void
  onPick(row: number): void
}) {
  const { ref, width } = useSize<HTMLDivElement>()
  const columns = Math.max(40, Math.floor(width / COLUMN_PX))
  const { fromMs, toMs } = range
  const layout = useMemo(() => lanesOf(rows, { fromMs, toMs }, columns), [rows, fromMs, toMs, columns])
  const brush = useBrush(range, onZoom, (part, y) => {
    const mark = nearest(layout.lanes[Math.floor(y / LANE_PX)], part * columns)
    if (mark !== undefined) onPick(mark.row)
  })
  const height = layout.lanes.length * LANE_PX
  const x = (column: number) => ((column + 0.5) / columns) * width
  const at = (ms: number) => ((ms - fromMs) / Math.max(toMs - fromMs, 1)) * width
  const chosen = rows[selected]
  const summary = `${layout.lanes.length} kinds of logs; ${layout.lanes.reduce((sum, lane) => sum + lane.failures, 0)} failures. The list below has the same lines.`
  return (
    <div class="lanes">
      <div class="lane-names">
        {layout.lanes.map((lane) => (
          <LaneName key={lane.key} lane={lane} />
        ))}
      </div>
      <div class="lane-plot" ref={ref}>
        <svg width={width} height={height + AXIS_PX} role="img" aria-label={summary} {...brush.handlers}>
          <defs>
            <pattern
              id="hatch"
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <line x1="0" y1="0" x2="0" y2="6" class="hatch-line" />
            </pattern>
          </defs>
          {layout.silences.map((silence) => (
            <g key={silence.fromMs}>
              <rect
                class="silence"
                x={at(silence.fromMs)}
                width={at(silence.toMs) - at(silence.fromMs)}
                y={0}
                height={height}
              />
              {at(silence.toMs) - at(silence.fromMs) > 90 && (
                <text class="silence-text" x={(at(silence.fromMs) + at(silence.toMs)) / 2} y={height / 2 + 4}>
                  no line for {durationText((silence.toMs - silence.fromMs) / 1000)}
                </text>
              )}
            </g>
          ))}
          {layout.lanes.map((lane, i) => (
            <LaneMarks key={lane.key} lane={lane} top={i * LANE_PX} x={x} columnPx={width / columns} />
          ))}
          {layout.reboots.map(({ column, row }) => (
            <g key={row} class="reboot">
              <line x1={x(column)} x2={x(column)} y1={0} y2={height} />
              <title>reboot</title>
            </g>
          ))}
          <Axis range={range} width={width} top={height} />
          {chosen !== undefined && (
            <line
              class="lane-cursor"
              x1={at(Date.parse(chosen.ts))}
              x2={at(Date.parse(chosen.ts))}
              y1={0}
              y2={height}
            />
          )}
          {brush.shown !== undefined && (
            <rect
              class="brush"
              x={Math.min(brush.shown.from, brush.shown.to) * width}
              width={Math.abs(brush.shown.to - brush.shown.from) * width}
              y={0}
              height={height}
            />
          )}
        </svg>
      </div>
    </div>
  )
}

/** What the marks mean, and how many lines came long after. */
export function LanesLegend({ behind }: { readonly behind: number }) {
  return (
    <p class="lanes-legend">
      <span>
        <i class="key key-failure" /> failure
      </span>
      <span>
        <i class="key key-warning" /> warning
      </span>
      <span>
        <i class="key key-milestone" /> milestone
      </span>
      <span>
        <i class="key key-line" /> other line
      </span>
      <span>
        <i class="key key-inferred" /> time not in the log
      </span>
      <span>
        <i class="key key-reboot" /> reboot
      </span>
      {behind > 0 && <span class="lanes-behind">{counted(behind, 'line')} later →</span>}
    </p>
  )
}

function LaneName({ lane }: { readonly lane: Lane }) {
  return (
    <div
      class="lane-name"
      title={`${lane.source}${lane.host === '' ? '' : ` on ${lane.host}`}: ${lane.lines} lines`}
    >
      <span class="lane-source">{lane.source}</span>
      {lane.failures > 0 && (
        <span class="lane-failures">
          <Icon name="cross" size={11} />
          {lane.failures}
          <span class="visually-hidden"> failures</span>
        </span>
      )}
    </div>
  )
}

function LaneMarks({
  lane,
  top,
  x,
  columnPx,
}: {
  readonly lane: Lane
  readonly top: number
  x(column: number): number
  readonly columnPx: number
}) {
  return (
    <g>
      <line class="lane-base" x1={0} x2="100%" y1={top + LANE_PX - 0.5} y2={top + LANE_PX - 0.5} />
      {lane.inferred.map(({ from, to }) => (
        <rect
          key={from}
          fill="url(#hatch)"
          x={x(from) - columnPx * 2}
          width={(to - from + 4) * columnPx}
          y={top + 3}
          height={LANE_PX - 6}
        />
      ))}
      {lane.marks.map((mark) => (
        <Mark key={mark.column} mark={mark} top={top} center={x(mark.column)} />
      ))}
    </g>
  )
}

/** Shape says what colour says: failures stand tall, milestones are diamonds, warnings are half as high, lines are ticks. */
function Mark({
  mark,
  top,
  center,
}: {
  readonly mark: LaneMark
  readonly top: number
  readonly center: number
}) {
  const bottom = top + LANE_PX - 3
  if (mark.look === 'milestone') {
    const middle = top + LANE_PX / 2
    return <path class="mark mark-milestone" d={`M${center} ${middle - 4}l4 4-4 4-4-4z`} />
  }
  const height = {
    critical: 16,
    error: 16,
    warning: 10,
    info: 7,
    line: Math.min(7, 3 + Math.log2(mark.count + 1)),
  }[mark.look]
  const wide = mark.look === 'critical' || mark.look === 'error' ? 3.5 : 2
  return (
    <rect
      class={`mark mark-${mark.look}`}
      x={center - wide / 2}
      y={bottom - height}
      width={wide}
      height={height}
      rx={1}
    />
  )
}

function Axis({
  range,
  width,
  top,
}: {
  readonly range: Range
  readonly width: number
  readonly top: number
}) {
  return (
    <g class="axis">
      {ticksOf(range, Math.max(2, width / 90)).map((tick) => (
        <g key={tick.ms}>
          <line x1={tick.at * width} x2={tick.at * width} y1={0} y2={top + 4} />
          {tick.at * width < width - 40 && (
            <text x={tick.at * width + 4} y={top + 16}>
              {tick.label}
            </text>
          )}
        </g>
      ))}
    </g>
  )
}

function nearest(lane: Lane | undefined, column: number): LaneMark | undefined {
  const near = lane?.marks.filter((mark) => Math.abs(mark.column + 0.5 - column) <= REACH) ?? []
  return near.sort((a, b) => Math.abs(a.column - column) - Math.abs(b.column - column))[0]
}

type Brush = { readonly from: number; readonly to: number }

/** A drag over the plot is a range, a click is a point; both in parts of its width. */
function useBrush(range: Range, onZoom: (range: Range) => void, onClick: (part: number, y: number) => void) {
  const [shown, setShown] = useState<Brush>()
  const begun = useRef<number | undefined>(undefined)
  const partOf = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    return { part: (event.clientX - box.left) / Math.max(box.width, 1), y: event.clientY - box.top }
  }
  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return
      begun.current = partOf(event).part
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent) {
      if (begun.current !== undefined) setShown({ from: begun.current, to: partOf(event).part })
    },
    onPointerUp(event: PointerEvent) {
      const from = begun.current
      begun.current = undefined
      setShown(undefined)
      if (from === undefined) return
      const { part, y } = partOf(event)
      const zoomed = brushed(range, from, part)
      if (zoomed === undefined) onClick(part, y)
      else onZoom(zoomed)
    },
    onPointerCancel() {
      begun.current = undefined
      setShown(undefined)
    },
  }
  return { shown, handlers }
}
