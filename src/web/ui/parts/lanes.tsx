import { useMemo } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import { visible } from '../../../triage/visible.ts'
import { type Lane, type LaneMark, lanesOf } from '../lanes-layout.ts'
import { sourceTitle } from '../source-titles.ts'
import { ticksOf } from '../time-axis.ts'
import type { Range } from '../time-range.ts'
import { durationText } from '../time-text.ts'
import { useBrush } from '../use-brush.ts'
import { useSize } from '../use-size.ts'
import { Icon } from './icon.tsx'
import { LANE_PX, LaneMarks } from './lane-marks.tsx'

import { BrushedSpan, Cursor, Reboot } from './lane-overlays.tsx'

const AXIS_PX = 24
const COLUMN_PX = 4
/** A click selects the nearest mark within this many columns. */
const REACH = 3

/** Each source of a desktop as a lane on one time axis: drag to zoom, click a mark to see its line. */
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
  return (
    <div class="lanes">
      <div class="lane-names">
        {layout.lanes.map((lane) => (
          <LaneName key={lane.key} lane={lane} />
        ))}
      </div>
      <div class="lane-plot" ref={ref}>
        <svg
          width={width}
          height={height + AXIS_PX}
          role="img"
          aria-label={summaryOf(layout.lanes)}
          {...brush.handlers}
        >
          <HatchPattern />
          {layout.silences.map((silence) => (
            <SilentSpan key={silence.fromMs} silence={silence} at={at} height={height} />
          ))}
          {layout.lanes.map((lane, i) => (
            <LaneMarks key={lane.key} lane={lane} top={i * LANE_PX} x={x} columnPx={width / columns} />
          ))}
          {layout.reboots.map(({ column, row }) => (
            <Reboot key={row} x={x(column)} height={height} />
          ))}
          <Axis range={range} width={width} top={height} />
          {chosen !== undefined && <Cursor x={at(Date.parse(chosen.ts))} height={height} />}
          {brush.shown !== undefined && <BrushedSpan brush={brush.shown} width={width} height={height} />}
        </svg>
      </div>
    </div>
  )
}

/** What the drawing shows, for those who cannot see it. */
function summaryOf(lanes: readonly Lane[]): string {
  const failures = lanes.reduce((sum, lane) => sum + lane.failures, 0)
  return `${lanes.length} kinds of logs; ${failures} failures. The list below has the same lines.`
}

function LaneName({ lane }: { readonly lane: Lane }) {
  return (
    <div
      class="lane-name"
      title={`${lane.source}${lane.host === '' ? '' : ` on ${visible(lane.host)}`}: ${lane.lines} lines`}
    >
      <span class="lane-source">{sourceTitle(lane.source)}</span>
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

function HatchPattern() {
  return (
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1="0" y1="0" x2="0" y2="6" class="hatch-line" />
      </pattern>
    </defs>
  )
}

/** Narrower spans have no room for their text. */
const TEXT_PX = 90

function SilentSpan({
  silence: { fromMs, toMs },
  at,
  height,
}: {
  readonly silence: Range
  at(ms: number): number
  readonly height: number
}) {
  const [from, to] = [at(fromMs), at(toMs)]
  return (
    <g>
      <rect class="silence" x={from} width={to - from} y={0} height={height} />
      {to - from > TEXT_PX && (
        <text class="silence-text" x={(from + to) / 2} y={height / 2 + 4}>
          no line for {durationText((toMs - fromMs) / 1000)}
        </text>
      )}
    </g>
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
