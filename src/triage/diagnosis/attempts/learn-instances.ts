import type { EventJson } from '../../../event-json.ts'
import type { DraftIndex } from './draft-index.ts'
import { isUuid, tokensOf } from './tokens.ts'

const FOUND_INSTANCE = 'milestone-instance-found'

/**
 * Where a watcher writes that it has found the instance of a desktop, the instance and its address become words for the
 * desktop, or for its machine if that is known by its own logs.
 */
export function learnInstances(events: readonly EventJson[], index: DraftIndex): void {
  for (const event of events) {
    if (event.rule_id !== FOUND_INSTANCE) continue
    // A message may mention other addresses as well.
    const tokens = tokensOf(Object.values(event.captures ?? {}).join(' '))
    const found = index.withTokens(tokens.filter((token) => token.startsWith('i-') || isUuid(token)))
    const machines = found.filter(({ files }) => files.length > 0)
    const [only, ...others] = machines.length > 0 ? machines : found
    if (only === undefined || others.length > 0) continue
    for (const token of tokens) index.addToken(only, token)
  }
}
