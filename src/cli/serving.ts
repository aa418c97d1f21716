import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Followers } from '../collect/followers.ts'
import { type Config, checkRoot, loadConfig } from '../config.ts'
import { errorText } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/client.ts'
import type { AlertSetup } from '../triage/alerts/alerting.ts'
import type { AlertDesk } from '../triage/alerts/desk.ts'
import type { Library } from '../triage/answers.ts'
import { watchSignatures } from '../triage/novelty/watch.ts'
import { askOverview, OVERVIEW } from '../triage/overview.ts'
import type { Probes } from '../triage/prober.ts'
import { Standings } from '../triage/standings.ts'
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
import type { ServeOptions } from './serve.ts'
import { addressesText, announce, listenAddress } from './service-address.ts'
import { openWatch } from './watching.ts'
import { openWritePath, type WritePath } from './write-path.ts'
import { WriteCounts } from './write-status.ts'

/** Where the build puts the page. */
const PAGE_FOLDER = join(import.meta.dirname, '..', 'web')

/** Watches what the configuration names. */
export async function serveConfigured(options: ServeOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  await serve(config, options, io)
}

/** Watches by a configuration until told to stop. */
export async function serve(config: Config, options: ServeOptions, io: Io): Promise<void> {
  const log = ownLog(config, io)
  const access = loadAccess(config, io.env)
  const address = listenAddress(options, access)
  const { clock, signal } = io
  const knowledge = loadKnowledge(config)
  const setup = loadAlertSetup(config, knowledge, io.env)
  // Alert rules name signatures: what was refused for one that was not there is right when it is.
  const onChanged = () => alerts.changed()
  const live = liveKnowledge(knowledge, { config, clock, log, signal, onChanged })
  const alerts = liveAlerts(setup, { config, knowledge: live.now, io, log })
  const counts = new WriteCounts(clock.nowMs())
  try {
    const sets = () => setStatus(live, alerts)
    await serveWith(live.now, { config, io, log, address, access, counts, alerts: alerts.now, sets })
  } finally {
    await alerts.close()
    await live.close()
  }
}

function setStatus(knowledge: LiveSet<Knowledge>, alerts: LiveSet<AlertSetup>): SetStatus {
  const { rules, alerting } = alerts.now()
  return {
    rules: { faults: knowledge.faults() },
    alerts: { rules: rules.length, receivers: alerting.receivers.length, faults: alerts.faults() },
  }
}

async function serveWith(now: () => Knowledge, serving: Serving): Promise<void> {
  const { config, io, log, counts } = serving
  const path = await openWritePath({
    config,
    knowledge: now,
    clock: io.clock,
    log,
    signal: io.signal,
    giveUpMs: Number.POSITIVE_INFINITY,
    maxAgeMs: config.batchMs,
    onStored: (batch) => counts.stored(batch, io.clock.nowMs()),
  })
  try {
    const alerts = await openServiceAlerts(path, now, serving)
    try {
      await serveOn(path, now, serving, alerts.desk)
    } finally {
      await alerts.close()
    }
  } finally {
    await path.close()
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

async function serveOn(
  path: WritePath,
  now: () => Knowledge,
  serving: Serving,
  alerts: AlertDesk,
): Promise<void> {
  const { config, io, log, counts } = serving
  const watch = await openWatch(path, now(), { config, io, log, notRead: counts.notRead })
  const { followers } = watch
  const store = path.store.questions()
  const schedule = scheduleProbes({ config, now, store, io, log })
  const { probes } = schedule
  const standings = new Standings()
  const { server, token } = await openServer(path, now, serving, {
    followers,
    store,
    probes,
    alerts,
    standings,
  })
  const stop = new AbortController()
  const library = () => ({
    ...{ ...now(), generations: now().layouts.generations, probes },
    ...{ store: path.store, nowMs: io.clock.nowMs(), standings },
  })
  const novelty = watchSignatures({
    library,
    ...{ clock: io.clock, log, signal: AbortSignal.any([io.signal, stop.signal]) },
  })
  const warmed = warm({ ...library(), store }, log)
  try {
    const logs = config.root === undefined ? {} : { root: resolve(config.root) }
    announce(path.dir, {
      ...{ url: server.url, pid: process.pid, ...logs },
      ...(token === undefined ? {} : { token }),
    })
    io.err(
      `dcvlens answers on ${addressesText(server.url, serving.address.host)} (open it in a browser); stop it with Ctrl-C\n`,
    )
    io.err(`Ask it from another terminal: npx dcvlens sessions --data ${path.dir.path}\n`)
    log.info({ root: config.root ?? '/', data: path.dir.path, url: server.url }, 'watching')
    await watch.run()
  } finally {
    rmSync(path.dir.service, { force: true })
    stop.abort()
    await Promise.all([novelty, warmed])
    await watch.close()
    await server.close()
    await schedule.stop()
  }
}

/** Begins with how desktops stand before anybody asks: of many of them that takes its time. */
async function warm(library: Library, log: Log): Promise<void> {
  try {
    await askOverview(OVERVIEW.parse({}), library)
  } catch (error) {
    log.debug({ reason: errorText(error) }, 'how desktops stand could not be looked at')
  }
}

/** What the API tells of, besides the store. */
type Behind = {
  readonly followers: Followers
  readonly store: Store
  readonly probes: Probes
  readonly alerts: AlertDesk
  readonly standings: Standings
}

/** Opens API and page. Where everybody has to say who he is, commands on this machine have a token of their own. */
async function openServer(
  path: WritePath,
  now: () => Knowledge,
  serving: Serving,
  { followers, store, probes, alerts, standings }: Behind,
) {
  const { config, io, log, address, access, counts, sets } = serving
  const token = access === undefined ? undefined : randomBytes(32).toString('hex')
  const server = await startServer({
    ...address,
    version: programVersion(),
    store,
    states: path.store,
    knowing: () => {
      const { rules, phases, portal, asking, learnMs, layouts } = now()
      const { generations, formats, profiles } = layouts
      return { rules, phases, portal, probes, asking, learnMs, generations, formats, profiles }
    },
    status: () => counts.status(path, followers, io.clock.nowMs()),
    sets,
    numbered: lineNumbering(config),
    feed: counts.feed,
    alerts,
    standings,
    clock: io.clock,
    log,
    access: access === undefined ? undefined : { ...access, tokens: [...access.tokens, token ?? ''] },
    publicHosts: config.publicHosts,
    pageFolder: PAGE_FOLDER,
  })
  return { server, token }
}
