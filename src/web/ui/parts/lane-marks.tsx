import type { Lane, LaneMark } from '../lanes-layout.ts'

/** The height of a lane. */
export const LANE_PX = 22

/** The marks of one source on its lane; hatched where its lines have no times of their own. */
export function LaneMarks({
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

/** Shape repeats what colour says: failures are tall, milestones are diamonds, warnings are half as high, lines are ticks. */
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
