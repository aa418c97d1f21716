import type { Alerting } from './alerting-config.ts'
import { inhibitors } from './inhibition.ts'
import type { Instance, Instances } from './instances.ts'
import type { Labels } from './labels.ts'
import { mutedBy } from './muting.ts'
import { groupKey, groupLabels, type Route, routesFor } from './routes.ts'
import { type Silence, silencedBy } from './silence.ts'

/** What a group was told last: when, and which alerts, by fingerprint. */
export type Told = { readonly atMs: number; readonly firing: readonly string[] }

/** Alerts that are told together. */
type Group = {
  readonly key: string
  readonly receiver: string
  readonly labels: Labels
  /** When it is looked at next, ms. */
  readonly nextMs: number
  readonly told?: Told
}

export type Groups = Readonly<Record<string, Group>>

/** What is to be told of a group now. */
export type Notice = {
  readonly key: string
  readonly receiver: string
  readonly labels: Labels
  readonly firing: readonly Instance[]
  readonly resolved: readonly Instance[]
  readonly before?: Before
}

/** How a group stood before a notice, for when that arrives nowhere: what was told then, and when it is looked at next. */
export type Before = Pick<Group, 'nextMs' | 'told'>

/** By rule: how much longer than the group's the first wait is, and how long after a notice its alerts are gathered for the next, ms. */
export type Gathering = ReadonlyMap<string, { readonly waitMs: number; readonly gatherMs: number }>

export type Dispatch = Pick<Alerting, 'receivers' | 'inhibit_rules' | 'time_intervals'> & {
  readonly route: Route
  readonly silences: readonly Silence[]
  /** Of rules whose alerts are told together. */
  readonly gathering: Gathering
  /** The clock on the wall, ms. */
  readonly nowMs: number
}

type Looking = Dispatch & { readonly firing: readonly Labels[] }

/** Who keeps alerts by itself (another Alertmanager) forgets them when it does not hear of them for a while. */
const REMIND_MS = 300_000

/** Looks at the groups whose time has come, and says which notices they make; the same input always makes the same. */
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

/** Under which name a group of a receiver is kept. */
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

/** One look at a group: is there something to tell? */
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
  const repeatMs = receiver?.type === 'alertmanager' ? REMIND_MS : route.repeatIntervalMs
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
  // With nothing left that fires, the next alert begins a new group with a wait of its own.
  return firing.length === 0 ? notice : { ...notice, group: { ...group, told } }
}

type Look = {
  readonly firing: readonly Instance[]
  readonly resolved: readonly Instance[]
  readonly sendResolved: boolean
  readonly repeatMs: number
  readonly nowMs: number
  /** Is what became of an alert kept for a later notice? */
  readonly isGathered: (instance: Instance) => boolean
}

/** As Alertmanager decides: something new fires, all is over, something is over, or it is time to say it again. */
function needsTelling({ told }: Group, look: Look): boolean {
  const { firing, resolved, sendResolved, repeatMs, nowMs, isGathered } = look
  if (told === undefined) return firing.length > 0
  const fresh = firing.filter(({ fingerprint }) => !told.firing.includes(fingerprint))
  if (fresh.some((instance) => !isGathered(instance))) return true
  if (firing.length === 0) return told.firing.length > 0
  if (sendResolved && resolved.some((instance) => !isGathered(instance))) return true
  return nowMs - told.atMs >= repeatMs
}

/** What is found by the next look of its rule is told with what is there already. */
function longerWaitMs(members: readonly Instance[], gathering: Gathering): number {
  return Math.min(...members.map(({ rule }) => gathering.get(rule)?.waitMs ?? 0))
}

/** At the last look before that time is over it is told: by the one after, it may be over itself. */
function isStillGathered(
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
