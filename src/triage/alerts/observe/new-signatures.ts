import { selectDetails } from '../../../store/alert-query.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import { isEnough, mayCount, type SignatureRule, selectOf, signatureObservation } from './signature-notes.ts'
import { lastOf, type Observation, type World } from './world.ts'

/** Signatures that nobody had seen before a short while ago, after the time of learning. */
export function observeNew(
  rule: AlertRuleOf<'new_signature'>,
  world: World,
): Promise<readonly Observation[]> {
  const { memory, atMs } = world
  const learnedMs = (memory.sinceMs ?? atMs) + rule.learning
  const ids = idsOf(rule, world, ({ first }) => first > atMs - rule.recent && first >= learnedMs)
  return observed(rule, ids, 'New failure', world)
}

/** Signatures that came back a short while ago, after they had been away. */
export function observeRegressed(
  rule: AlertRuleOf<'regressed_signature'>,
  world: World,
): Promise<readonly Observation[]> {
  const ids = idsOf(
    rule,
    world,
    ({ returned, away }) => (returned ?? 0) > world.atMs - rule.recent && (away ?? 0) >= rule.quiet,
  )
  return observed(rule, ids, 'A failure is back', world)
}

type Known = World['memory']['signatures'][string]

function idsOf(rule: SignatureRule, world: World, isSo: (known: Known) => boolean): string[] {
  return Object.entries(world.memory.signatures)
    .filter(([, known]) => isSo(known) && mayCount(rule, known))
    .map(([id]) => id)
}

async function observed(
  rule: AlertRuleOf<'new_signature' | 'regressed_signature'>,
  ids: readonly string[],
  opening: string,
  world: World,
): Promise<readonly Observation[]> {
  if (ids.length === 0) return []
  const found = await selectDetails(world.store, lastOf(world, rule.recent), selectOf(rule), ids)
  return found
    .filter((details) => isEnough(rule, details))
    .map((details) => signatureObservation(details, opening, details.count, world))
}
