import { join } from 'node:path'
import { loadKnowledge } from '../../src/cli/knowledge.ts'
import { tryRules } from '../../src/cli/rule-history.ts'
import { systemClock } from '../../src/clock.ts'
import { loadConfig } from '../../src/config.ts'
import type { EventJson } from '../../src/event-json.ts'
import { createLog } from '../../src/log.ts'
import type { Store } from '../../src/store/client.ts'
import type { Book, Page } from '../../src/triage/alerts/book.ts'
import { alertDesk } from '../../src/triage/alerts/desk.ts'
import { EMPTY_OUTBOX } from '../../src/triage/alerts/outbox.ts'
import { LiveFeed } from '../../src/web/live-feed.ts'
import { type ServerOptions, startServer, type WebServer } from '../../src/web/server.ts'
import type { RuleHistory, WriteStatus } from '../../src/web/service.ts'

const STATUS: WriteStatus = {
  ...{ started_at: '2026-02-10T09:00:00.000Z', lines: 7, batches: 2, pending_bytes: 0 },
  store: 'storing',
  files: {
    ...{ known: 3, hot: 2, backlog: 1, lag_bytes: 40, lag_seconds: 12 },
    behind: [{ path: '/var/log/dcv/server.log', bytes: 40, seconds: 12 }],
  },
  disk: { path: '/data', free_bytes: 5e10, total_bytes: 1e11 },
  held_up: [],
  not_read: { count: 0, items: [] },
}

let shipped: ReturnType<typeof loadKnowledge> | undefined

/** What the routes work with, on a store and with the shipped rules. */
export function serviceOn(store: Store) {
  shipped ??= loadKnowledge(loadConfig(undefined, { root: join(import.meta.dirname, 'no-root') }))
  const known = shipped
  const { rules, phases, portal, asking, layouts } = known
  const { generations, formats, profiles } = layouts
  const knowledge = {
    rules,
    phases,
    portal,
    probes: new Map(),
    asking,
    generations,
    formats,
    profiles,
    learnMs: 86_400_000,
  }
  return {
    ...{
      version: '0.0.0',
      store,
      states: store,
      knowledge: () => knowledge,
      status: () => STATUS,
      sets: () => ({ rules: { faults: [] }, alerts: { rules: 0, receivers: 0, faults: [] } }),
      feed: new LiveFeed(),
      numbered: (events: readonly EventJson[]) => [...events],
      alerts: alertDesk(emptyBook(), systemClock),
      history: historyOn(store, known),
    },
    ...{ clock: systemClock, log: createLog('silent') },
  }
}

/** The real server in this process, on a free port of this machine; who starts it must close it. */
export async function startApi(
  options: Partial<ServerOptions> & Pick<ServerOptions, 'store'>,
): Promise<WebServer> {
  return startServer({
    ...serviceOn(options.store),
    ...{ host: '127.0.0.1', port: 0, access: undefined, publicHosts: [] },
    pageFolder: join(import.meta.dirname, 'no-page'),
    ...options,
  })
}

/** Rules on stored lines, where nothing writes. */
function historyOn(store: Store, knowledge: ReturnType<typeof loadKnowledge>): RuleHistory {
  const asked = { store, probes: new Map(), clock: systemClock }
  return {
    backtest: (drafts, since, signal) => tryRules(drafts, { since, signal }, knowledge, asked),
    async *apply() {},
  }
}

/** A book that is kept for as long as the test runs. */
function emptyBook(): Book {
  let page: Page = { instances: {}, groups: {}, outbox: EMPTY_OUTBOX, silences: [] }
  return {
    get page() {
      return page
    },
    change: async (turn) => {
      page = turn(page)
      return page
    },
    close: async () => {},
  }
}
