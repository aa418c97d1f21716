import type { Message } from './message.ts'

/** A message that waits for its receiver. */
export type Waiting = {
  readonly message: Message
  readonly tries: number
  /** The next try is not before this time, ms. */
  readonly nextMs: number
  /** Why the last try failed; '' before the first. */
  readonly reason: string
  /** The number of tries whose outcome is not known: the receiver may have the message already. Absent means none. */
  readonly unsure?: number
}

/** A message that was given up. */
type Dead = {
  readonly message: Message
  readonly at_ms: number
  readonly reason: string
  /** The message may have arrived nevertheless. */
  readonly unsure: boolean
}

/** All messages that are not yet delivered, oldest first, and the last of those that were given up. */
export type Outbox = {
  readonly waiting: readonly Waiting[]
  readonly dead: readonly Dead[]
  readonly delivered: number
  readonly given_up: number
}

export const EMPTY_OUTBOX: Outbox = { waiting: [], dead: [], delivered: 0, given_up: 0 }

/** The outcome of a try. */
export type Outcome =
  | { readonly kind: 'delivered' }
  | {
      readonly kind: 'failed'
      readonly reason: string
      readonly retryAfterMs?: number | undefined
      /** The message may have arrived nevertheless. */
      readonly unsure?: boolean
    }
  /** Trying again is useless. */
  | { readonly kind: 'refused'; readonly reason: string }

const FIRST_RETRY_MS = 5_000
const LAST_RETRY_MS = 600_000
const LONGEST_WISH_MS = 3_600_000
const DEAD_KEPT = 100
/** More waiting messages than this for one receiver would flood it when it answers again: the oldest are given up. */
const MOST_WAITING = 1000

/** Adds messages. `replacing`: a receiver that keeps alerts itself needs only the latest message about a group. */
export function enqueued(
  outbox: Outbox,
  messages: readonly Message[],
  replacing: ReadonlySet<string>,
): Outbox {
  let next = outbox
  for (const message of messages) {
    const older = replacing.has(message.receiver)
      ? next.waiting.filter((queued) => isSameGroup(queued.message, message))
      : []
    const waiting = next.waiting.filter((queued) => !older.includes(queued))
    next = {
      ...next,
      waiting: [...waiting, { message: merged(message, older), tries: 0, nextMs: 0, reason: '' }],
    }
  }
  return bounded(next)
}

/** Messages that may be sent now: the oldest of each group of each receiver, so that the messages of a group stay in order. */
export function due({ waiting }: Outbox, nowMs: number): Waiting[] {
  const firsts = waiting.filter(
    (queued, at) => waiting.findIndex((other) => isSameGroup(queued.message, other.message)) === at,
  )
  return firsts.filter(({ nextMs }) => nextMs <= nowMs)
}

/**
 * The outbox before a try. It must be on disk before the try begins, so that after a crash it is known that the message may
 * have arrived.
 */
export function begun(outbox: Outbox, id: string): Outbox {
  const waiting = outbox.waiting.map((queued) =>
    queued.message.id === id ? { ...queued, unsure: (queued.unsure ?? 0) + 1 } : queued,
  )
  return { ...outbox, waiting }
}

export type Trying = {
  readonly nowMs: number
  readonly giveUpMs: number
  /** From 0 to 1; spreads retries. */
  readonly jitter: number
}

/** The outbox after a try: the message is removed, waits (longer each time), or is given up. */
export function settled(outbox: Outbox, id: string, outcome: Outcome, trying: Trying): Outbox {
  const queued = outbox.waiting.find(({ message }) => message.id === id)
  if (queued === undefined) return outbox
  const rest = outbox.waiting.filter((other) => other !== queued)
  if (outcome.kind === 'delivered') return { ...outbox, waiting: rest, delivered: outbox.delivered + 1 }
  const isOver = trying.nowMs - queued.message.created_ms >= trying.giveUpMs
  // A try that certainly failed cannot have arrived.
  const isUnsure = outcome.kind === 'failed' && outcome.unsure === true
  const tried = { ...queued, unsure: Math.max(0, (queued.unsure ?? 0) - (isUnsure ? 0 : 1)) }
  if (outcome.kind === 'refused' || isOver)
    return given({ ...outbox, waiting: rest }, tried, outcome.reason, trying.nowMs)
  const again = {
    ...tried,
    tries: queued.tries + 1,
    nextMs: trying.nowMs + pauseMs(queued, outcome, trying),
    reason: outcome.reason,
  }
  return { ...outbox, waiting: outbox.waiting.map((other) => (other === queued ? again : other)) }
}

function pauseMs({ tries }: Waiting, outcome: Outcome, { jitter }: Trying): number {
  const wished = outcome.kind === 'failed' ? (outcome.retryAfterMs ?? 0) : 0
  const usual = Math.min(FIRST_RETRY_MS * 2 ** tries, LAST_RETRY_MS) * (0.5 + jitter / 2)
  return Math.max(Math.min(wished, LONGEST_WISH_MS), Math.round(usual))
}

function given(outbox: Outbox, { message, unsure = 0 }: Waiting, reason: string, nowMs: number): Outbox {
  const one = { message, at_ms: nowMs, reason, unsure: unsure > 0 }
  const dead = [...outbox.dead, one].slice(-DEAD_KEPT)
  return { ...outbox, dead, given_up: outbox.given_up + 1 }
}

/** Are both about the same group? */
export function isSameGroup(a: Message, b: Message): boolean {
  return a.receiver === b.receiver && a.key === b.key
}

/** The endings in older messages must not be lost when a newer message replaces them. */
function merged(message: Message, older: readonly Waiting[]): Message {
  const named = new Set(message.alerts.map(({ fingerprint }) => fingerprint))
  const ended = older
    .flatMap(({ message: { alerts } }) => alerts)
    .filter(({ status, fingerprint }) => status === 'resolved' && !named.has(fingerprint))
  const [oldest] = older
  if (oldest === undefined) return message
  const { before: _, ...rest } = message
  const { before } = oldest.message
  return { ...rest, ...(before === undefined ? {} : { before }), alerts: [...message.alerts, ...ended] }
}

function bounded(outbox: Outbox): Outbox {
  const counts = new Map<string, number>()
  for (const { message } of outbox.waiting)
    counts.set(message.receiver, (counts.get(message.receiver) ?? 0) + 1)
  let next = outbox
  for (const queued of outbox.waiting) {
    const count = counts.get(queued.message.receiver) ?? 0
    if (count <= MOST_WAITING) continue
    counts.set(queued.message.receiver, count - 1)
    const waiting = next.waiting.filter((other) => other !== queued)
    next = given(
      { ...next, waiting },
      queued,
      'too many notices wait for this receiver',
      queued.message.created_ms,
    )
  }
  return next
}
