import type { Clock } from '../clock.ts'
import type { Sighted } from './discover.ts'
import { type Collected, type Feed, type FeedContext, openFeed } from './feed.ts'
import type { NotRead } from './read-all.ts'
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
  /** Its end has been reached once: what comes later is observed, what was there before is backlog. */
  atEnd: boolean
  changedMs: number
  queued: boolean
}

const TAIL_POLL_MS = 250
/** More descriptors than this are not kept open for quiet files. */
const MAX_HOT = 256
/** A hot file that has been quiet for so long becomes cold. */
const COOL_MS = 60_000
/** A hint hurries the next scan, but no more often than this. */
const HINT_MS = 300

/** Follows all files that the sources name, for as long as the service runs; fair to all of them, one chunk at a time. */
export class Follower {
  readonly #options: FollowOptions
  /** By device and inode: a renamed file stays the same one. */
  readonly #hot = new Map<string, Hot>()
  /** How the files that are not hot looked at the last scan, by path. */
  readonly #cold = new Map<string, string>()
  readonly #queue: Hot[] = []
  #scans = 0
  #nextScanMs = 0
  #lastScanMs = 0
  #wake: (() => void) | undefined

  constructor(options: FollowOptions) {
    this.#options = options
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
      const collected = this.#nextQueued() ?? this.#nextQuiet()
      if (collected !== undefined) return collected
      const now = clock.nowMs()
      if (now >= until) return 'idle'
      await this.#sleep(Math.min(until, this.#nextScanMs, this.#nextFlushMs(now)) - now)
    }
  }

  close(): void {
    for (const hot of this.#hot.values()) this.#release(hot)
  }

  async #sleep(ms: number): Promise<void> {
    const { clock, signal } = this.#options
    if (this.#queue.length > 0) return
    const wake = new AbortController()
    this.#wake = () => wake.abort()
    await clock.sleep(Math.max(1, ms), AbortSignal.any([wake.signal, signal]))
    this.#wake = undefined
  }

  /** Reads one chunk of the file that has waited longest; undefined when all are at their ends. */
  #nextQueued(): Collected | undefined {
    for (let hot = this.#queue.shift(); hot !== undefined; hot = this.#queue.shift()) {
      hot.queued = false
      const collected = hot.tail === undefined ? this.#readBacklog(hot) : this.#readTail(hot, hot.tail)
      if (collected !== undefined) return collected
    }
    return undefined
  }

  #readBacklog(hot: Hot): Collected | undefined {
    const { bytes, collected } = hot.feed.read('record', this.#observed(hot))
    if (bytes > 0) {
      hot.changedMs = this.#options.clock.nowMs()
      this.#enqueue(hot)
      return collected
    }
    hot.atEnd = true
    hot.tail = followDescriptor(hot.feed.fd, hot.feed.reader.position, TAIL_POLL_MS, () => {
      this.#enqueue(hot)
      this.#wake?.()
    })
    return collected
  }

  #readTail(hot: Hot, tail: Tail): Collected | undefined {
    const bytes = tail.read()
    if (bytes === undefined) {
      if (tail.truncated) this.#openAgain(hot)
      return undefined
    }
    if (!hot.feed.holdsGuard || hot.feed.restat() === undefined) {
      this.#openAgain(hot)
      return undefined
    }
    hot.changedMs = this.#options.clock.nowMs()
    this.#enqueue(hot)
    return hot.feed.give(bytes, 'record', this.#observed(hot))
  }

  #observed(hot: Hot): number | undefined {
    return hot.atEnd ? this.#options.clock.nowMs() : undefined
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
      if (hot.queued || !hot.atEnd || quietMs < flushMs) continue
      if (hot.feed.reader.pending > 0) {
        const hold = quietMs >= lineFlushMs ? 'nothing' : 'line'
        const collected = hot.feed.give(Buffer.alloc(0), hold, now)
        if (collected !== undefined) return collected
      } else if (quietMs >= COOL_MS || this.#hot.size > MAX_HOT) {
        this.#cool(hot)
      }
    }
    return undefined
  }

  #nextFlushMs(now: number): number {
    const { flushMs, lineFlushMs } = this.#options
    let next = Number.POSITIVE_INFINITY
    for (const { feed, changedMs, atEnd } of this.#hot.values()) {
      if (!atEnd || feed.reader.pending === 0) continue
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
    this.#scans++
    this.#nextScanMs = Math.min(this.#nextScanMs, clock.nowMs() + scanMs)
  }

  /** A file that is not hot and looks other than last time is opened; it stays open if there is something to read. */
  #look(sighted: Sighted): void {
    if (this.#hot.has(sighted.inode) || this.#cold.get(sighted.path) === sighted.look) return
    const wasSeen = this.#cold.has(sighted.path)
    const feed = openFeed(sighted.path, sighted.place, wasSeen, this.#options.context)
    this.#cold.set(sighted.path, sighted.look)
    if ('refused' in feed) {
      if (feed.refused === 'waiting') this.#cold.set(sighted.path, 'waiting')
      else if (feed.refused !== 'vanished') {
        this.#options.onNotRead({ path: sighted.path, reason: feed.refused, detail: feed.detail })
      }
      return
    }
    if (feed.stat.size <= feed.reader.position) {
      feed.close(this.#options.context.known)
      return
    }
    const changedMs = this.#options.clock.nowMs()
    const hot: Hot = {
      inode: sighted.inode,
      feed,
      tail: undefined,
      atEnd: this.#scans > 0 && !wasSeen,
      changedMs,
      queued: false,
    }
    this.#hot.set(sighted.inode, hot)
    this.#enqueue(hot)
  }

  /** Its bytes are not those that were read: the scan finds out what it is now. */
  #openAgain(hot: Hot): void {
    this.#release(hot)
    this.#cold.delete(hot.feed.path)
    this.#nextScanMs = 0
  }

  #cool(hot: Hot): void {
    const stat = hot.feed.restat()
    this.#release(hot)
    if (stat !== undefined) this.#cold.set(hot.feed.path, `${hot.inode}:${hot.feed.reader.position}`)
  }

  #release(hot: Hot): void {
    this.#hot.delete(hot.inode)
    hot.tail?.close()
    hot.feed.close(this.#options.context.known)
  }
}
