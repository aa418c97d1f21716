import type { Alerting } from './alerting-config.ts'
import { inhibitors } from './inhibition.ts'
import type { Instance, Instances } from './instances.ts'
import type { Labels } from './labels.ts'
import { mutedBy } from './muting.ts'
import { groupKey, groupLabels, type Route, routesFor } from './routes.ts'
import { type Silence, silencedBy } from './silence.ts'

/** The last notice of a group: when it was sent, and which alerts fired in it, by fingerprint. */
export type LastNotice = { readonly atMs: number; readonly firing: readonly string[] }

/** Alerts that are reported together. */
type Group = {
  readonly key: string
  readonly receiver: string
  readonly labels: Labels
  /** When the group is looked at next, ms. */
  readonly nextMs: number
  readonly told?: LastNotice
}

export type Groups = Readonly<Record<string, Group>>

/** What a group has to report now. */
export type Notice = {
  readonly key: string
  readonly receiver: string
  readonly labels: Labels
  readonly firing: readonly Instance[]
  readonly resolved: readonly Instance[]
  readonly before?: Before
}

/** The state of a group before a notice, to go back to if the notice cannot be delivered. */
export type Before = Pick<Group, 'nextMs' | 'told'>

/**
 * By rule, in ms: how much longer the first wait is than that of the group, and for how long after a notice its alerts are
 * gathered for the next one.
 */
export type Gathering = ReadonlyMap<string, { readonly waitMs: number; readonly gatherMs: number }>

export type Dispatch = Pick<Alerting, 'receivers' | 'inhibit_rules' | 'time_intervals'> & {
  readonly route: Route
  readonly silences: readonly Silence[]
  /** For rules whose alerts are reported together. */
  readonly gathering: Gathering
  /** Wall clock, ms. */
  readonly nowMs: number
}

type Looking = Dispatch & { readonly firing: readonly Labels[] }

/** A receiver that keeps alerts itself (another Alertmanager) forgets those it has not heard of for a while. */
const REMIND_MS = 300_000

/** Checks the groups that are due and returns their notices. The same input always gives the same result. */
export function dispatch(
  groups: Groups,
  instances: Instances,
  context: Dispatch,
): { readonly groups: Groups; readonly notices: readonly Notice[] } {
  const { nowMs } = context
  const all = Object.values(instances)
  const firing = all.filter(({ state }) => state.kind === 'firing').map(({ labels }) => labels)
  const next: Record<string, Group> = {}
  const notices: Notice[] = []
  for (const [id, { route, labels, members }] of membersOf(instances, context.route)) {
    const key = groupKey(route, labels)
    const { receiver } = route
    const told = groups[id]?.told
    const isForgotten = told === undefined && members.every(({ state }) => state.kind !== 'firing')
    if (isForgotten) continue
    const waitMs = route.groupWaitMs + longerWaitMs(members, context.gathering)
    const group = groups[id] ?? { key, receiver, labels, nextMs: nowMs + waitMs }
    if (nowMs < group.nextMs) {
      next[id] = group
      continue
    }
    const looked = { ...group, nextMs: nowMs + route.groupIntervalMs }
    const { notice, group: after } = flush(looked, route, members, { ...context, firing })
    if (notice !== undefined) notices.push(notice)
    if (after !== undefined) next[id] = after
  }
  return { groups: next, notices }
}

/** The key under which a group of a receiver is kept. */
export function groupId({ receiver, key }: Pick<Group, 'receiver' | 'key'>): string {
  return `${receiver}|${key}`
}

type Members = { readonly route: Route; readonly labels: Labels; readonly members: Instance[] }

function membersOf(instances: Instances, tree: Route): Map<string, Members> {
  const groups = new Map<string, Members>()
  for (const instance of Object.values(instances)) {
    if (instance.state.kind !== 'firing' && instance.state.kind !== 'resolved') continue
    for (const route of routesFor(tree, instance.labels)) {
      const labels = groupLabels(route, instance.labels)
      const id = groupId({ receiver: route.receiver, key: groupKey(route, labels) })
      const group = groups.get(id) ?? { route, labels, members: [] }
      group.members.push(instance)
      groups.set(id, group)
    }
  }
  return groups
}

/** Checks one group: is there something to report? */
function flush(
  group: Group,
  route: Route,
  members: readonly Instance[],
  context: Looking,
): { readonly notice?: Notice; readonly group?: Group } {
  if (mutedBy(route, context).length > 0) return { group }
  const known = new Set(group.told?.firing)
  const audible = members.filter((instance) => isAudible(instance, context))
  const firing = audible.filter(({ state }) => state.kind === 'firing')
  const resolved = audible.filter(
    ({ state, fingerprint }) => state.kind === 'resolved' && known.has(fingerprint),
  )
  if (firing.length + resolved.length === 0) return { group }
  const receiver = context.receivers.find(({ name }) => name === route.receiver)
  const repeatMs = repeatMsOf(route, context.receivers)
  const sendResolved = receiver?.send_resolved !== false
  const { nowMs, gathering } = context
  const isGathered = ({ rule }: Instance) => isStillGathered(rule, group, { route, nowMs, gathering })
  if (!needsTelling(group, { firing, resolved, sendResolved, repeatMs, nowMs, isGathered })) return { group }
  const told = { atMs: context.nowMs, firing: firing.map(({ fingerprint }) => fingerprint) }
  const { key, labels, nextMs } = group
  const before = { nextMs, ...(group.told === undefined ? {} : { told: group.told }) }
  const shown = sendResolved ? resolved : []
  const notice =
    firing.length + shown.length === 0
      ? {}
      : { notice: { key, receiver: route.receiver, labels, firing, resolved: shown, before } }
  // If nothing fires any more, the next alert starts a new group with its own wait.
  return firing.length === 0 ? notice : { ...notice, group: { ...group, told } }
}

type Look = {
  readonly firing: readonly Instance[]
  readonly resolved: readonly Instance[]
  readonly sendResolved: boolean
  readonly repeatMs: number
  readonly nowMs: number
  /** Is the change of this alert kept for a later notice? */
  readonly isGathered: (instance: Instance) => boolean
}

/** Decides as Alertmanager does: something new fires, everything is over, something is over, or it is time to repeat. */
function needsTelling({ told }: Group, look: Look): boolean {
  const { firing, resolved, sendResolved, repeatMs, nowMs, isGathered } = look
  if (told === undefined) return firing.length > 0
  const fresh = firing.filter(({ fingerprint }) => !told.firing.includes(fingerprint))
  if (fresh.some((instance) => !isGathered(instance))) return true
  if (firing.length === 0) return told.firing.length > 0
  if (sendResolved && resolved.some((instance) => !isGathered(instance))) return true
  return nowMs - told.atMs >= repeatMs
}

/** The extra wait lets what the rule finds in its next evaluation join the same notice. */
function longerWaitMs(members: readonly Instance[], gathering: Gathering): number {
  return Math.min(...members.map(({ rule }) => gathering.get(rule)?.waitMs ?? 0))
}

/** After this time, ms, a group is told again although nothing changed. */
export function repeatMsOf(route: Route, receivers: Alerting['receivers']): number {
  const type = receivers.find(({ name }) => name === route.receiver)?.type
  return type === 'alertmanager' ? REMIND_MS : route.repeatIntervalMs
}

/** Alerts are still gathered unless the next check would come too late: by then one may be over. */
export function isStillGathered(
  rule: string,
  { told }: Group,
  { route, nowMs, gathering }: Pick<Dispatch, 'route' | 'nowMs' | 'gathering'>,
): boolean {
  const gatherMs = gathering.get(rule)?.gatherMs ?? 0
  return nowMs + route.groupIntervalMs <= (told?.atMs ?? 0) + gatherMs
}

function isAudible({ labels }: Instance, { silences, nowMs, firing, inhibit_rules }: Looking): boolean {
  return (
    silencedBy(silences, labels, nowMs).length === 0 && inhibitors(labels, firing, inhibit_rules).length === 0
  )
}
