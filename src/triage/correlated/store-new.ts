import type { EventJson } from '../../event-json.ts'
import { Batch } from '../../store/batch.ts'
import { Copies } from '../../store/copies.ts'
import { LinesBlock } from '../../store/lines-block.ts'
import type { EventWriting } from '../rules/apply.ts'
import { storedEvent } from './stored-event.ts'
import { storedOnce } from './stored-once.ts'

/** Events that were handed over in this process: the store need not show them yet, or at every server. */
export type HandedOver = Set<string>

/**
 * Stores events that rules made of several others, unless they are stored already; returns those that were new. Waits until
 * they are stored. After a crash the journal stores them, before anything is asked here.
 */
export async function storeNew<Commit>(
  made: readonly EventJson[],
  writing: EventWriting<Commit>,
  { ruleSet, handedOver }: { readonly ruleSet: string; readonly handedOver: HandedOver },
): Promise<readonly EventJson[]> {
  const { journal, inserter, names, stored, clock } = writing
  const events = [...new Map(made.map((event) => [event.event_id, event])).values()]
  const known = await storedOnce(events, writing)
  // Later it may be removed and made again, by an older version of its rule.
  for (const event of known) handedOver.delete(keyOf(event))
  const added = events.filter((event) => !known.has(event) && !handedOver.has(keyOf(event)))
  if (added.length === 0) return []
  const nowMs = clock.nowMs()
  const batch = new Batch(journal, new LinesBlock(), {
    ...{ name: names.next(nowMs), nowMs, ruleSet, copies: new Copies() },
  })
  batch.appendCorrelated(added.map(storedEvent))
  const entry = await batch.seal()
  for (const event of added) handedOver.add(keyOf(event))
  await inserter.hand(entry)
  await stored()
  // Another service may have stored them meanwhile.
  await storedOnce(added, writing)
  return added
}

/**
 * Tells stored events apart. With the version of the rule: an event that a newer version makes may replace one that was
 * removed.
 */
function keyOf({ event_id, rule_version }: EventJson): string {
  return `${event_id}:${rule_version}`
}
