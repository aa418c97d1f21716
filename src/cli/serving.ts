import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultLocations, type NotRead } from '../collect/discover.ts'
import { Follower } from '../collect/follow.ts'
import { hotFiles } from '../collect/hot-files.ts'
import { descriptorLimit } from '../collect/open-file.ts'
import { ownOutput } from '../collect/own-output.ts'
import { watchFolders } from '../collect/watch.ts'
import { type Config, checkRoot, loadConfig } from '../config.ts'
import type { ServiceAddress } from '../data-dir.ts'
import { runDemo } from '../demo/demo.ts'
import { usageError } from '../errors.ts'
import { createLog, type Log } from '../log.ts'
import { runPipeline } from '../pipeline.ts'
import { selectUnread } from '../store/ledger-query.ts'
import { startServer } from '../web/server.ts'
import { type AlertSetup, loadAlertSetup, openServiceAlerts } from './alerting.ts'
import { reachable } from './ask.ts'
import type { Io } from './io.ts'
import { type Knowledge, loadKnowledge } from './knowledge.ts'
import { liveKnowledge } from './live-knowledge.ts'
import { NotReadFiles } from './not-read-files.ts'
import type { ServeOptions } from './serve.ts'
import { UnreadFiles } from './unread-files.ts'
import { WATCH_DEPTH } from './watch-depth.ts'
import { openWritePath, type WritePath } from './write-path.ts'

const UNWATCHED =
  'some folders are not watched; the scan finds what changes there, a little later. For ENOSPC or EMFILE raise fs.inotify.max_user_watches and max_user_instances (sysctl), or LimitNOFILE'
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** Watches what the configuration names. */
export async function serveConfigured(options: ServeOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  checkRoot(config)
  await serve(config, options, io)
}

/** The demo is a machine of its own: its tree and, unless `--data` is given, its data live in a temporary folder. */
export async function serveDemo(options: ServeOptions, io: Io): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dcvlens-demo-'))
  const root = join(folder, 'cluster')
  const stop = new AbortController()
  const signal = AbortSignal.any([io.signal, stop.signal])
  try {
    const config = loadConfig(options.config, { data: join(folder, 'data'), ...options, root })
    io.err(`A cluster of twelve desktops comes up in ${root}\n`)
    let demo = Promise.resolve()
    await new Promise<void>((resolve) => {
      demo = runDemo({ root, clock: io.clock, signal, onHistory: resolve }).finally(resolve)
    })
    await serve({ ...config, scanMs: Math.min(config.scanMs, 1000) }, options, io)
    stop.abort()
    await demo
  } finally {
    stop.abort()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function serve(config: Config, options: ServeOptions, io: Io): Promise<void> {
  const log = createLog(config.logLevel)
  const address = listenAddress(options)
  const { clock, signal } = io
  const knowledge = loadKnowledge(config)
  const alerts = loadAlertSetup(config, knowledge, io.env)
  const live = liveKnowledge(knowledge, { config, clock, log, signal })
  const counts: Counts = { lines: 0, batches: 0, lastBatchMs: undefined, notRead: new NotReadFiles() }
  try {
    await serveWith(live.now, { config, io, log, address, counts, alerts })
  } finally {
    await live.close()
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
    onStored: (lines) => {
      counts.lines += lines
      counts.batches++
      counts.lastBatchMs = io.clock.nowMs()
    },
  })
  try {
    const alerts = await openServiceAlerts(path, now, serving)
    try {
      await serveOn(path, now, serving)
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
  readonly counts: Counts
  readonly alerts: AlertSetup
}

type Counts = {
  lines: number
  batches: number
  lastBatchMs: number | undefined
  readonly notRead: NotReadFiles
}

/** So many of the files that cannot be read are named. */
const NOT_READ_NAMED = 100

async function serveOn(path: WritePath, now: () => Knowledge, serving: Serving): Promise<void> {
  const { config, io, log, counts } = serving
  const root = config.root ?? '/'
  const server = await startServer({
    store: path.store,
    rules: () => ({ ...now(), generations: now().layouts.generations }),
    clock: io.clock,
    log,
    ...serving.address,
    status: () => statusOf(path, counts),
  })
  const knowledge = now()
  const unread = new UnreadFiles(knowledge.layouts, root, await reachable(selectUnread(path.store), config))
  const follower = newFollower(path, knowledge, serving, { root, unread })
  const folders = knowledge.layouts.bases(root).filter((folder) => existsSync(folder))
  const hints = watchFolders(
    folders,
    WATCH_DEPTH,
    () => follower.hint(),
    (code) => log.warn({ code, scanMs: config.scanMs }, UNWATCHED),
  )
  try {
    announce(path, server.url)
    io.err(`dcvlens answers on ${server.url}/api/v1/sessions; stop it with Ctrl-C\n`)
    io.err(`Ask it from another terminal: npx dcvlens sessions --data ${path.dir.path}\n`)
    log.info({ root, data: path.dir.path, url: server.url }, 'watching')
    await runPipeline({ ...path.stages, collect: async (waitMs) => unread.take() ?? follower.next(waitMs) })
  } finally {
    rmSync(path.dir.service, { force: true })
    await hints.close()
    follower.close()
    await server.close()
  }
}

function statusOf(
  path: WritePath,
  { lines, batches, lastBatchMs, notRead }: Counts,
): Record<string, unknown> {
  const { state, pendingBytes } = path.stages.inserter
  const unread = notRead.now()
  return {
    lines,
    batches,
    ...(lastBatchMs === undefined ? {} : { last_batch_at: new Date(lastBatchMs).toISOString() }),
    store: state.kind,
    pending_bytes: pendingBytes,
    not_read: { count: unread.length, items: unread.slice(0, NOT_READ_NAMED) },
  }
}

function newFollower(
  path: WritePath,
  knowledge: Knowledge,
  { config, io, log, counts }: Serving,
  { root, unread }: { readonly root: string; readonly unread: UnreadFiles },
): Follower {
  const onNotRead = (file: NotRead) => {
    counts.notRead.note(file)
    unread.note(file)
    const { path: name, reason, detail } = file
    log.warn({ path: name, reason, detail }, 'not read')
  }
  return new Follower({
    context: knowledge.context(path.checkpoints, io.signal),
    discover: defaultLocations(knowledge.layouts, root, onNotRead, ownOutput(config.data)),
    clock: io.clock,
    signal: io.signal,
    scanMs: config.scanMs,
    flushMs: config.flushMs,
    lineFlushMs: config.lineFlushMs,
    maxHot: hotFiles(descriptorLimit()),
    onNotRead,
  })
}

/** Where other commands find this service; whole or not there at all. */
function announce(path: WritePath, url: string): void {
  const address: ServiceAddress = { url, pid: process.pid }
  writeFileSync(`${path.dir.service}.tmp`, JSON.stringify(address))
  renameSync(`${path.dir.service}.tmp`, path.dir.service)
}

function listenAddress({ host, port }: ServeOptions): { readonly host: string; readonly port: number } {
  const number = Number(port)
  if (!Number.isInteger(number) || number < 0 || number > 65535) {
    throw usageError('E_OPTION', `--port ${port} is no port`, 'Use a number from 0 to 65535.')
  }
  if (!LOOPBACK.has(host)) {
    throw usageError(
      'E_NO_AUTH',
      `--host ${host} would let everybody on the network read the logs`,
      'Keep the default and put a reverse proxy with authentication in front.',
    )
  }
  return { host, port: number }
}
