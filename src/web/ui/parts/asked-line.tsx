import type { EventJson } from '../../../event-json.ts'
import { EventPanel } from './event-panel.tsx'
import { WrongAddress } from './wrong-address.tsx'

/** The line that the address names, in full; says so if there is none once all lines are read. */
export function AskedLine({
  event,
  isRead,
  isWhole,
  hit,
  onOpen,
  onClose,
}: {
  readonly event: EventJson | undefined
  readonly isRead: boolean
  readonly isWhole: boolean
  readonly hit: string
  onOpen(row: EventJson | undefined): void
  onClose(): void
}) {
  if (event !== undefined) return <EventPanel event={event} hit={hit} onOpen={onOpen} onClose={onClose} />
  if (!isRead) return null
  return (
    <WrongAddress
      text={
        isWhole
          ? 'The line of this address is not among the lines of this attempt; it may be of another one, or too old to be kept'
          : 'The line of this address is not among the events of this attempt'
      }
      remedy={isWhole ? 'Go on without it' : 'Look in every line'}
      change={isWhole ? { event: undefined } : { lines: undefined }}
    />
  )
}
