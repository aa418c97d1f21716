import type { Clock } from '../../clock.ts'
import type { Store } from '../../store/client.ts'
import type { AlertRule } from './alert-rule.ts'
import type { Alerting } from './alerting-config.ts'
import type { Book } from './book.ts'
import { Courier } from './courier.ts'
import { type AlertDesk, alertDesk } from './desk.ts'
import type { Knowledge } from './evaluate.ts'
import { Evaluator } from './evaluator.ts'
import { dispatch } from './groups.ts'
import { messageOf } from './message.ts'
import type { CollectorFacts } from './observe/world.ts'
import { enqueued, type Outcome } from './outbox.ts'
import type { Env } from './receivers/secret.ts'
import { type Route, routeTree } from './routes.ts'

export type AlertingOptions = {
  /** Of its own: on the embedded engine a connection takes one query at a time. Closed by `close`. */
  readonly store: Store
  readonly book: Book
  readonly rules: readonly AlertRule[]
  readonly alerting: Alerting
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
/** A query that is under way at the stop is waited for no longer. */
const STOP_MS = 5000

/**
 * Runs alerting beside the write path: looks at the logs, looks at the collector and tells what is due, and delivers, each in
 * a loop of its own, so that a store that hangs delays no notice and a receiver that hangs delays no look. Nothing in here
 * ends the service; what goes wrong is told to `onTrouble` and tried again.
 */
export function startAlerts(options: AlertingOptions): RunningAlerts {
  const { book, clock, alerting, store } = options
  const stop = new AbortController()
  const { signal } = stop
  const evaluator = new Evaluator({ ...options, delayMs: alerting.delay })
  const courier = new Courier({ ...options, signal })
  const route = routeTree(alerting)
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
      if (route !== undefined) await tell(book, alerting, route, clock.nowMs())
      courier.poll()
    }),
  ]
  return {
    desk: alertDesk(book, clock),
    async close() {
      stop.abort()
      await Promise.race([Promise.all([...loops, courier.close()]), clock.sleep(STOP_MS)])
      await book.close()
      await store.close()
    },
  }
}

/** Puts what is to be told now into the outbox: that it was told and the notice itself are one change. */
export async function tell(book: Book, alerting: Alerting, route: Route, nowMs: number): Promise<void> {
  const replacing = new Set(
    alerting.receivers.filter(({ type }) => type === 'alertmanager').map(({ name }) => name),
  )
  await book.change((page) => {
    const { silences, instances } = page
    const { groups, notices } = dispatch(page.groups, instances, { ...alerting, route, silences, nowMs })
    if (notices.length === 0 && JSON.stringify(groups) === JSON.stringify(page.groups)) return page
    const messages = notices.map((notice) => messageOf(notice, nowMs, alerting.base_url))
    return { ...page, groups, outbox: enqueued(page.outbox, messages, replacing) }
  })
}
