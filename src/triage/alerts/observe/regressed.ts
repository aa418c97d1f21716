import { MOST_DETAILS } from '../../../store/alert-query.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import type { KnownSignature } from '../memory.ts'
import { signatureDetails } from './details.ts'
import { signatureObservation } from './signature-notes.ts'
import { isEnough, mayCount, selectOf } from './signature-rule.ts'
import { type Decided, lastOf, type Observation, type World } from './world.ts'

type Regressed = AlertRuleOf<'regressed_signature'>

/** Signatures that came back recently, after an absence or although somebody had marked them as resolved. */
export async function observeRegressed(rule: Regressed, world: World): Promise<readonly Observation[]> {
  const states = await world.states()
  const againstWord = new Set<string>()
  const back = Object.entries(world.memory.signatures).filter(([id, known]) => {
    if (!mayCount(rule, known)) return false
    if (isAgainstWord(known, states.get(id), rule, world)) againstWord.add(id)
    return againstWord.has(id) || wasAway(known, rule, world)
  })
  if (back.length === 0) return []
  const ids = back.slice(0, MOST_DETAILS).map(([id]) => id)
  const found = await signatureDetails(world.store, lastOf(world, rule.recent), selectOf(rule), ids)
  return (
    found
      // A signature that was marked as resolved is reported from its first event on, wherever that is.
      .filter((details) => againstWord.has(details.signature) || isEnough(rule, details))
      .map((details) => signatureObservation(details, 'A failure is back', details.count, world))
  )
}

function wasAway({ returned = 0, away = 0 }: KnownSignature, { quiet, recent }: Regressed, { atMs }: World) {
  return returned > atMs - recent && away >= quiet
}

/** The regression is written down some minutes late; until then the signature is still stored as resolved. */
function isAgainstWord(
  { last }: KnownSignature,
  decided: Decided | undefined,
  { recent }: Regressed,
  { atMs, nowMs }: World,
): boolean {
  if (decided === undefined || decided.atMs > nowMs) return false
  if (decided.state === 'regressed') return decided.atMs > atMs - recent
  return decided.state === 'resolved' && last > decided.atMs && last > atMs - recent
}
