import type { EventJson } from '../../event-json.ts'
import { addressOf, type Params } from './api.ts'

/** Callbacks for the live feed. */
export type LiveTell = {
  line(event: EventJson): void
  /** This many lines were left out because the reader was too slow. */
  gap(skipped: number): void
  state(state: 'open' | 'away'): void
}

/** Listens to lines as they are stored; the browser reconnects by itself. The returned function ends it. */
export function listenLive(params: Params, tell: LiveTell): () => void {
  const source = new EventSource(addressOf('live', params))
  source.addEventListener('open', () => tell.state('open'))
  source.addEventListener('error', () => tell.state('away'))
  source.addEventListener('line', ({ data }) => {
    const event = parsed<EventJson>(data)
    if (event !== undefined) tell.line(event)
  })
  source.addEventListener('gap', ({ data }) => tell.gap(parsed<{ skipped?: number }>(data)?.skipped ?? 0))
  return () => source.close()
}

function parsed<T>(data: unknown): T | undefined {
  try {
    return JSON.parse(String(data)) as T
  } catch {
    return undefined
  }
}
