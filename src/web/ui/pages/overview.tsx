import { useEffect, useState } from 'preact/hooks'
import type { Overview } from '../answers.ts'
import { headline } from '../headline.ts'
import { Alerting } from '../parts/alerting.tsx'
import { AnswerState } from '../parts/answer-state.tsx'
import { CollectorHealth } from '../parts/collector-health.tsx'
import { Common } from '../parts/common.tsx'
import { Disagreements } from '../parts/disagreements.tsx'
import { Failing } from '../parts/failing.tsx'
import { FailureTrend } from '../parts/failure-trend.tsx'
import { NewSignatures } from '../parts/new-signatures.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { RangePicker } from '../parts/range-picker.tsx'
import { Repeating } from '../parts/repeating.tsx'
import { StateStrip } from '../parts/state-strip.tsx'
import { Unassigned } from '../parts/unassigned.tsx'
import { usePlace } from '../router.ts'
import { POLL_MS, useAnswer } from '../use-answer.ts'

/** While some desktops are not diagnosed yet, the overview is asked for again after this time. */
const SOON_MS = 2000

/** The state of the cluster at a glance. */
export function OverviewPage() {
  const { query } = usePlace()
  const { from = '24h', to } = query
  const [isPartial, setPartial] = useState(false)
  const everyMs = isPartial ? SOON_MS : POLL_MS
  const found = useAnswer<Overview>('overview', { from, to }, { everyMs })
  useEffect(() => setPartial((found.data?.pending ?? 0) > 0), [found.data])
  return (
    <>
      <PageHead
        title={found.data === undefined ? 'Overview' : headline(found.data, to !== undefined)}
        tab="Overview"
      >
        <RangePicker />
      </PageHead>
      <div class="strip-room">
        <AnswerState answer={found} rows={3}>
          {({ sessions, pending = 0 }) => <StateStrip counts={sessions} pending={pending} />}
        </AnswerState>
      </div>
      <div class="overview">
        <div class="overview-main">
          <AnswerState answer={found} rows={6}>
            {({ failing, sessions, pending = 0 }) => (
              <Failing
                sessions={failing}
                counts={sessions}
                isPast={to !== undefined}
                isPartial={pending > 0}
              />
            )}
          </AnswerState>
          {/* Hidden until the list above it has come, so that a visible chart does not jump; its data are asked for at once. */}
          <div hidden={found.data === undefined && found.error === undefined}>
            <FailureTrend from={from} to={to} />
          </div>
        </div>
        {found.data !== undefined && <Side overview={found.data} from={from} to={to} />}
      </div>
    </>
  )
}

/** What else there is to know, beside the desktops that do not work. */
function Side({
  overview,
  from,
  to,
}: {
  readonly overview: Overview
  readonly from: string
  readonly to: string | undefined
}) {
  const { alerts, failing, findings = [], disagreements, new_signatures, collector } = overview
  return (
    <div class="overview-side">
      {alerts !== undefined && <Alerting alerts={alerts} failing={failing} />}
      <Repeating findings={findings} />
      <Disagreements desktops={disagreements} />
      {overview.pending === 0 && <Unassigned from={from} to={to} />}
      <Common overview={overview} />
      {new_signatures !== undefined && <NewSignatures signatures={new_signatures} />}
      <CollectorHealth collector={collector} portalNotRead={overview.portal_not_read.length} />
    </div>
  )
}
