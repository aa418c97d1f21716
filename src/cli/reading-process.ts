import '../heap.ts'
import { systemClock } from '../clock.ts'
import { defaultLocations, locationAt, type Sighted } from '../collect/discover.ts'
import { FileIndex, knownIn } from '../collect/file-index.ts'
import { Follower } from '../collect/follow.ts'
import { hotFiles } from '../collect/hot-files.ts'
import type { Order, Report } from '../collect/isolated/messages.ts'
import { answerOrders, type FarReading } from '../collect/isolated/reading-process.ts'
import type { KnownFiles } from '../collect/known-files.ts'
import { descriptorLimit } from '../collect/open-file.ts'
import { ownOutput } from '../collect/own-output.ts'
import type { Config } from '../config.ts'
import { lineToParent } from './line-to-parent.ts'
import { NotReadFiles } from './not-read-files.ts'
import { loadReading } from './reading.ts'

/** What the process that reads one network file system needs to know. */
export type ReadingSettings = { readonly config: Config; readonly globs: readonly string[] }

const BEAT_MS = 1000

/** This module runs as that process; it stores nothing and may be killed at any time. */
const stop = new AbortController()
process.addListener('disconnect', () => stop.abort())
const parent = lineToParent<Report, Order<ReadingSettings>>()
answerOrders(parent, begin)

function begin({ settings, checkpoints }: Order<ReadingSettings> & { readonly kind: 'start' }): FarReading {
  const { config, globs } = settings
  const { layouts, context } = loadReading(config)
  const index = new FileIndex()
  for (const checkpoint of checkpoints) index.put(checkpoint)
  const notRead = new NotReadFiles()
  let told: ReadonlySet<string> = new Set()
  const known: KnownFiles = {
    ...knownIn(index),
    sighted(inodes, nowMs) {
      index.sighted(inodes, nowMs)
      const isNews = told.size !== inodes.size || [...inodes].some((inode) => !told.has(inode))
      if (isNews) told = inodes
      parent.send({ kind: 'scanned', ...(isNews ? { inodes } : {}), notRead: notRead.now() })
    },
  }
  const follower = new Follower({
    context: context(known, stop.signal),
    discover: beating(
      defaultLocations(layouts, config.root ?? '/', {
        ...{ globs, isOwn: ownOutput(config.data), nowMs: systemClock.nowMs },
      }),
    ),
    placeOf: locationAt(layouts, config.root ?? '/'),
    clock: systemClock,
    signal: stop.signal,
    scanMs: config.scanMs,
    flushMs: config.flushMs,
    lineFlushMs: config.lineFlushMs,
    maxHot: hotFiles(descriptorLimit()),
    isPolled: true,
    onNotRead(file) {
      notRead.note(file)
      parent.send({ kind: 'not-read', file })
    },
  })
  parent.send({ kind: 'beat' })
  stop.signal.addEventListener('abort', () => void follower.close(), { once: true })
  return { follower, known }
}

/** A scan of very many files takes long; each file that it finds is a sign of life. */
function beating(discover: () => AsyncGenerator<Sighted>): () => AsyncGenerator<Sighted> {
  return async function* () {
    let toldMs = systemClock.nowMs()
    for await (const sighted of discover()) {
      const now = systemClock.nowMs()
      if (now - toldMs >= BEAT_MS) {
        parent.send({ kind: 'beat' })
        toldMs = now
      }
      yield sighted
    }
  }
}
