import type { Clock } from '../../clock.ts'
import type { Alerting } from './alerting-config.ts'
import type { Book } from './book.ts'
import { begun, due, type Outcome, settled, type Waiting } from './outbox.ts'
import { deliver } from './receivers/deliver.ts'
import type { Env } from './receivers/secret.ts'
import { withdrawn } from './withdrawn.ts'

export type CourierOptions = {
  readonly book: Book
  /** The delivery settings as of now. */
  readonly alerting: () => Alerting
  readonly env: Env
  readonly clock: Clock
  readonly signal: AbortSignal
  /** A number from 0 to 1 that spreads retries. */
  readonly random: () => number
  readonly onOutcome: (receiver: string, outcome: Outcome) => void
}

/**
 * Delivers the messages of the outbox: one at a time to each receiver, but to all receivers at once, so that one that hangs
 * does not delay the others.
 */
export class Courier {
  readonly #options: CourierOptions
  readonly #busy = new Map<string, Promise<void>>()

  constructor(options: CourierOptions) {
    this.#options = options
  }

  /** Starts the deliveries that are due. */
  poll(): void {
    const { book, clock, signal } = this.#options
    if (signal.aborted) return
    for (const queued of due(book.page.outbox, clock.nowMs())) {
      const { receiver } = queued.message
      if (this.#busy.has(receiver)) continue
      const carried = this.#carry(queued).finally(() => {
        this.#busy.delete(receiver)
        this.poll()
      })
      this.#busy.set(receiver, carried)
    }
  }

  /** Waits for deliveries in progress. */
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
    // A try that the stop interrupted says nothing about the receiver; it is repeated after the next start.
    if (signal.aborted && outcome.kind !== 'delivered') return
    onOutcome(message.receiver, outcome)
    const trying = { nowMs: clock.nowMs(), giveUpMs: alerting.give_up, jitter: random() }
    await book.change((page) => {
      const outbox = settled(page.outbox, message.id, outcome, trying)
      return { ...page, ...withdrawn(page.groups, page.outbox, outbox) }
    })
  }
}
