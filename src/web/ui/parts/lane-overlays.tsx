import type { Brush } from '../use-brush.ts'

export function Reboot({ x, height }: { readonly x: number; readonly height: number }) {
  return (
    <g class="reboot">
      <line x1={x} x2={x} y1={0} y2={height} />
      <title>reboot</title>
    </g>
  )
}

/** Marks the time of the selected line. */
export function Cursor({ x, height }: { readonly x: number; readonly height: number }) {
  return <line class="lane-cursor" x1={x} x2={x} y1={0} y2={height} />
}

/** The span over which the pointer has been dragged so far; from left or from right. */
export function BrushedSpan({
  brush: { from, to },
  width,
  height,
}: {
  readonly brush: Brush
  readonly width: number
  readonly height: number
}) {
  return (
    <rect
      class="brush"
      x={Math.min(from, to) * width}
      width={Math.abs(to - from) * width}
      y={0}
      height={height}
    />
  )
}
