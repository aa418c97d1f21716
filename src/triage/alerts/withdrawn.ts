import { type Groups, groupId, type LastNotice } from './groups.ts'
import type { Message } from './message.ts'
import { isSameGroup, type Outbox, type Waiting } from './outbox.ts'

/** The last notices of groups, and the messages that wait. */
type Telling = { readonly groups: Groups; readonly outbox: Outbox }

/**
 * Takes back the messages of `before` that were given up: their groups return to the state before them, so that the next
 * group interval reports again what still fires, and nobody gets the end of an alert they never heard of.
 */
export function withdrawn(groups: Groups, before: Outbox, after: Outbox): Telling {
  const count = after.given_up - before.given_up
  const lost = count > 0 ? after.dead.slice(-count) : []
  return lost.reduce<Telling>(
    (telling, { message, unsure }) => withoutOne(telling, message, heardOf(message, unsure)),
    { groups, outbox: after },
  )
}

/** What the receiver knows without the lost message. If the message may have arrived, it counts as known, and is sent again. */
function heardOf({ before, alerts }: Message, unsure: boolean): LastNotice | undefined {
  if (!unsure) return before?.told
  const firing = alerts.filter(({ status }) => status === 'firing').map(({ fingerprint }) => fingerprint)
  return { atMs: 0, firing: [...new Set([...(before?.told?.firing ?? []), ...firing])] }
}

function withoutOne({ groups, outbox }: Telling, message: Message, heard: LastNotice | undefined): Telling {
  if (message.before === undefined) return { groups, outbox }
  const waiting = rebased(outbox.waiting, message, heard)
  const next = { ...outbox, waiting }
  if (waiting.some((queued) => isSameGroup(queued.message, message))) return { groups, outbox: next }
  const id = groupId(message)
  const { key, receiver, labels } = message
  const { told: _, ...group } = groups[id] ?? { key, receiver, labels, nextMs: message.before.nextMs }
  if (heard !== undefined) return { groups: { ...groups, [id]: { ...group, told: heard } }, outbox: next }
  return { groups: groups[id] === undefined ? groups : { ...groups, [id]: group }, outbox: next }
}

/** Adapts the group's next message to what the receiver knows. A message that would only end unreported alerts is dropped. */
function rebased(
  waiting: readonly Waiting[],
  lost: Message,
  heard: LastNotice | undefined,
): readonly Waiting[] {
  let isDone = false
  return waiting.flatMap((queued) => {
    const { message } = queued
    if (isDone || message.before === undefined || !isSameGroup(message, lost)) return [queued]
    const alerts = message.alerts.filter(
      ({ status, fingerprint }) => status === 'firing' || heard?.firing.includes(fingerprint) === true,
    )
    if (alerts.length === 0) return []
    isDone = true
    const { nextMs } = message.before
    const before = heard === undefined ? { nextMs } : { nextMs, told: heard }
    return [{ ...queued, message: { ...message, alerts, before } }]
  })
}
