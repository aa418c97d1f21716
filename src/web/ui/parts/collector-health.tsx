import type { ComponentChildren } from 'preact'
import { bytesText } from '../../../bytes-text.ts'
import type { Collector } from '../answers.ts'
import { counted } from '../words.ts'
import { Card } from './card.tsx'
import { Icon } from './icon.tsx'
import { Age } from './moment.tsx'

/** Does the service see and store everything? */
export function CollectorHealth({
  collector,
  portalNotRead,
}: {
  readonly collector: Collector
  /** The number of databases of portals that could not be read. */
  readonly portalNotRead: number
}) {
  const notRead = typeof collector.not_read === 'number' ? collector.not_read : collector.not_read.count
  const losses = Object.values(collector.losses ?? {}).reduce((sum, count) => sum + count, 0)
  const isStoring = collector.store === 'storing'
  return (
    <Card title="Collector" aside={<a href="/status">Status</a>}>
      <ul class="health">
        <Line isWell={isStoring}>
          {isStoring ? 'storing' : `store ${collector.store}, ${bytesText(collector.pending_bytes)} wait`}
          {collector.last_batch_at !== undefined && (
            <span class="dim">
              {' '}
              · last lines <Age iso={collector.last_batch_at} />
            </span>
          )}
        </Line>
        <Line isWell={notRead === 0}>
          {notRead === 0 ? 'every file can be read' : `${counted(notRead, 'file')} cannot be read`}
        </Line>
        {portalNotRead > 0 && (
          <Line isWell={false}>
            {counted(portalNotRead, 'portal database')} {portalNotRead === 1 ? 'was' : 'were'} not read:
            desktops without logs may be missing
          </Line>
        )}
        <Line isWell={losses === 0}>
          {losses === 0 ? 'nothing was lost' : `${counted(losses, 'loss', 'losses')} in the ledger`}
        </Line>
      </ul>
    </Card>
  )
}

function Line({ isWell, children }: { readonly isWell: boolean; readonly children: ComponentChildren }) {
  return (
    <li class={`tone-${isWell ? 'good' : 'warn'}`}>
      <Icon name={isWell ? 'check' : 'warning'} size={15} />
      <span>{children}</span>
    </li>
  )
}
