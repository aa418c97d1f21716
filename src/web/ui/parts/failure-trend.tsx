import { useMemo } from 'preact/hooks'
import type { TrendJson } from '../../../triage/trends.ts'
import type { Items } from '../answers.ts'
import { nowMs } from '../clock.ts'
import { changeQuery } from '../router.ts'
import { bucketFor, isoOf, rangeOf } from '../time-range.ts'
import { stackOf } from '../trend-stack.ts'
import { useAnswer } from '../use-answer.ts'
import { AnswerState, Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { MOST_SERIES, TrendChart } from './trend-chart.tsx'

const BUCKET_TITLES = {
  '1m': 'minute',
  '5m': '5 minutes',
  '15m': '15 minutes',
  '1h': 'hour',
  '1d': 'day',
} as const

/** Failures over time by signature; brushing sets the range of the whole page. */
export function FailureTrend({ from, to }: { readonly from: string; readonly to: string | undefined }) {
  const bucket = bucketFor(rangeOf({ from, to }, nowMs()))
  const found = useAnswer<Items<TrendJson>>('trends', { bucket: bucket.name, from, to })
  const drawn = useMemo(() => {
    const range = rangeOf({ from, to }, found.atMs ?? nowMs())
    return { range, stack: stackOf(found.data?.items ?? [], range, bucket.ms, MOST_SERIES) }
  }, [found.data, found.atMs, from, to, bucket.ms])
  return (
    <Card
      title="Failures over time"
      aside={<span class="dim hint">events per {BUCKET_TITLES[bucket.name]} · drag to zoom</span>}
    >
      <AnswerState answer={found} rows={8}>
        {() =>
          drawn.stack.series.length === 0 ? (
            <Empty title="No failure in this time" />
          ) : (
            <TrendChart
              stack={drawn.stack}
              range={drawn.range}
              onZoom={({ fromMs, toMs }) => changeQuery({ from: isoOf(fromMs), to: isoOf(toMs) })}
            />
          )
        }
      </AnswerState>
    </Card>
  )
}
