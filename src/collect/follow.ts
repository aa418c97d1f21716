import type { Clock } from '../clock.ts'
import { errorCode } from '../errors.ts'
import type { Checkpoint } from './checkpoints.ts'
import { ColdPaths } from './cold-paths.ts'
import type { NotRead, Sighted } from './discover.ts'
import { type Collected, type Feed, type FeedContext, openFeed } from './feed.ts'
import { type Inode, inodeOf, lookOf } from './open-file.ts'
import { PackedLogs } from './packed-logs.ts'
import { packingOf } from './packing.ts'
import { followDescriptor, type Tail } from './tail.ts'

export type FollowOptions = {
  readonly context: FeedContext
  readonly discover: () => AsyncIterable<Sighted>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly scanMs: number
  /** A complete record is given without waiting for more of it after this much silence. */
  readonly flushMs: number
  /** A line without its newline is given after this much silence. */
  readonly lineFlushMs: number
  readonly onNotRead: (file: NotRead) => void
}

/** A file that is read or followed; the others are only looked at by the scan. */
type Hot = {
  readonly inode: string
  readonly feed: Feed
  tail: Tail | undefined
  /** Bytes from here on came while it was watched; those before are backlog. */
  watchedFrom: number
  changedMs: number
  queued: boolean
}

const TAIL_POLL_MS = 250
/** So many files are read to their ends at a time (others wait closed), and more are not kept open when they are quiet. */
const MAX_HOT = 256
/** A hot file that has been quiet for so long becomes cold. */
const COOL_MS = 60_000
/** A hint hurries the next scan, but no more often than this. */
const HINT_MS = 300
const NO_BYTES = Buffer.alloc(0)

/** Follows all files that the sources name, for as long as the service runs; fair to all of them, one chunk at a time. */
export class Follower {
  readonly #options: FollowOptions
  /** By device and inode: a renamed file stays the same one. */
  readonly #hot = new Map<string, Hot>()
  readonly #cold: ColdPaths
  readonly #packed: PackedLogs
  readonly #queue: Hot[] = []
  /** The hot files whose end has not been reached yet. */
  readonly #backlog = new Set<Hot>()
  #isCrowded = false
  /** What is found from then on is new. */
  #hasSeenAll = false
  #nextScanMs = 0
  #lastScanMs = 0
  #wake: (() => void) | undefined

  constructor(options: FollowOptions) {
    this.#options = options
    const { clock, context, onNotRead } = options
    this.#cold = new ColdPaths(onNotRead)
    this.#packed = new PackedLogs({
      ...{ context, cold: this.#cold, clock, onNotRead },
      isHot: (checkpoint) => this.#isHot(checkpoint),
      noteHot: () => {
        for (const { feed } of this.#hot.values()) feed.leave(context.known)
      },
      onReady: () => this.#wake?.(),
    })
    options.signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }

  /** Something may have changed: look soon. */
  hint(): void {
    this.#nextScanMs = Math.min(this.#nextScanMs, this.#lastScanMs + HINT_MS)
    this.#wake?.()
  }

  /** The next chunk of any file; `idle` after `waitMs` without one, `end` when the signal aborts. */
  async next(waitMs: number): Promise<Collected | 'idle' | 'end'> {
    const { clock, signal } = this.#options
    const until = clock.nowMs() + waitMs
    for (;;) {
      if (signal.aborted) return 'end'
      if (clock.nowMs() >= this.#nextScanMs) await this.#scan()
      const collected = this.#nextQueued() ?? this.#packed.next() ?? this.#nextQuiet()
      if (collected !== undefined) return collected
      const now = clock.nowMs()
      if (now >= until) return 'idle'
      await this.#sleep(Math.min(until, this.#nextScanMs, this.#nextFlushMs(now)) - now)
    }
  }

  close(): void {
    this.#packed.close()
    for (const hot of this.#hot.values()) this.#release(hot)
  }

  async #sleep(ms: number): Promise<void> {
    const { clock, signal } = this.#options
    if (this.#queue.length > 0 || this.#packed.isReady || signal.aborted) return
    // Not AbortSignal.any: the lasting signal would keep something of each of millions of short ones.
    const wake = new AbortController()
    this.#wake = () => wake.abort()
    await clock.sleep(Math.max(1, ms), wake.signal)
    this.#wake = undefined
  }

  /** Reads one chunk of the file that has waited longest; undefined when all are at their ends. */
  #nextQueued(): Collected | undefined {
    for (let hot = this.#queue.shift(); hot !== undefined; hot = this.#queue.shift()) {
      hot.queued = false
      const collected = this.#whileReadable(hot, () =>
        hot.tail === undefined ? this.#readBacklog(hot) : this.#readTail(hot, hot.tail),
      )
      if (collected !== undefined) return collected
    }
    return undefined
  }

  /** A file that cannot be read any more is let go; it is tried again at the next scan, and stops no other. */
  #whileReadable(hot: Hot, work: () => Collected | undefined): Collected | undefined {
    try {
      return work()
    } catch (error) {
      const detail = errorCode(error)
      if (detail === '') throw error
      this.#release(hot)
      this.#cold.unreadable(hot.feed.path, detail)
      return undefined
    }
  }

  #readBacklog(hot: Hot): Collected | undefined {
    const { bytes, collected } = hot.feed.read('record', this.#observed(hot))
    if (bytes > 0) {
      this.#cold.isReadable(hot.feed.path)
      hot.changedMs = this.#options.clock.nowMs()
      this.#enqueue(hot)
      return collected
    }
    hot.watchedFrom = Math.min(hot.watchedFrom, hot.feed.reader.position)
    this.#backlog.delete(hot)
    hot.tail = followDescriptor(hot.feed.fd, hot.feed.reader.position, TAIL_POLL_MS, () => {
      this.#enqueue(hot)
      this.#wake?.()
    })
    return collected
  }

  #readTail(hot: Hot, tail: Tail): Collected | undefined {
    const bytes = tail.read()
    if (bytes === undefined) return tail.over === undefined ? undefined : this.#openAgain(hot, tail.over)
    if (hot.feed.restat() === undefined || !hot.feed.holdsGuard) return this.#openAgain(hot, 'truncated')
    hot.changedMs = this.#options.clock.nowMs()
    this.#enqueue(hot)
    return hot.feed.give(bytes, 'record', this.#observed(hot))
  }

  #observed(hot: Hot): number | undefined {
    return hot.feed.reader.state.offset >= hot.watchedFrom ? this.#options.clock.nowMs() : undefined
  }

  #enqueue(hot: Hot): void {
    if (hot.queued || this.#hot.get(hot.inode) !== hot) return
    hot.queued = true
    this.#queue.push(hot)
  }

  /** Gives what waits for more in files that have been quiet long enough, and lets go of those quiet for long. */
  #nextQuiet(): Collected | undefined {
    const { clock, flushMs, lineFlushMs } = this.#options
    const now = clock.nowMs()
    for (const hot of this.#hot.values()) {
      const quietMs = now - hot.changedMs
      if (hot.queued || hot.tail === undefined || quietMs < flushMs) continue
      if (hot.feed.reader.pending > 0) {
        const hold = quietMs >= lineFlushMs ? 'nothing' : 'line'
        const collected = hot.feed.give(NO_BYTES, hold, this.#observed(hot))
        if (collected !== undefined) return collected
      } else if (quietMs >= COOL_MS || this.#hot.size > MAX_HOT) {
        this.#whileReadable(hot, () => this.#cool(hot))
      }
    }
    return undefined
  }

  #nextFlushMs(now: number): number {
    const { flushMs, lineFlushMs } = this.#options
    let next = Number.POSITIVE_INFINITY
    for (const { feed, changedMs, tail } of this.#hot.values()) {
      if (tail === undefined || feed.reader.pending === 0) continue
      next = Math.min(next, changedMs + (now - changedMs < flushMs ? flushMs : lineFlushMs))
    }
    return Math.max(next, now + 50)
  }

  /** Looks at all files; the first time their content is backlog, later a new file is read from its start at once. */
  async #scan(): Promise<void> {
    const { clock, discover, scanMs, signal } = this.#options
    this.#lastScanMs = clock.nowMs()
    this.#nextScanMs = Number.POSITIVE_INFINITY
    for await (const sighted of discover()) {
      if (signal.aborted) return
      this.#look(sighted)
    }
    this.#hasSeenAll ||= !this.#isCrowded
    this.#nextScanMs = Math.min(this.#nextScanMs, clock.nowMs() + (this.#isCrowded ? HINT_MS : scanMs))
    this.#isCrowded = false
  }

  /** A file that is not hot and looks other than last time is opened; it stays open if there is something to read. */
  #look(sighted: Sighted): void {
    if (this.#hot.has(sighted.inode) || this.#cold.isUnchanged(sighted)) return
    if (packingOf(sighted.path) === 'gzip') {
      this.#packed.want(sighted)
      return
    }
    if (this.#backlog.size >= MAX_HOT) {
      this.#isCrowded = true
      return
    }
    const { clock, context, lineFlushMs } = this.#options
    const { path, place } = sighted
    const now = clock.nowMs()
    const wasSeen = this.#cold.wasSeen(path)
    const settle = this.#cold.waitedMs(path, now) >= lineFlushMs
    // Another file may have got this path since the scan saw it.
    const isTaken = (file: Inode) => this.#hot.has(inodeOf(file)) || this.#packed.isReading(file)
    this.#packed.note()
    const feed = openFeed(path, place, { settle, isTaken }, context)
    if ('refused' in feed) {
      this.#cold.refused(sighted, feed, now)
      return
    }
    this.#cold.opened(path, lookOf(feed.stat))
    if (feed.isRead) {
      feed.close()
      return
    }
    const watchedFrom = this.#hasSeenAll && !wasSeen ? 0 : Number.POSITIVE_INFINITY
    const inode = inodeOf(feed.stat)
    const hot: Hot = { inode, feed, tail: undefined, watchedFrom, changedMs: now, queued: false }
    this.#hot.set(inode, hot)
    this.#backlog.add(hot)
    this.#enqueue(hot)
  }

  /** Lets go of a file that is not as it was; the scan finds out what it is now. Gives what waited, if only we have it. */
  #openAgain(hot: Hot, why: 'truncated' | 'failed'): Collected | undefined {
    const rest = hot.feed.isCut ? hot.feed.give(NO_BYTES, 'nothing', this.#observed(hot)) : undefined
    this.#release(hot)
    this.#cold.forget(hot.feed.path)
    if (why === 'truncated') this.#nextScanMs = 0
    return rest
  }

  /** Its inode may be another file's by now. */
  #isHot(checkpoint: Checkpoint): boolean {
    const file = this.#hot.get(inodeOf(checkpoint))?.feed.file
    return file?.fileId === checkpoint.fileId && file.generation === checkpoint.generation
  }

  #cool(hot: Hot): Collected | undefined {
    const stat = hot.feed.restat()
    if (hot.feed.isCut) return this.#openAgain(hot, 'truncated')
    this.#release(hot)
    if (stat !== undefined) {
      this.#cold.closed(hot.feed.path, lookOf({ ...stat, size: hot.feed.reader.position }))
    }
    return undefined
  }

  #release(hot: Hot): void {
    this.#hot.delete(hot.inode)
    this.#backlog.delete(hot)
    hot.feed.leave(this.#options.context.known)
    if (hot.tail === undefined) hot.feed.close()
    else hot.tail.close(() => hot.feed.close())
  }
}
