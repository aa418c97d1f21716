import type { Clock } from '../../clock.ts'
import type { Store } from '../../store/client.ts'
import type { AlertRule } from './alert-rule.ts'
import type { Alerting } from './alerting-config.ts'
import type { Book } from './book.ts'
import { Courier } from './courier.ts'
import { type AlertDesk, alertDesk } from './desk.ts'
import type { Knowledge } from './evaluate.ts'
import { Evaluator } from './evaluator.ts'
import { gatheringOf } from './gathering.ts'
import { dispatch } from './groups.ts'
import { messageOf } from './message.ts'
import type { CollectorFacts } from './observe/world.ts'
import { enqueued, type Outcome } from './outbox.ts'
import type { Env } from './receivers/secret.ts'
import { routeTree } from './routes.ts'
import { withdrawn } from './withdrawn.ts'

/** The alert rules, and how alerts are delivered. */
export type AlertSetup = { readonly rules: readonly AlertRule[]; readonly alerting: Alerting }

export type AlertingOptions = {
  /**
   * Alerting needs its own connection, since a connection of the embedded engine runs one query at a time. Closed by `close`.
   */
  readonly store: Store
  readonly book: Book
  /** The rules and the delivery as of now; they may change. */
  readonly setup: () => AlertSetup
  readonly knowledge: () => Knowledge
  readonly collector: () => CollectorFacts
  readonly waitingSinceMs: () => number | undefined
  readonly clock: Clock
  readonly env: Env
  readonly random: () => number
  readonly onTrouble: (rule: string, error: unknown) => void
  readonly onOutcome: (receiver: string, outcome: Outcome) => void
}

export type RunningAlerts = { readonly desk: AlertDesk; close(): Promise<void> }

const TICK_MS = 1000
/** How long a stop waits for a running query. */
const STOP_MS = 5000

/**
 * Runs alerting beside the write path in three independent loops: one evaluates the logs, one evaluates the collector and
 * queues due notices, one delivers. So a store that hangs delays no notice, and a receiver that hangs delays no evaluation.
 * Failures do not end the service: they are reported to `onTrouble` and tried again.
 */
export function startAlerts(options: AlertingOptions): RunningAlerts {
  const { book, clock, setup, store } = options
  const stop = new AbortController()
  const { signal } = stop
  const evaluator = new Evaluator({
    ...options,
    rules: () => setup().rules,
    delayMs: () => setup().alerting.delay,
  })
  const courier = new Courier({ ...options, alerting: () => setup().alerting, signal })
  const again = async (turn: () => Promise<void>) => {
    while (!signal.aborted) {
      try {
        await turn()
      } catch (error) {
        options.onTrouble('', error)
      }
      await clock.sleep(TICK_MS, signal)
    }
  }
  const loops = [
    again(() => evaluator.lookAtLogs(clock.nowMs())),
    again(async () => {
      await evaluator.lookAtCollector(clock.nowMs())
      await tell(book, setup(), clock.nowMs())
      courier.poll()
    }),
  ]
  return {
    desk: alertDesk(book, clock, setup),
    async close() {
      stop.abort()
      await Promise.race([Promise.all([...loops, courier.close()]), clock.sleep(STOP_MS)])
      await book.close()
      await store.close()
    },
  }
}

/** Moves due notices into the outbox. That a group was notified, and the notice itself, are saved in one change. */
async function tell(book: Book, { alerting, rules }: AlertSetup, nowMs: number): Promise<void> {
  const route = routeTree(alerting)
  if (route === undefined) return
  const gathering = gatheringOf(rules)
  const replacing = new Set(
    alerting.receivers.filter(({ type }) => type === 'alertmanager').map(({ name }) => name),
  )
  await book.change((page) => {
    const { silences, instances } = page
    const context = { ...alerting, route, silences, gathering, nowMs }
    const { groups, notices } = dispatch(page.groups, instances, context)
    if (notices.length === 0 && JSON.stringify(groups) === JSON.stringify(page.groups)) return page
    const messages = notices.map((notice) => messageOf(notice, nowMs, alerting.base_url))
    const outbox = enqueued(page.outbox, messages, replacing)
    return { ...page, ...withdrawn(groups, page.outbox, outbox) }
  })
}
