import { loadConfig, ruleFolders } from '../../config.ts'
import { dataDir, lockDataDir, runningService } from '../../data-dir.ts'
import { OpsError } from '../../errors.ts'
import { readAlerting } from '../../triage/alerts/alerting-config.ts'
import { openBook } from '../../triage/alerts/book.ts'
import {
  type AlertJson,
  alertDesk,
  type DeliveryJson,
  type DeskSetup,
  type SilenceJson,
} from '../../triage/alerts/desk.ts'
import { loadAlertRules } from '../../triage/alerts/load-alert-rules.ts'
import type { CommonOptions } from '../command.ts'
import type { Io } from '../io.ts'
import { askAlerts, noSilence } from './service-desk.ts'

/** Alerts and silences for commands, from the running service or from the data directory. */
export type Desk = {
  alerts(state: string | undefined): Promise<readonly AlertJson[]>
  silences(): Promise<readonly SilenceJson[]>
  silence(body: Readonly<Record<string, unknown>>): Promise<SilenceJson>
  endSilence(id: string): Promise<void>
  /** The state of delivery; undefined if the service does not report it. */
  delivery(): Promise<DeliveryJson | undefined>
}

/** Does some work with the desk of the service that holds the data directory, otherwise with the file in that directory. */
export async function withDesk<T>(
  options: CommonOptions,
  io: Io,
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const dir = dataDir(loadConfig(options.config, options).data)
  const service = runningService(dir)
  if (service !== undefined) return work(askAlerts(service, io.signal))
  const lock = lockDataDir(dir)
  try {
    const book = openBook(dir.alerts, (path) =>
      io.err(`The state of alerts was damaged; it was moved to ${path}\n`),
    )
    const desk = alertDesk(book, io.clock, () => setupOf(options, io))
    const done = await work({
      alerts: async (state) => desk.alerts(state),
      silences: async () => desk.silences(),
      delivery: async () => desk.delivery(),
      silence: (body) => desk.silence(body),
      endSilence: async (id) => {
        if ((await desk.endSilence(id)) === undefined) throw noSilence(id)
      },
    })
    await book.close()
    return done
  } finally {
    lock.release()
  }
}

/** The current configuration; undefined if its file has a fault, since alerts can be looked at without it. */
function setupOf(options: CommonOptions, io: Io): DeskSetup | undefined {
  const config = loadConfig(options.config, options)
  try {
    return { rules: loadAlertRules(ruleFolders(config)), alerting: readAlerting(config.alerting) }
  } catch (error) {
    if (!(error instanceof OpsError)) throw error
    io.err(`What is inhibited and muted is not known: ${error.message}\n`)
    return undefined
  }
}
