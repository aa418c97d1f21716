import type { EventJson } from '../../../event-json.ts'
import { type Attempt, isTimed } from '../story.ts'
import type { World } from '../world.ts'
import type { RootCause } from './root-cause.ts'

/** The portal answers a desktop at once. */
const NEAR_MS = 60_000

/**
 * What a desktop was refused may have failed on the machines that serve all desktops, in a record that names no desktop: the
 * portal's database while a host asked the portal about a user. Such a record is the root cause if a rule names it as one
 * (`caused_by`) and it was written within a minute of what the desktop reports; or if it is what a mere report of a failure
 * contains.
 */
export function withSharedCause(cause: RootCause, { cluster, events }: Attempt, world: World): RootCause {
  const { root } = cause
  const rule = world.ruleById.get(root.event.rule_id ?? '')
  const isNamed = ({ rule_id = '' }: EventJson) => rule?.causedBy.includes(rule_id) === true
  const isWithin = (failure: EventJson) => rule?.reports === true && failure.event_id === root.event.event_id
  const reports = events.filter((event) => event.rule_id === root.event.rule_id && isTimed(event))
  const times = reports.map(({ ts }) => Date.parse(ts))
  const near = world.shared
    .portalFailures(cluster)
    .filter(
      (failure) =>
        (isNamed(failure) || isWithin(failure)) &&
        times.some((time) => Math.abs(Date.parse(failure.ts) - time) <= NEAR_MS) &&
        !isOwn(failure, events),
    )
  const event = near.find(({ rule_id = '' }) => world.ruleById.get(rule_id)?.reports !== true) ?? near[0]
  if (event === undefined) return cause
  return { root: { ...root, event }, consequences: [root, ...cause.consequences] }
}

function isOwn({ event_id, rule_id }: EventJson, events: readonly EventJson[]): boolean {
  return events.some((event) => event.event_id === event_id && event.rule_id === rule_id)
}
