import { useEffect, useRef } from 'preact/hooks'
import type { EventJson } from '../../event-json.ts'
import { nextFailure, previousFailure } from './failures.ts'

/**
 * Lets `n` and `p` go from failure to failure, `start` being the row from which they go. Keys may come faster than the page is
 * drawn.
 */
export function useFailureKeys(
  rows: readonly EventJson[],
  start: number,
  pick: (row: EventJson | undefined) => void,
): void {
  const now = useRef({ rows, at: start, pick })
  now.current = { rows, at: start, pick }
  useEffect(() => {
    const onKey = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      if (ctrlKey || metaKey || altKey || (key !== 'n' && key !== 'p')) return
      if (target instanceof Element && target.matches('input, select, textarea')) return
      const { rows: all, at } = now.current
      const found = key === 'n' ? nextFailure(all, at) : previousFailure(all, at)
      if (found === undefined) return
      now.current.at = all.indexOf(found)
      now.current.pick(found)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
