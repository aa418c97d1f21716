import { connection } from '../api.ts'
import { nowMs } from '../clock.ts'
import { useShared } from '../shared-state.ts'
import { isoOf } from '../time-range.ts'
import { localText } from '../time-text.ts'
import { Icon } from './icon.tsx'

/** Says that the service is away, and since when; disappears when it is back. */
export function Banner() {
  const state = useShared(connection)
  return (
    <div role="status">
      {state.kind === 'down' && (
        <p class="banner">
          <Icon name="warning" />
          <span>
            <strong>The service does not answer</strong> since {localText(isoOf(state.sinceMs), nowMs())}.
            What you see is from before; the page goes on by itself when the service is back.
          </span>
        </p>
      )}
    </div>
  )
}
