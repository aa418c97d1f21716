import { useEffect, useRef, useState } from 'preact/hooks'
import { nowMs } from '../clock.ts'
import { drawPlot } from '../plot.ts'
import { useShared } from '../shared-state.ts'
import { theme } from '../theme.ts'
import { isoOf, type Range } from '../time-range.ts'
import { localText } from '../time-text.ts'
import type { Stack } from '../trend-stack.ts'
import { useSize } from '../use-size.ts'
import { counted } from '../words.ts'

const HEIGHT = 210
/** The number of colours for series. */
export const MOST_SERIES = 8

/** Failures over time, one colour per signature; drag over a part to zoom in. */
export function TrendChart({
  stack,
  range,
  onZoom,
}: {
  readonly stack: Stack
  readonly range: Range
  onZoom(range: Range): void
}) {
  const { ref, element, width } = useSize<HTMLDivElement>()
  const chosen = useShared(theme)
  const [point, setPoint] = useState<number>()
  const zoom = useRef(onZoom)
  zoom.current = onZoom
  const { drawn, brush } = useHeld({ stack, range })
  const { fromMs, toMs } = drawn.range
  useEffect(() => {
    if (element === null || width === 0) return
    return drawPlot(element, {
      stack: drawn.stack,
      range: { fromMs, toMs },
      width,
      height: HEIGHT,
      colours: coloursOf(element, chosen),
      onZoom: (part) => zoom.current(part),
      onPoint: setPoint,
    })
  }, [element, width, drawn.stack, fromMs, toMs, chosen])
  const total = stack.series.reduce((sum, series) => sum + series.total, 0)
  return (
    <div class="trend">
      <div
        class="trend-plot"
        ref={ref}
        onMouseDown={brush}
        role="img"
        aria-label={`${counted(total, 'failure')} over time; the list beside it has the numbers`}
      />
      <Legend stack={stack} point={point} />
    </div>
  )
}

type Drawn = { readonly stack: Stack; readonly range: Range }

/** Keeps what is drawn while somebody brushes over it: a new drawing would lose the brush. */
function useHeld(now: Drawn): { readonly drawn: Drawn; brush(): void } {
  const [held, setHeld] = useState<Drawn>()
  const brush = () => {
    setHeld(now)
    document.addEventListener('mouseup', () => setHeld(undefined), { once: true })
  }
  return { drawn: held ?? now, brush }
}

function Legend({ stack, point }: { readonly stack: Stack; readonly point: number | undefined }) {
  const begin = point === undefined ? undefined : stack.beginsMs[point]
  return (
    <div class="trend-legend">
      <p class="dim trend-when">
        {begin === undefined ? 'events' : `from ${localText(isoOf(begin), nowMs())}`}
      </p>
      <ol>
        {stack.series.map((series, i) => {
          const count = point === undefined ? series.total : (series.counts[point] ?? 0)
          const last = series.id === 'others' ? MOST_SERIES - 1 : i
          return (
            <li key={series.id} class={count === 0 ? 'dim' : ''}>
              <span class={`swatch series-${last}`} aria-hidden="true" />
              <SeriesName id={series.id} title={series.title} />
              <span class="number">{count.toLocaleString('en')}</span>
            </li>
          )
        })}
      </ol>
    </div>
  )
}

function SeriesName({ id, title }: { readonly id: string; readonly title: string }) {
  if (id === '' || id === 'others') return <span class="series-name">{title}</span>
  return (
    <a class="series-name" href={`/search?rule=${encodeURIComponent(id)}`} title={title}>
      {title}
    </a>
  )
}

/** The current colours of the style sheet. */
function coloursOf(element: HTMLElement, _theme: string) {
  const probe = document.createElement('span')
  element.append(probe)
  const colour = (className: string) => {
    probe.className = className
    return getComputedStyle(probe).color
  }
  const colours = {
    series: Array.from({ length: MOST_SERIES }, (_, i) => colour(`series-${i}`)),
    ink: colour('plot-ink'),
    grid: colour('plot-grid'),
  }
  probe.remove()
  return colours
}
