import { dirname, join, resolve } from 'node:path'
import { type Config, ruleFolders } from '../config.ts'
import type { Log } from '../log.ts'
import type { AlertSetup } from '../triage/alerts/alerting.ts'
import { loadAlertSetup } from './alerting.ts'
import type { Io } from './io.ts'
import type { Knowledge } from './knowledge.ts'
import { type LiveSet, liveSet } from './live-set.ts'

export type LiveAlertsOptions = {
  readonly config: Config
  readonly knowledge: () => Knowledge
  readonly io: Pick<Io, 'clock' | 'env' | 'signal'>
  readonly log: Log
}

/** Alert rules, receivers and routes that are reloaded when their files change. */
export function liveAlerts(first: AlertSetup, options: LiveAlertsOptions): LiveSet<AlertSetup> {
  const { config, knowledge, io, log } = options
  const ofReceivers = config.alerting === undefined ? [] : [dirname(resolve(config.alerting))]
  return liveSet(first, {
    what: 'alert rules or receivers',
    folders: [...ruleFolders(config).map((folder) => join(folder, 'alerts')), ...ofReceivers],
    load: (before) => {
      const next = loadAlertSetup(config, knowledge(), io.env)
      return JSON.stringify(next) === JSON.stringify(before) ? before : next
    },
    onChanged: ({ rules, alerting }) =>
      log.info(
        { rules: rules.length, receivers: alerting.receivers.length },
        'alert rules or receivers changed',
      ),
    ...{ clock: io.clock, signal: io.signal, log },
  })
}
