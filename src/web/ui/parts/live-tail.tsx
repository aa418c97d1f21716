import { useEffect, useRef, useState } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import { every } from '../clock.ts'
import { listenLive } from '../live.ts'
import type { Query } from '../url-state.ts'
import { counted } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { Icon } from './icon.tsx'
import { LogList } from './log-list.tsx'

/** The page keeps this many lines; older ones are removed. */
const KEPT = 5000
/** Lines are shown in groups, not one by one. */
const SHOW_MS = 250

/** Lines as they are stored, newest last; while paused, new ones are kept but not shown. */
export function LiveTail({
  query,
  onOpen,
  onClose,
}: {
  readonly query: Query
  onOpen(event: EventJson): void
  onClose(): void
}) {
  const [rows, setRows] = useState<readonly EventJson[]>([])
  const [isPaused, setPaused] = useState(false)
  const [isFollowing, setFollowing] = useState(true)
  const [waiting, setWaiting] = useState(0)
  const [skipped, setSkipped] = useState(0)
  const [state, setState] = useState<'open' | 'away' | 'connecting'>('connecting')
  const come = useRef<EventJson[]>([])
  const { session, source, severity, text, event } = query

  useEffect(() => {
    come.current = []
    setRows([])
    setSkipped(0)
    return listenLive(
      { session, source, severity, text },
      {
        line(line) {
          come.current.push(line)
          if (come.current.length > KEPT) come.current.shift()
        },
        gap: (count) => setSkipped((before) => before + count),
        state: setState,
      },
    )
  }, [session, source, severity, text])

  useEffect(
    () =>
      every(SHOW_MS, () => {
        setWaiting(come.current.length)
        if (isPaused || come.current.length === 0) return
        const lines = come.current.splice(0)
        setRows((before) => [...before, ...lines].slice(-KEPT))
      }),
    [isPaused],
  )

  const open = (row: number) => {
    const chosen = rows[row]
    if (chosen !== undefined) onOpen(chosen)
  }
  return (
    <>
      <div class="live-bar">
        <span class={`live-state tone-${state === 'open' && !isPaused ? 'good' : 'warn'}`} role="status">
          <span class="pulse-dot" aria-hidden="true" />
          {isPaused
            ? 'paused'
            : state === 'open'
              ? 'live'
              : state === 'connecting'
                ? 'connecting'
                : 'no connection, trying again'}
        </span>
        <button
          type="button"
          class="button button-small"
          aria-pressed={isPaused}
          onClick={() => setPaused(!isPaused)}
        >
          <Icon name={isPaused ? 'play' : 'pause'} size={13} />
          {isPaused ? `Go on${waiting > 0 ? ` (${waiting} waiting)` : ''}` : 'Pause'}
        </button>
        <label class="check">
          <input
            type="checkbox"
            checked={isFollowing}
            onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
          />
          stay at the end
        </label>
        <button type="button" class="button button-small" onClick={() => setRows([])}>
          Clear
        </button>
        <span class="dim filters-count">
          {counted(rows.length, 'line')}
          {skipped > 0 && `, ${counted(skipped, 'line')} left out: there were too many`}
        </span>
      </div>
      {rows.length === 0 ? (
        <Empty title="Nothing new yet" icon="hourglass">
          <p>Waiting for new lines.</p>
        </Empty>
      ) : (
        <LogList
          rows={rows}
          label="lines as they come"
          selected={rows.findIndex(({ event_id }) => event_id === event)}
          onSelect={open}
          onOpen={open}
          onClose={onClose}
          isFollowing={isFollowing}
          hit={text ?? ''}
          hasSessions
        />
      )}
    </>
  )
}
