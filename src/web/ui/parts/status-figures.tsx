import { bytesText } from '../../../bytes-text.ts'
import type { ServiceStatus } from '../answers.ts'
import { reasonTitle } from '../loss-text.ts'
import { counted } from '../words.ts'
import { Figure } from './figure.tsx'
import { Age } from './moment.tsx'
import { Name } from './name.tsx'

type Known<Key extends keyof ServiceStatus> = Required<Pick<ServiceStatus, Key>>

/** The numbers by which one sees whether the service does its work. */
export function StatusFigures({ now }: { readonly now: ServiceStatus }) {
  return (
    <div class="figures figures-status">
      <StoreFigure store={now.store} />
      <Figure
        title="Last batch"
        value={now.last_batch_at === undefined ? 'none yet' : <Age iso={now.last_batch_at} />}
      >
        {counted(now.lines, 'line')} in {counted(now.batches, 'batch', 'batches')} since the start
      </Figure>
      <WaitingFigure now={now} />
      {now.files !== undefined && <FilesFigure files={now.files} />}
      {now.store_rows !== undefined && <KeptFigure rows={now.store_rows} size={now.store_size} />}
      {now.disk !== undefined && <DiskFigure disk={now.disk} />}
      <PortalFigure portal={now.portal} />
      <LossFigure losses={now.losses ?? {}} />
    </div>
  )
}

function StoreFigure({ store }: Known<'store'>) {
  const isStoring = store === 'storing'
  return (
    <Figure
      title="Store"
      tone={isStoring ? 'good' : 'bad'}
      icon={isStoring ? 'check' : 'warning'}
      value={store}
    >
      {isStoring ? 'every batch is taken' : 'lines wait in the journal; nothing is lost'}
    </Figure>
  )
}

function WaitingFigure({ now: { files, pending_bytes } }: { readonly now: ServiceStatus }) {
  return (
    <Figure title="Waiting" value={bytesText(files?.lag_bytes ?? pending_bytes)}>
      {files === undefined ? 'in the journal' : `to be read; ${bytesText(pending_bytes)} in the journal`}
    </Figure>
  )
}

function FilesFigure({ files: { known, hot, backlog } }: Known<'files'>) {
  return (
    <Figure title="Files" value={known.toLocaleString('en')}>
      {known === 0
        ? 'no log was found; dcvlens doctor says where logs are looked for'
        : `${counted(hot, 'file')} being written, ${backlog} not read to the end`}
    </Figure>
  )
}

function KeptFigure({
  rows,
  size,
}: {
  readonly rows: NonNullable<ServiceStatus['store_rows']>
  readonly size: ServiceStatus['store_size']
}) {
  const bytes = size?.tables.reduce((sum, table) => sum + table.bytes, 0)
  return (
    <Figure title="Kept" value={rows.lines.toLocaleString('en')}>
      lines, {rows.events.toLocaleString('en')} events
      {bytes !== undefined && ` in ${bytesText(bytes)}`}
    </Figure>
  )
}

/** With less free space, the next batches may not fit. */
const LITTLE_BYTES = 2e9
const LITTLE_SHARE = 0.05

function DiskFigure({ disk: { path, free_bytes, total_bytes } }: Known<'disk'>) {
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

/** How many desktops the databases of the portals name. */
function PortalFigure({ portal: { clusters, desktops, not_read } }: Known<'portal'>) {
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

function LossFigure({ losses }: { readonly losses: Readonly<Record<string, number>> }) {
  const total = Object.values(losses).reduce((sum, count) => sum + count, 0)
  return (
    <Figure
      title="Lost or altered"
      tone={total > 0 ? 'warn' : 'good'}
      icon={total > 0 ? 'warning' : 'check'}
      value={total.toLocaleString('en')}
    >
      {total > 0
        ? Object.entries(losses)
            .map(([reason, count]) => `${count} × ${reasonTitle(reason)}`)
            .join(', ')
        : 'no entry in the ledger'}
    </Figure>
  )
}
