import { useEffect, useRef, useState } from 'preact/hooks'
import type { ServiceStatus } from '../answers.ts'
import { connection } from '../api.ts'
import { every, nowMs } from '../clock.ts'
import { pulseOf } from '../pulse.ts'
import { useShared } from '../shared-state.ts'
import { useAnswer } from '../use-answer.ts'
import { Age } from './moment.tsx'

/** A service that goes away is noticed within this time. */
const PULSE_MS = 4000
const TICK_MS = 1000

/** Is the service there, does it store, and do lines arrive? */
export function Pulse() {
  const { data, atMs } = useAnswer<ServiceStatus>('status', {}, { everyMs: PULSE_MS })
  const { kind } = useShared(connection)
  const silentMs = useSilence(atMs)
  const word = pulseOf({ isDown: kind === 'down', silentMs, status: data, nowMs: nowMs() })
  if (word === undefined) return <div class="pulse" />
  return (
    <a class={`pulse tone-${word.tone}`} href="/status">
      <span class="pulse-dot" aria-hidden="true" />
      <span>
        {word.text}
        {word.showsAge && data?.last_batch_at !== undefined && (
          <span class="pulse-age">
            last line <Age iso={data.last_batch_at} />
          </span>
        )}
      </span>
    </a>
  )
}

/** How long no answer has come. A hidden page asks nothing, so that time does not count. */
function useSilence(atMs: number | undefined): number {
  const [silentMs, setSilent] = useState(0)
  const at = useRef(0)
  useEffect(() => {
    setSilent(0)
    at.current = nowMs()
    return every(TICK_MS, () => {
      const now = nowMs()
      const passed = document.hidden ? 0 : Math.min(now - at.current, 2 * TICK_MS)
      at.current = now
      setSilent((before) => before + passed)
    })
  }, [atMs])
  return silentMs
}
