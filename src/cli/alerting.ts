import type { Config } from '../config.ts'
import { ruleFolders } from '../config.ts'
import { errorText } from '../errors.ts'
import type { Log } from '../log.ts'
import { type AlertSetup, type RunningAlerts, startAlerts } from '../triage/alerts/alerting.ts'
import { loadAlerting } from '../triage/alerts/alerting-config.ts'
import { openBook } from '../triage/alerts/book.ts'
import { knownNames } from '../triage/alerts/known-names.ts'
import { loadAlertRules } from '../triage/alerts/load-alert-rules.ts'
import type { Io } from './io.ts'
import type { Knowledge } from './knowledge.ts'
import type { NotReadFiles } from './not-read-files.ts'
import { openStore } from './open-store.ts'
import type { WritePath } from './write-path.ts'

/** Loads the alert rules and the file of receivers; every fault is an error before any work starts. */
export function loadAlertSetup(
  config: Config,
  { rules, layouts }: Pick<Knowledge, 'rules' | 'layouts'>,
  env: Io['env'],
): AlertSetup {
  const known = knownNames(rules, layouts)
  return { rules: loadAlertRules(ruleFolders(config), known), alerting: loadAlerting(config.alerting, env) }
}

type Serving = {
  readonly config: Config
  readonly io: Io
  readonly log: Log
  readonly alerts: () => AlertSetup
  readonly counts: { readonly notRead: NotReadFiles }
}

/** Starts alerting beside a write path, with a store connection of its own. */
export async function openServiceAlerts(
  path: WritePath,
  now: () => Knowledge,
  { config, io, log, alerts, counts }: Serving,
): Promise<RunningAlerts> {
  const { inserter } = path.stages
  const onDamaged = (file: string) =>
    log.error({ file }, 'the state of alerts was damaged and is laid aside; alerts begin anew')
  return startAlerts({
    store: await openStore(config, path.dir),
    book: openBook(path.dir.alerts, onDamaged),
    setup: alerts,
    knowledge: () => ({ ...now(), generations: now().layouts.generations }),
    waitingSinceMs: () => inserter.waitingSinceMs,
    collector: () => {
      const { state, waitingSinceMs } = inserter
      const unread = counts.notRead.now()
      return {
        storeDownSinceMs: state.kind === 'retrying' ? state.since : undefined,
        waitingSinceMs,
        unreadable: { count: unread.length, example: unread[0]?.path ?? '' },
      }
    },
    clock: io.clock,
    env: io.env,
    random: Math.random,
    ...alertLog(log),
  })
}

/** Logs what becomes of alert rules and of notices. */
function alertLog(log: Log): Pick<Parameters<typeof startAlerts>[0], 'onTrouble' | 'onOutcome'> {
  const troubles = new Map<string, string>()
  return {
    onTrouble: (rule, error) => {
      const reason = errorText(error)
      // A fault that repeats every minute is logged once.
      if (troubles.get(rule) === reason) return
      troubles.set(rule, reason)
      log.warn({ rule, reason }, 'alerts could not be looked at; they are tried again')
    },
    onOutcome: (receiver, outcome) => {
      if (outcome.kind === 'delivered') log.info({ receiver }, 'a notice was delivered')
      else if (outcome.kind === 'failed') log.warn({ receiver, reason: outcome.reason }, 'a notice waits')
      else log.error({ receiver, reason: outcome.reason }, 'a notice was refused and is given up')
    },
  }
}
