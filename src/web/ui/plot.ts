import uPlot from 'uplot'
import type { Range } from './time-range.ts'
import type { Stack } from './trend-stack.ts'

export type PlotOptions = {
  readonly stack: Stack
  readonly range: Range
  readonly width: number
  readonly height: number
  readonly colours: PlotColours
  /** A time range was brushed. */
  onZoom(range: Range): void
  /** The pointer is over this bucket; undefined after it has left. */
  onPoint(bucket: number | undefined): void
}

type PlotColours = { readonly series: readonly string[]; readonly ink: string; readonly grid: string }

/** Draws stacked columns into an element; the returned function removes them. The only door to uPlot. */
export function drawPlot(element: HTMLElement, options: PlotOptions): () => void {
  const { stack, range, width, height, colours } = options
  // The tallest columns first: the others are drawn in front of them.
  const order = stack.series.map((_, i) => i).reverse()
  const data: uPlot.AlignedData = [
    stack.beginsMs.map((ms) => ms / 1000),
    ...order.map((i) => [...(stack.tops[i] ?? [])]),
  ]
  const plot = new uPlot(
    {
      width,
      height,
      legend: { show: false },
      // On the right, room for half of the last time label.
      padding: [8, 18, 0, 0],
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
      scales: {
        x: { time: true, range: () => [range.fromMs / 1000, range.toMs / 1000] },
        y: { range: (_, __, max) => [0, Math.max(4, Math.ceil(max * 1.08))] },
      },
      axes: axesOf(colours),
      series: [{}, ...order.map((i) => columnsOf(colours.series[i] ?? colours.ink))],
      hooks: {
        setCursor: [({ cursor }) => options.onPoint(cursor.idx ?? undefined)],
        setSelect: [(drawn) => zoom(drawn, options)],
      },
    },
    data,
    element,
  )
  return () => plot.destroy()
}

/** The axis of the time below, that of the count on the left. */
function axesOf({ ink, grid }: PlotColours): uPlot.Axis[] {
  const font = '11px Inter, ui-sans-serif, system-ui, sans-serif'
  const axis = { stroke: ink, font, grid: { stroke: grid, width: 1 }, ticks: { show: false }, gap: 6 }
  return [
    { ...axis, grid: { show: false }, size: 28, values: timeLabels },
    { ...axis, size: 38, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000] },
  ]
}

function columnsOf(colour: string): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.78, 40], align: 1, radius: 0.12 })
  return {
    fill: colour,
    stroke: colour,
    width: 0,
    points: { show: false },
    ...(paths === undefined ? {} : { paths }),
  }
}

/** A selection narrower than this is a click, px. */
const LEAST_BRUSH_PX = 4

function zoom(drawn: uPlot, { onZoom }: PlotOptions): void {
  const { left, width } = drawn.select
  if (width < LEAST_BRUSH_PX) return
  const at = (px: number) => Math.round(drawn.posToVal(px, 'x') * 1000)
  onZoom({ fromMs: at(left), toMs: at(left + width) })
}

const DAY_S = 86_400

function timeLabels(_: uPlot, splits: number[]): string[] {
  const isDays = (splits[1] ?? 0) - (splits[0] ?? 0) >= DAY_S
  const format = new Intl.DateTimeFormat(
    'en-GB',
    isDays ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  )
  return splits.map((seconds) => format.format(seconds * 1000))
}
