import type { EventJson } from '../../../event-json.ts'
import type { Query } from '../url-state.ts'
import { LogList } from './log-list.tsx'

/** Lines of several desktops as a list, of which the one in the address is selected, and the text in it is highlighted. */
export function AskedLines({
  rows,
  label,
  query: { text = '', event },
  onOpen,
  onClose,
  isFollowing = false,
}: {
  readonly rows: readonly EventJson[]
  readonly label: string
  readonly query: Query
  onOpen(event: EventJson): void
  onClose(): void
  /** Stays at the end as lines arrive. */
  readonly isFollowing?: boolean
}) {
  const open = (row: number) => {
    const chosen = rows[row]
    if (chosen !== undefined) onOpen(chosen)
  }
  return (
    <LogList
      rows={rows}
      label={label}
      selected={rows.findIndex(({ event_id }) => event_id === event)}
      onSelect={open}
      onOpen={open}
      onClose={onClose}
      isFollowing={isFollowing}
      hit={text}
      hasSessions
    />
  )
}
