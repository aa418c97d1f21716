import type { Items, ServiceStatus } from '../answers.ts'
import { AnswerState } from '../parts/answer-state.tsx'
import { LagCard } from '../parts/lag-card.tsx'
import { LedgerTable } from '../parts/ledger-table.tsx'
import { HeldUp, NotRead, PortalNotRead } from '../parts/not-had-cards.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { StatusFigures } from '../parts/status-figures.tsx'
import { StoreCard } from '../parts/store-card.tsx'
import { type StoreFacts, VersionsCard } from '../parts/versions-card.tsx'
import { useAnswer } from '../use-answer.ts'

/** The state of the service: what it reads, what it stores, and what it could not get. */
export function StatusPage() {
  const status = useAnswer<ServiceStatus>('status')
  const store = useAnswer<Items<StoreFacts>>('store', {}, { everyMs: 60_000 })
  return (
    <>
      <PageHead title="Status" lead="What is read, what is stored, and what could not be had." />
      <div class="figures-room">
        <AnswerState answer={status} rows={4}>
          {(now) => <StatusFigures now={now} />}
        </AnswerState>
      </div>
      <AnswerState answer={status} rows={0}>
        {(now) => (
          <>
            <NotRead now={now} />
            <PortalNotRead portal={now.portal} />
            <LagCard files={now.files} />
            <HeldUp reasons={now.held_up} />
          </>
        )}
      </AnswerState>
      <LedgerTable />
      <AnswerState answer={status} rows={0}>
        {(now) => (
          <>
            <StoreCard size={now.store_size} />
            <VersionsCard now={now} facts={store.data?.items[0]} />
          </>
        )}
      </AnswerState>
    </>
  )
}
