import type { Items, ServiceStatus } from '../answers.ts'
import { bytesText } from '../bytes-text.ts'
import { reasonTitle } from '../loss-text.ts'
import { AnswerState, Empty } from '../parts/answer-state.tsx'
import { Card } from '../parts/card.tsx'
import { Figure } from '../parts/figure.tsx'
import { LagCard } from '../parts/lag-card.tsx'
import { LedgerTable } from '../parts/ledger-table.tsx'
import { Age, FullTime } from '../parts/moment.tsx'
import { Name } from '../parts/name.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { StoreCard } from '../parts/store-card.tsx'
import { type Answer, useAnswer } from '../use-answer.ts'
import { counted } from '../words.ts'

type StoreFacts = {
  readonly version: string
  readonly since_ms: number
  readonly retention_days: number
  readonly schema: number
}

/** The state of the service: what it reads, what it stores, and what it could not get. */
export function StatusPage() {
  const status = useAnswer<ServiceStatus>('status')
  const store = useAnswer<Items<StoreFacts>>('store', {}, { everyMs: 60_000 })
  return (
    <>
      <PageHead title="Status" lead="What is read, what is stored, and what could not be had." />
      <div class="figures-room">
        <AnswerState answer={status} rows={4}>
          {(now) => <Figures now={now} store={store} />}
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
            <Versions now={now} store={store} />
          </>
        )}
      </AnswerState>
    </>
  )
}

function Figures({ now, store }: { readonly now: ServiceStatus; readonly store: Answer<Items<StoreFacts>> }) {
  const isStoring = now.store === 'storing'
  const facts = store.data?.items[0]
  const losses = Object.values(now.losses ?? {}).reduce((sum, count) => sum + count, 0)
  return (
    <div class="figures figures-status">
      <Figure
        title="Store"
        tone={isStoring ? 'good' : 'bad'}
        icon={isStoring ? 'check' : 'warning'}
        value={isStoring ? 'storing' : now.store}
      >
        {isStoring ? 'every batch is taken' : 'lines wait in the journal; nothing is lost'}
      </Figure>
      <Figure
        title="Last batch"
        value={now.last_batch_at === undefined ? 'none yet' : <Age iso={now.last_batch_at} />}
      >
        {counted(now.lines, 'line')} in {counted(now.batches, 'batch', 'batches')}
        {facts !== undefined && ' since the start'}
      </Figure>
      <Figure title="Waiting" value={bytesText(now.files?.lag_bytes ?? now.pending_bytes)}>
        {now.files === undefined
          ? 'in the journal'
          : `to be read; ${bytesText(now.pending_bytes)} in the journal`}
      </Figure>
      {now.files !== undefined && (
        <Figure title="Files" value={now.files.known.toLocaleString('en')}>
          {now.files.known === 0
            ? 'no log was found; dcvlens doctor says where logs are looked for'
            : `${counted(now.files.hot, 'file')} being written, ${now.files.backlog} not read to the end`}
        </Figure>
      )}
      {now.store_rows !== undefined && (
        <Figure title="Kept" value={now.store_rows.lines.toLocaleString('en')}>
          lines, {now.store_rows.events.toLocaleString('en')} events
          {now.store_size !== undefined && ` in ${bytesText(sumOf(now.store_size.tables))}`}
        </Figure>
      )}
      {now.disk !== undefined && <DiskFigure disk={now.disk} />}
      <PortalFigure portal={now.portal} />
      <Figure
        title="Lost or altered"
        tone={losses > 0 ? 'warn' : 'good'}
        icon={losses > 0 ? 'warning' : 'check'}
        value={losses.toLocaleString('en')}
      >
        {losses > 0
          ? Object.entries(now.losses ?? {})
              .map(([reason, count]) => `${count} × ${reasonTitle(reason)}`)
              .join(', ')
          : 'no entry in the ledger'}
      </Figure>
    </div>
  )
}

function sumOf(tables: readonly { readonly bytes: number }[]): number {
  return tables.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** With less free space, the next batches may not fit. */
const LITTLE_BYTES = 2e9
const LITTLE_SHARE = 0.05

function DiskFigure({ disk: { path, free_bytes, total_bytes } }: Required<Pick<ServiceStatus, 'disk'>>) {
  const isLow = free_bytes < LITTLE_BYTES || free_bytes < total_bytes * LITTLE_SHARE
  return (
    <Figure
      title="Free disk"
      tone={isLow ? 'warn' : 'plain'}
      {...(isLow ? { icon: 'warning' } : {})}
      value={bytesText(free_bytes)}
    >
      of {bytesText(total_bytes)} for{' '}
      <code>
        <Name of={path} />
      </code>
    </Figure>
  )
}

function NotRead({ now }: { readonly now: ServiceStatus }) {
  const { count, items = [] } = now.not_read
  if (count === 0) return null
  return (
    <Card title={`${counted(count, 'file')} cannot be read`} class="card-warn">
      <ul class="plain-list">
        {items.map(({ path, reason, detail }) => (
          <li key={path}>
            <code>
              <Name of={path} />
            </code>
            <span class="dim">
              {reason}
              {detail !== undefined && detail !== '' && `: ${detail}`}
            </span>
          </li>
        ))}
        {items.length < count && <li class="dim">and {counted(count - items.length, 'other')}</li>}
      </ul>
    </Card>
  )
}

/** Why rules about several events store nothing now. Nothing if they do. */
function HeldUp({ reasons }: { readonly reasons: readonly string[] }) {
  if (reasons.length === 0) return null
  return (
    <Card title="Rules about several events wait" class="card-warn">
      <ul class="plain-list">
        {reasons.map((reason) => (
          <li key={reason}>
            <Name of={reason} />
          </li>
        ))}
        <li class="dim">Where they hold is stored when this is over; `diagnose` tells it meanwhile.</li>
      </ul>
    </Card>
  )
}

/** How many desktops the databases of the portals name. */
function PortalFigure({ portal: { clusters, desktops, not_read } }: Pick<ServiceStatus, 'portal'>) {
  const isRead = not_read.length === 0
  return (
    <Figure
      title="Portal"
      tone={isRead ? 'plain' : 'warn'}
      {...(isRead ? {} : { icon: 'warning' })}
      value={clusters.length === 0 && isRead ? 'none' : desktops.toLocaleString('en')}
    >
      {clusters.length === 0
        ? 'no database of a portal is there; the logs alone count'
        : `desktops in the database of ${clusters.join(', ')}`}
    </Figure>
  )
}

function PortalNotRead({ portal: { not_read } }: Pick<ServiceStatus, 'portal'>) {
  if (not_read.length === 0) return null
  return (
    <Card title={`${counted(not_read.length, 'portal database')} not read`} class="card-warn">
      <ul class="plain-list">
        {not_read.map(({ reason }) => (
          <li key={reason}>
            <code>
              <Name of={reason} />
            </code>
          </li>
        ))}
        <li class="dim">
          Desktops that wrote no log are not found by it, and its word on the others is not known. Let this
          user read it; `dcvlens doctor` checks that.
        </li>
      </ul>
    </Card>
  )
}

function Versions({
  now,
  store,
}: {
  readonly now: ServiceStatus
  readonly store: Answer<Items<StoreFacts>>
}) {
  const facts = store.data?.items[0]
  const rows: readonly (readonly [string, unknown])[] = [
    ['dcvlens', now.version],
    ['Rules', now.rules === undefined ? undefined : `${now.rules.count} rules, set ${now.rules.version}`],
    ['Node', now.node],
    ['ClickHouse', facts?.version],
    ['Lines are kept', facts === undefined ? undefined : counted(facts.retention_days, 'day')],
    ['Started', now.started_at === undefined ? undefined : <FullTime iso={now.started_at} />],
  ]
  const known = rows.filter(([, value]) => value !== undefined)
  if (known.length === 0) return <Empty title="No versions known" icon="question" />
  return (
    <Card title="Versions">
      <dl class="facts">
        {known.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value as string}</dd>
          </>
        ))}
      </dl>
    </Card>
  )
}
