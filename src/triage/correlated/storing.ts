import type { Clock } from '../../clock.ts'
import type { EventJson } from '../../event-json.ts'
import type { Log } from '../../log.ts'
import type { Library } from '../answers.ts'
import type { EventWriting } from '../rules/apply.ts'
import { type Pace, paceOf } from '../sessions/background.ts'
import type { DiagnosisCache } from '../sessions/diagnosis-cache.ts'
import { mayChange, RECENT_MS } from './late-logs.ts'
import { madeEvents } from './made-events.ts'
import { type HandedOver, storeNew } from './store-new.ts'

export type StoringOptions<Commit> = {
  /** The library as of now. */
  readonly library: () => Library
  readonly diagnosisCache: DiagnosisCache
  readonly writing: EventWriting<Commit>
  /**
   * Is everything read that was there? Until then what is missing may be in what is unread, and what seems to begin may have
   * begun before.
   */
  readonly isRead: () => boolean
  /** Is the file of this id read by this process? Others may be read by agents. */
  readonly isReadHere: (fileId: string) => boolean
  /** A line that was read may wait this long for more of its record, and for others to be stored with. */
  readonly arrivalMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: Log
}

/** Makes the function that stores what rules make of several events now, if all is read; it was stored before if it is not new. */
export function storingCorrelated<Commit>(options: StoringOptions<Commit>): () => Promise<void> {
  const handedOver: HandedOver = new Set()
  const pace = paceOf(options.clock, options.signal)
  return async () => {
    const { isRead, arrivalMs, writing, clock, signal } = options
    if (!isRead()) return
    await clock.sleep(arrivalMs, signal)
    await writing.stored()
    await look(options, pace, handedOver)
  }
}

async function look<Commit>(
  {
    library: libraryNow,
    diagnosisCache,
    writing,
    isRead,
    isReadHere,
    arrivalMs,
    log,
  }: StoringOptions<Commit>,
  pace: Pace,
  handedOver: HandedOver,
): Promise<void> {
  const library = libraryNow()
  const changes = await mayChange(library, isReadHere)
  // What would change an event that is younger may be on its way, here or at an agent.
  const dueMs = library.nowMs - Math.max(arrivalMs, RECENT_MS)
  const isDue = (event: EventJson) => Date.parse(event.ts) <= dueMs && !changes(event)
  for await (const made of madeEvents(library, diagnosisCache, pace)) {
    // The store was away, or much came at once, or rules changed: the rest is looked at in the next round.
    if (pace.isStopped() || !isRead() || libraryNow().rules !== library.rules) return
    const added = await storeNew(made.filter(isDue), writing, { ruleSet: library.rules.version, handedOver })
    for (const { rule_id, message, owner, session, host } of added)
      log.info({ rule: rule_id, owner, session, host, message }, 'several events together')
  }
}
