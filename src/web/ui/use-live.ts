import { useEffect, useRef, useState } from 'preact/hooks'
import type { EventJson } from '../../event-json.ts'
import { every } from './clock.ts'
import { listenLive } from './live.ts'

/** The page keeps this many lines; older ones are removed. */
const KEPT = 5000
/** Lines are shown in groups, not one by one. */
const SHOW_MS = 250

export type LiveState = 'open' | 'away' | 'connecting'

type Live = {
  /** Newest last. */
  readonly rows: readonly EventJson[]
  /** The number of lines that have come but are not shown yet. */
  readonly waiting: number
  /** The number of lines that were left out because there were too many. */
  readonly skipped: number
  readonly state: LiveState
  /** Removes the lines that are shown. */
  clear(): void
}

type Wanted = Readonly<Record<'session' | 'host' | 'source' | 'severity' | 'text', string | undefined>>

/** Lines as they are stored, from now on; while paused, new ones are kept but not shown. */
export function useLive({ session, host, source, severity, text }: Wanted, isPaused: boolean): Live {
  const [rows, setRows] = useState<readonly EventJson[]>([])
  const [waiting, setWaiting] = useState(0)
  const [skipped, setSkipped] = useState(0)
  const [state, setState] = useState<LiveState>('connecting')
  const come = useRef<EventJson[]>([])

  useEffect(() => {
    come.current = []
    setRows([])
    setSkipped(0)
    return listenLive(
      { session, host, source, severity, text },
      {
        line(line) {
          come.current.push(line)
          if (come.current.length > KEPT) come.current.shift()
        },
        gap: (count) => setSkipped((before) => before + count),
        state: setState,
      },
    )
  }, [session, host, source, severity, text])

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
  return { rows, waiting, skipped, state, clear: () => setRows([]) }
}
