import type { Clock } from '../../clock.ts'
import type { Alerting } from './alerting-config.ts'
import type { Book } from './book.ts'
import { begun, due, type Outcome, settled, type Waiting } from './outbox.ts'
import { deliver } from './receivers/deliver.ts'
import type { Env } from './receivers/secret.ts'
import { withdrawn } from './withdrawn.ts'

export type CourierOptions = {
  readonly book: Book
  /** As of now. */
  readonly alerting: () => Alerting
  readonly env: Env
  readonly clock: Clock
  readonly signal: AbortSignal
  /** A number from 0 to 1, for the spread of tries. */
  readonly random: () => number
  readonly onOutcome: (receiver: string, outcome: Outcome) => void
}

/** Carries what waits in the outbox to its receivers: one message at a time to each, so that one that hangs holds up nobody else. */
export class Courier {
  readonly #options: CourierOptions
  readonly #busy = new Map<string, Promise<void>>()

  constructor(options: CourierOptions) {
    this.#options = options
  }

  /** Begins what can be tried now. */
  poll(): void {
    const { book, clock, signal } = this.#options
    if (signal.aborted) return
    for (const one of due(book.page.outbox, clock.nowMs())) {
      const { receiver } = one.message
      if (this.#busy.has(receiver)) continue
      const carried = this.#carry(one).finally(() => {
        this.#busy.delete(receiver)
        this.poll()
      })
      this.#busy.set(receiver, carried)
    }
  }

  /** Waits for the tries that are under way. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#busy.values())
  }

  async #carry({ message, unsure = 0 }: Waiting): Promise<void> {
    const { book, env, clock, signal, random, onOutcome } = this.#options
    const alerting = this.#options.alerting()
    const receiver = alerting.receivers.find(({ name }) => name === message.receiver)
    await book.change((page) => ({ ...page, outbox: begun(page.outbox, message.id) }))
    const outcome: Outcome =
      receiver === undefined
        ? { kind: 'refused', reason: 'no receiver of this name is configured any more' }
        : await deliver(message, receiver, { env, signal, mayRepeat: unsure > 0 })
    // What the stop broke off says nothing about the receiver; it is tried again after the next start.
    if (signal.aborted && outcome.kind !== 'delivered') return
    onOutcome(message.receiver, outcome)
    const trying = { nowMs: clock.nowMs(), giveUpMs: alerting.give_up, jitter: random() }
    await book.change((page) => {
      const outbox = settled(page.outbox, message.id, outcome, trying)
      return { ...page, ...withdrawn(page.groups, page.outbox, outbox) }
    })
  }
}
