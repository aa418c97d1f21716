import { useState } from 'preact/hooks'
import type { EventJson } from '../../../event-json.ts'
import type { Query } from '../url-state.ts'
import { type LiveState, useLive } from '../use-live.ts'
import { counted } from '../words.ts'
import { Empty } from './answer-state.tsx'
import { AskedLines } from './asked-lines.tsx'
import { Icon } from './icon.tsx'

const STATE_TITLES: Readonly<Record<LiveState, string>> = {
  open: 'live',
  connecting: 'connecting',
  away: 'no connection, trying again',
}

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
  const [isPaused, setPaused] = useState(false)
  const [isFollowing, setFollowing] = useState(true)
  const { session, host, source, severity, text } = query
  const live = useLive({ session, host, source, severity, text }, isPaused)
  const { rows } = live
  return (
    <>
      <LiveBar
        lines={live}
        isPaused={isPaused}
        onPause={setPaused}
        isFollowing={isFollowing}
        onFollow={setFollowing}
      />
      {rows.length === 0 ? (
        <Empty title="Nothing new yet" icon="hourglass">
          <p>Waiting for new lines.</p>
        </Empty>
      ) : (
        <AskedLines
          rows={rows}
          label="lines as they come"
          query={query}
          onOpen={onOpen}
          onClose={onClose}
          isFollowing={isFollowing}
        />
      )}
    </>
  )
}

/** Whether lines come, how many there are, and what to do with them. */
function LiveBar({
  lines: { rows, waiting, skipped, state, clear },
  isPaused,
  onPause,
  isFollowing,
  onFollow,
}: {
  readonly lines: ReturnType<typeof useLive>
  readonly isPaused: boolean
  onPause(isPaused: boolean): void
  readonly isFollowing: boolean
  onFollow(isFollowing: boolean): void
}) {
  return (
    <div class="live-bar">
      <span class={`live-state tone-${state === 'open' && !isPaused ? 'good' : 'warn'}`} role="status">
        <span class="pulse-dot" aria-hidden="true" />
        {isPaused ? 'paused' : STATE_TITLES[state]}
      </span>
      <button
        type="button"
        class="button button-small"
        aria-pressed={isPaused}
        onClick={() => onPause(!isPaused)}
      >
        <Icon name={isPaused ? 'play' : 'pause'} size={13} />
        {isPaused ? `Go on${waiting > 0 ? ` (${waiting} waiting)` : ''}` : 'Pause'}
      </button>
      <label class="check">
        <input
          type="checkbox"
          checked={isFollowing}
          onChange={({ currentTarget }) => onFollow(currentTarget.checked)}
        />
        stay at the end
      </label>
      <button type="button" class="button button-small" onClick={clear}>
        Clear
      </button>
      <span class="dim filters-count">
        {counted(rows.length, 'line')}
        {skipped > 0 && `, ${counted(skipped, 'line')} left out: there were too many`}
      </span>
    </div>
  )
}
