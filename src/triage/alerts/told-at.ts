import { type Dispatch, type Groups, groupId, isStillGathered, repeatMsOf } from './groups.ts'
import type { Instance } from './instances.ts'
import { groupKey, groupLabels, type Route, routesFor } from './routes.ts'

/** What decides when the groups of an alert are looked at. */
export type Telling = Pick<Dispatch, 'receivers' | 'route' | 'gathering' | 'nowMs'> & {
  readonly groups: Groups
}

/**
 * The time until which a firing alert waits for a notice at most, ms: another alert of its group may end the wait sooner.
 * Undefined if a notice has told of it.
 */
export function toldAt(alert: Instance, telling: Telling): number | undefined {
  const waits = routesFor(telling.route, alert.labels).map((route) => waitOn(route, alert, telling))
  const open = waits.filter((wait) => wait !== undefined)
  return open.length < waits.length || open.length === 0 ? undefined : Math.min(...open)
}

function waitOn(route: Route, { rule, fingerprint, labels }: Instance, telling: Telling): number | undefined {
  const { groups, gathering, receivers, nowMs } = telling
  const { receiver, groupWaitMs, groupIntervalMs } = route
  const group = groups[groupId({ receiver, key: groupKey(route, groupLabels(route, labels)) })]
  if (group === undefined) return nowMs + groupWaitMs + (gathering.get(rule)?.waitMs ?? 0)
  const { told } = group
  if (told?.firing.includes(fingerprint) === true) return undefined
  let atMs = Math.max(group.nextMs, nowMs)
  if (told === undefined) return atMs
  const repeatMs = repeatMsOf(route, receivers)
  while (atMs - told.atMs < repeatMs && isStillGathered(rule, group, { route, nowMs: atMs, gathering })) {
    atMs += groupIntervalMs
  }
  return atMs
}
