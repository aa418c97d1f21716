import { type Groups, groupId, type Told } from './groups.ts'
import type { Message } from './message.ts'
import { isSameGroup, type Outbox, type Waiting } from './outbox.ts'

/** Who was told what, and what waits to be told. */
type Telling = { readonly groups: Groups; readonly outbox: Outbox }

/**
 * What has to be told once more since messages of `before` were given up: their groups stand as they stood before them, so
 * that the next group interval tells again what still fires, and nobody hears the end of what he was not told.
 */
export function withdrawn(groups: Groups, before: Outbox, after: Outbox): Telling {
  const count = after.given_up - before.given_up
  const lost = count > 0 ? after.dead.slice(-count) : []
  return lost.reduce<Telling>(
    (telling, { message, unsure }) => withoutOne(telling, message, heardOf(message, unsure)),
    { groups, outbox: after },
  )
}

/** What the receiver knows without the message. Of one that may have arrived he may know all, and is told it again. */
function heardOf({ before, alerts }: Message, unsure: boolean): Told | undefined {
  if (!unsure) return before?.told
  const firing = alerts.filter(({ status }) => status === 'firing').map(({ fingerprint }) => fingerprint)
  return { atMs: 0, firing: [...new Set([...(before?.told?.firing ?? []), ...firing])] }
}

function withoutOne({ groups, outbox }: Telling, message: Message, heard: Told | undefined): Telling {
  if (message.before === undefined) return { groups, outbox }
  const waiting = rebased(outbox.waiting, message, heard)
  const next = { ...outbox, waiting }
  if (waiting.some((one) => isSameGroup(one.message, message))) return { groups, outbox: next }
  const id = groupId(message)
  const { key, receiver, labels } = message
  const { told: _, ...group } = groups[id] ?? { key, receiver, labels, nextMs: message.before.nextMs }
  if (heard !== undefined) return { groups: { ...groups, [id]: { ...group, told: heard } }, outbox: next }
  return { groups: groups[id] === undefined ? groups : { ...groups, [id]: group }, outbox: next }
}

/** The next message of the group follows what was heard; one that would only end what was not told is not sent. */
function rebased(waiting: readonly Waiting[], lost: Message, heard: Told | undefined): readonly Waiting[] {
  let isDone = false
  return waiting.flatMap((one) => {
    const { message } = one
    if (isDone || message.before === undefined || !isSameGroup(message, lost)) return [one]
    const alerts = message.alerts.filter(
      ({ status, fingerprint }) => status === 'firing' || heard?.firing.includes(fingerprint) === true,
    )
    if (alerts.length === 0) return []
    isDone = true
    const { nextMs } = message.before
    const before = heard === undefined ? { nextMs } : { nextMs, told: heard }
    return [{ ...one, message: { ...message, alerts, before } }]
  })
}
