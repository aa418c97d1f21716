import { durationText } from '../../../duration.ts'
import { boundedLate, type SignatureDetails, selectDetails, selectUsual } from '../../../store/alert-query.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import { plural, selectOf, signatureObservation } from './signature-notes.ts'
import { lastOf, type Observation, type World } from './world.ts'

type Rate = AlertRuleOf<'rate'>

const WHAT = { events: 'event', sessions: 'desktop', hosts: 'host' } as const

/** Signatures with many events within a window, by number or by what is usual for them. */
export async function observeRate(rule: Rate, world: World): Promise<readonly Observation[]> {
  const found = await selectDetails(world.store, boundedLate(lastOf(world, rule.window)), selectOf(rule))
  const many = found.filter((details) => details[measured(rule)] >= rule.at_least)
  if (many.length === 0) return []
  const usual = rule.times_usual === undefined ? undefined : await usualOf(rule, many, world)
  return many.flatMap((details) => {
    const value = details[measured(rule)]
    const mean = usual?.get(details.signature)
    if (usual !== undefined && (mean === undefined || value < mean * (rule.times_usual ?? 1))) return []
    const than = mean === undefined ? '' : ` (usual: ${mean.toPrecision(2)})`
    const opening = `${plural(value, WHAT[rule.measure])} within ${durationText(rule.window)}${than}`
    return signatureObservation(details, opening, value, world)
  })
}

function measured({ measure }: Rate): 'count' | 'sessions' | 'hosts' {
  return measure === 'events' ? 'count' : measure
}

/** Mean number of events in such a window, of the signatures that had some before; none while too little is known. */
async function usualOf(
  rule: Rate,
  found: readonly SignatureDetails[],
  world: World,
): Promise<ReadonlyMap<string, number>> {
  const toMs = world.atMs - rule.window
  const fromMs = Math.max(toMs - rule.usual_over, world.memory.sinceMs ?? toMs)
  if (toMs - fromMs < 2 * rule.window) return new Map()
  const span = { fromMs, toMs, arrival: world.arrival }
  const signatures = found.map(({ signature }) => signature)
  const rows = await selectUsual(world.store, boundedLate(span), selectOf(rule), signatures)
  const windows = (toMs - fromMs) / rule.window
  return new Map(rows.map(({ signature, count }) => [signature, count / windows]))
}
