import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Followers } from '../collect/followers.ts'
import { type Config, checkRoot, loadConfig } from '../config.ts'
import type { DataDir } from '../data-dir.ts'
import type { Log } from '../log.ts'
import { PROGRAM_FOLDER } from '../program-folder.ts'
import type { Store } from '../store/client.ts'
import type { AlertSetup } from '../triage/alerts/alerting.ts'
import type { AlertDesk } from '../triage/alerts/desk.ts'
import type { Probes } from '../triage/probe/prober.ts'
import { DiagnosisCache } from '../triage/sessions/diagnosis-cache.ts'
import type { Access } from '../web/gate.ts'
import { startServer } from '../web/server.ts'
import type { SetStatus } from '../web/service.ts'
import { loadAccess } from './access.ts'
import { loadAlertSetup, openServiceAlerts } from './alerting.ts'
import { programVersion } from './command.ts'
import type { Io } from './io.ts'
import { type Knowledge, loadKnowledge } from './knowledge.ts'
import { lineNumbering } from './line-numbers.ts'
import { liveAlerts } from './live-alerts.ts'
import { liveKnowledge } from './live-knowledge.ts'
import type { LiveSet } from './live-set.ts'
import { ownLog } from './own-log.ts'
import { scheduleProbes } from './probe-schedule.ts'
import { liveRuleHistory } from './rule-history.ts'
import type { ServeOptions } from './serve.ts'
import { addressesText, announce, listenAddress } from './service-address.ts'
import { type OnStop, stoppingInReverse } from './stop-in-reverse.ts'
import { startEventWatch, startFirstDiagnoses } from './unasked-work.ts'
import { openWatch } from './watching.ts'
import { openWritePath, type WritePath } from './write-path.ts'
import { WriteCounts } from './write-status.ts'

/** Where the build puts the page. */
const PAGE_FOLDER = join(PROGRAM_FOLDER, 'web')

/** Watches the configured locations until told to stop. */
export async function serveConfigured(options: ServeOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  await serve(config, options, io)
}

/** Watches with a configuration until told to stop. */
export async function serve(config: Config, options: ServeOptions, io: Io): Promise<void> {
  const log = ownLog(config, io)
  const access = loadAccess(config, io.env)
  const address = listenAddress(options, access)
  const { clock, signal } = io
  const knowledge = loadKnowledge(config)
  const setup = loadAlertSetup(config, knowledge, io.env)
  await stoppingInReverse(async (onStop) => {
    // Alert rules name signatures: a rule refused for an unknown one may become valid when the signatures change.
    const onChanged = () => alerts.changed()
    const live = liveKnowledge(knowledge, { config, clock, log, signal, onChanged })
    onStop(() => live.close())
    const alerts = liveAlerts(setup, { config, knowledge: live.now, io, log })
    onStop(() => alerts.close())
    const counts = new WriteCounts(clock.nowMs())
    const sets = () => setStatus(live, alerts)
    const serving = { config, io, log, address, access, counts, alerts: alerts.now, sets }
    await watchAndAnswer(live.now, serving, onStop)
  })
}

function setStatus(knowledge: LiveSet<Knowledge>, alerts: LiveSet<AlertSetup>): SetStatus {
  const { rules, alerting } = alerts.now()
  return {
    rules: { faults: knowledge.faults() },
    alerts: { rules: rules.length, receivers: alerting.receivers.length, faults: alerts.faults() },
  }
}

type Serving = {
  readonly config: Config
  readonly io: Io
  readonly log: Log
  readonly address: { readonly host: string; readonly port: number }
  readonly access: Access | undefined
  readonly counts: WriteCounts
  readonly alerts: () => AlertSetup
  readonly sets: () => SetStatus
}

/** Starts the service in order: write path, alerts, watch, probes, API, states of signatures; then watches. */
async function watchAndAnswer(now: () => Knowledge, serving: Serving, onStop: OnStop): Promise<void> {
  const { config, io, log, counts } = serving
  const path = await openPath(now, serving)
  onStop(() => path.close())
  const alerts = await openServiceAlerts(path, now, serving)
  onStop(() => alerts.close())
  const watch = await openWatch(path, now(), { config, io, log, notRead: counts.notRead })
  onStop(() => watch.close())
  const store = path.store.questions()
  const schedule = scheduleProbes({ config, now, store, io, log })
  onStop(() => schedule.stop())
  const { probes } = schedule
  const diagnosisCache = new DiagnosisCache(io.clock)
  const behind = { followers: watch.followers, store, probes, alerts: alerts.desk, diagnosisCache }
  const { server, token } = await openServer(path, now, serving, behind)
  onStop(() => server.close())
  const library = () => ({
    ...{ ...now(), generations: now().layouts.generations, probes, diagnosisCache },
    ...{ store: path.store, nowMs: io.clock.nowMs() },
  })
  const { followers } = watch
  onStop(startEventWatch(library, path, { followers, diagnosisCache, config, io, log }))
  onStop(startFirstDiagnoses({ ...library(), store }, log))
  announceService(path.dir, serving, { url: server.url, token })
  onStop(() => rmSync(path.dir.service, { force: true }))
  await watch.run()
}

function openPath(now: () => Knowledge, { config, io, log, counts }: Serving): Promise<WritePath> {
  return openWritePath({
    ...{ config, knowledge: now, clock: io.clock, log, signal: io.signal },
    giveUpMs: Number.POSITIVE_INFINITY,
    maxAgeMs: config.batchMs,
    onStored: (batch) => counts.stored(batch, io.clock.nowMs()),
  })
}

/** Records the address of the service for commands on this machine, and prints it for the operator. */
function announceService(
  dir: DataDir,
  { config, io, log, address }: Serving,
  { url, token }: { readonly url: string; readonly token: string | undefined },
): void {
  const logs = config.root === undefined ? {} : { root: resolve(config.root) }
  announce(dir, { ...{ url, pid: process.pid, ...logs }, ...(token === undefined ? {} : { token }) })
  io.err(
    `dcvlens answers on ${addressesText(url, address.host)} (open it in a browser); stop it with Ctrl-C\n`,
  )
  io.err(`Ask it from another terminal: npx dcvlens sessions --data ${dir.path}\n`)
  log.info({ root: config.root ?? '/', data: dir.path, url }, 'watching')
}

/** What the API reports on. */
type Behind = {
  readonly followers: Followers
  readonly store: Store
  readonly probes: Probes
  readonly alerts: AlertDesk
  readonly diagnosisCache: DiagnosisCache
}

/** Opens API and page. If access is restricted, commands on this machine get a token of their own. */
async function openServer(
  path: WritePath,
  now: () => Knowledge,
  serving: Serving,
  { followers, store, probes, alerts, diagnosisCache }: Behind,
) {
  const { config, io, log, address, access, counts, sets } = serving
  const token = access === undefined ? undefined : randomBytes(32).toString('hex')
  const server = await startServer({
    ...address,
    version: programVersion(),
    store,
    states: path.store,
    knowledge: () => {
      const { rules, phases, portal, asking, learnMs, layouts } = now()
      const { generations, formats, profiles } = layouts
      return { rules, phases, portal, probes, asking, learnMs, generations, formats, profiles }
    },
    status: () => counts.status(path, followers, io.clock.nowMs()),
    sets,
    numbered: lineNumbering(config),
    feed: counts.feed,
    alerts,
    diagnosisCache,
    history: liveRuleHistory(path, now, { store, probes, clock: io.clock }),
    clock: io.clock,
    log,
    access: access === undefined ? undefined : { ...access, tokens: [...access.tokens, token ?? ''] },
    publicHosts: config.publicHosts,
    pageFolder: PAGE_FOLDER,
  })
  return { server, token }
}
