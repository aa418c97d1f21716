import type { EventJson } from '../../../event-json.ts'
import { beginOf, type Draft } from './draft.ts'
import type { DraftIndex } from './draft-index.ts'
import { LONGEST_LAUNCH_MS } from './found-machines.ts'
import { isUuid, tokensOf } from './tokens.ts'

/** A watcher has found the instance of a desktop; the ALB manager registers one in the target group named after its address. */
const PAIRING = new Set(['milestone-instance-found', 'milestone-alb-registering'])

/**
 * Where other machines write an instance together with its address, both become words for the desktop, or for its machine if
 * that is known by its own logs. `byName` gives the desktops that an event names, for a machine that nobody knows.
 */
export function learnInstances(
  events: readonly EventJson[],
  index: DraftIndex,
  byName: (event: EventJson) => readonly Draft[] = () => [],
): void {
  for (const event of events) {
    if (!PAIRING.has(event.rule_id ?? '')) continue
    // A message may mention other addresses as well.
    const tokens = tokensOf(Object.values(event.captures ?? {}).join(' '))
    const ids = index.withTokens(tokens.filter((token) => isInstance(token) || isUuid(token)))
    const known = ids.length > 0 ? ids : onAddress(tokens, event, index)
    const found = known.length > 0 || index.withTokens(tokens).length > 0 ? known : byName(event)
    const machines = found.filter(({ files }) => files.length > 0)
    const [only, ...others] = machines.length > 0 ? machines : found
    if (only === undefined || others.length > 0) continue
    for (const token of tokens) index.addToken(only, token)
  }
}

/** Desktops with this address, as far as they came up when the event was written: addresses are used again and again. */
function onAddress(tokens: readonly string[], { ts }: EventJson, index: DraftIndex): readonly Draft[] {
  const isThen = (draft: Draft) => Math.abs(beginOf(draft) - Date.parse(ts)) <= LONGEST_LAUNCH_MS
  const known = index.withTokens(tokens).filter((draft) => ![...draft.tokens].some(isInstance))
  return known.filter((draft) => draft.files.length > 0 && isThen(draft))
}

function isInstance(token: string): boolean {
  return token.startsWith('i-')
}
