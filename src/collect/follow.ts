import { setImmediate } from 'node:timers/promises'
import { errorCode } from '../errors.ts'
import { ColdPaths } from './cold-paths.ts'
import type { Collected } from './feed.ts'
import type { FollowOptions } from './follow-options.ts'
import { type Hot, HotFiles, isUntold } from './hot-files.ts'
import type { OpenCounts } from './isolated/messages.ts'
import { openAgain } from './open-feed.ts'
import { lookOf } from './open-file.ts'
import { PackedLogs } from './packed-logs.ts'
import { Scan } from './scan.ts'
import { ScanPace } from './scan-pace.ts'
import { followDescriptor, type Tail } from './tail.ts'

const TAIL_POLL_MS = 250
/** Open files on a network file system are looked at so often. */
const FAR_POLL_MS = 1000
/** A hot file that has been quiet for so long becomes cold. */
const COOL_MS = 60_000
/** Quiet files are looked for no more often than this. */
const QUIET_MS = 50
const NO_BYTES = Buffer.alloc(0)

/** Follows all files that the sources name, for as long as the service runs; fair to all of them, one chunk at a time. */
export class Follower {
  readonly #options: FollowOptions
  readonly #hot = new HotFiles()
  readonly #cold: ColdPaths
  readonly #packed: PackedLogs
  readonly #scan: Scan
  readonly #pace: ScanPace
  /** What files that were let go had to tell. */
  readonly #untold: Collected[] = []
  #nowMs = 0
  #nextQuietMs = 0
  #nextPollMs: number
  #isWoken = false
  #wake: (() => void) | undefined

  constructor(options: FollowOptions) {
    this.#options = options
    this.#pace = new ScanPace(options.scanMs, options.isPolled !== true)
    this.#nextPollMs = options.isPolled === true ? 0 : Number.POSITIVE_INFINITY
    const { clock, context, onNotRead } = options
    this.#cold = new ColdPaths(onNotRead)
    this.#packed = new PackedLogs({
      ...{ context, cold: this.#cold, clock, onNotRead },
      isHot: (checkpoint) => this.#hot.following(checkpoint) !== undefined,
      noteHot: () => {
        for (const { feed } of this.#hot) feed.leave(context.known)
      },
      onReady: () => this.#wake?.(),
    })
    this.#scan = new Scan({ hot: this.#hot, cold: this.#cold, packed: this.#packed }, options)
    options.signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }

  /** What is open now: files, those whose end was not reached yet, and the bytes that are not read of them. */
  get open(): OpenCounts {
    return this.#hot.counts
  }

  /** Something may have changed: look soon. */
  hint(): void {
    this.#pace.hint()
    this.#wake?.()
  }

  /** Some folders cannot be watched: changes there raise no hint. */
  missesHints(): void {
    this.#pace.missesNotices()
  }

  /** Whoever waits for the next chunk is to be told that there is none. */
  wake(): void {
    this.#isWoken = true
    this.#wake?.()
  }

  /** The next chunk of any file; `idle` after `waitMs` without one, `end` when the signal aborts. */
  async next(waitMs: number): Promise<Collected | 'idle' | 'end'> {
    const { signal } = this.#options
    const begin = this.#now()
    for (;;) {
      // Whatever else this process does has its turn between two chunks.
      await setImmediate()
      if (signal.aborted) return 'end'
      if (this.#now() >= this.#pace.nextMs) await this.#look()
      this.#scan.openWaiting(this.#nowMs)
      if (this.#nowMs >= this.#nextPollMs) this.#poll()
      const collected = this.#untold.shift() ?? this.#nextQuiet() ?? this.#nextQueued() ?? this.#packed.next()
      if (collected !== undefined) return collected
      const now = this.#now()
      if (now >= begin + waitMs || now < begin || this.#isWoken) {
        this.#isWoken = false
        return 'idle'
      }
      const dueMs = Math.min(this.#scan.dueMs(now), this.#hot.nextFlushMs(now, this.#options))
      const nextMs = Math.min(this.#pace.nextMs, this.#nextPollMs, Math.max(dueMs, now + QUIET_MS))
      await this.#sleep(Math.min(begin + waitMs, nextMs) - now)
    }
  }

  close(): void {
    this.#packed.close()
    for (const hot of [...this.#hot]) this.#release(hot)
  }

  /** Where the clock was set back, all that waits for it is due. */
  #now(): number {
    const now = this.#options.clock.nowMs()
    if (now < this.#nowMs) {
      this.#pace.startOver(now)
      this.#nextQuietMs = now
      if (this.#options.isPolled === true) this.#nextPollMs = now
      for (const hot of this.#hot) hot.changedMs = Math.min(hot.changedMs, now)
    }
    this.#nowMs = now
    return now
  }

  async #sleep(ms: number): Promise<void> {
    const { clock, signal } = this.#options
    if (this.#hot.hasQueued || this.#packed.isReady || this.#isWoken || signal.aborted) return
    // Not AbortSignal.any: the lasting signal would keep something of each of millions of short ones.
    const wake = new AbortController()
    this.#wake = () => wake.abort()
    await clock.sleep(Math.max(1, ms), wake.signal)
    this.#wake = undefined
  }

  /** Reads one chunk of the file that has waited longest; undefined when all are at their ends. */
  #nextQueued(): Collected | undefined {
    for (let hot = this.#hot.dequeue(); hot !== undefined; hot = this.#hot.dequeue()) {
      const { state } = hot
      const collected = this.#whileReadable(hot, (open) => {
        if (state.kind === 'tail') return this.#readTail(open, state.tail)
        return state.kind === 'backlog' ? this.#readBacklog(open) : undefined
      })
      if (collected !== undefined) return collected
    }
    return undefined
  }

  /** A file that cannot be read any more is let go; it is tried again at the next scan, and stops no other. */
  #whileReadable(hot: Hot, work: (hot: Hot) => Collected | undefined): Collected | undefined {
    try {
      return work(hot)
    } catch (error) {
      const detail = errorCode(error)
      if (detail === '') throw error
      this.#release(hot)
      const { path, place, stat } = hot.feed
      this.#cold.unread({ path, place, inode: hot.inode, look: lookOf(stat), size: stat.size })
      this.#cold.unreadable(path, detail)
      return undefined
    }
  }

  #readBacklog(hot: Hot): Collected | undefined {
    const { feed } = hot
    const look = lookOf(feed.stat)
    const { state, collected } = feed.read('record', this.#observed(hot))
    if (state === 'cut') {
      this.#hot.enqueue(hot)
      return collected ?? this.#openAgain(hot, 'truncated')
    }
    if (state === 'more') {
      this.#cold.isReadable(feed.path)
      hot.changedMs = this.#nowMs
      this.#hot.enqueue(hot)
      return collected
    }
    const endsInNuls = state === 'nuls'
    const isPassing = this.#scan.hasWaiting && !endsInNuls
    if (isPassing && feed.reader.pending === 0) {
      // Others wait for its place.
      if (collected === undefined) return this.#cool(hot)
      this.#hot.enqueue(hot)
      return collected
    }
    hot.watchedFrom = Math.min(hot.watchedFrom, feed.reader.position)
    const isPolled = endsInNuls || isPassing || this.#options.isPolled === true
    this.#hot.hasEnded(
      hot,
      isPolled ? { kind: 'polled', look, endsInNuls } : { kind: 'tail', tail: this.#tailOf(hot) },
    )
    return collected
  }

  #tailOf(hot: Hot): Tail {
    return followDescriptor(hot.feed.fd, hot.feed.reader.position, TAIL_POLL_MS, () => {
      this.#hot.enqueue(hot)
      this.#wake?.()
    })
  }

  #readTail(hot: Hot, tail: Tail): Collected | undefined {
    const bytes = tail.read()
    if (bytes === undefined) return tail.over === undefined ? undefined : this.#openAgain(hot, tail.over)
    if (hot.feed.restat() === undefined || !hot.feed.holdsGuard) return this.#openAgain(hot, 'truncated')
    hot.changedMs = this.#nowMs
    if (hot.feed.hasHole(bytes)) {
      this.#hot.readAgain(hot)
      return undefined
    }
    this.#hot.enqueue(hot)
    return hot.feed.give(bytes, 'record', this.#observed(hot))
  }

  #observed(hot: Hot): number | undefined {
    return hot.feed.reader.state.offset >= hot.watchedFrom ? this.#nowMs : undefined
  }

  /** Gives what waits for more in files that have been quiet long enough, and lets go of those quiet for long. */
  #nextQuiet(): Collected | undefined {
    const { flushMs, lineFlushMs, isPolled } = this.#options
    const now = this.#nowMs
    if (now < this.#nextQuietMs) return undefined
    for (const hot of [...this.#hot]) {
      const quietMs = now - hot.changedMs
      if (hot.queued || hot.state.kind === 'backlog' || quietMs < flushMs) continue
      if (hot.feed.reader.pending > 0) {
        const hold = quietMs >= lineFlushMs ? 'nothing' : 'line'
        const collected = hot.feed.give(NO_BYTES, hold, this.#observed(hot))
        if (collected !== undefined) return collected
      } else if (quietMs >= COOL_MS || this.#hot.size > this.#scan.maxHot || (!isPolled && isUntold(hot))) {
        const collected = this.#whileReadable(hot, () => this.#cool(hot))
        if (collected !== undefined) return collected
      }
    }
    this.#nextQuietMs = now + QUIET_MS
    return undefined
  }

  /** Looks at the open files of which nothing tells. */
  #poll(): void {
    if (this.#options.isPolled === true) this.#nextPollMs = this.#nowMs + FAR_POLL_MS
    for (const hot of this.#hot.polled) this.#whileReadable(hot, () => this.#hot.lookAgain(hot))
  }

  async #look(): Promise<void> {
    this.#pace.begin(this.#nowMs)
    const isAll = await this.#scan.run()
    // Also at what is gone, which no scan sees.
    this.#poll()
    this.#pace.end(this.#now(), isAll)
  }

  /** The file is not as it was: finds out what it is now. Gives what waited, which only we have. */
  #openAgain(hot: Hot, why: 'truncated' | 'failed'): Collected | undefined {
    const { feed } = hot
    if (!feed.isCut) {
      if (why === 'truncated') this.#hot.readAgain(hot)
      else this.#letGo(hot)
      return undefined
    }
    const rest = feed.give(NO_BYTES, 'nothing', this.#observed(hot))
    this.#whileReadable(hot, () => {
      const again = openAgain(feed, this.#options.context)
      if (again !== undefined) this.#hot.replace(hot, again)
      else this.#letGo(hot)
      return undefined
    })
    return rest
  }

  /** The next scan opens it anew. */
  #letGo(hot: Hot): void {
    this.#release(hot)
    this.#cold.forget(hot.feed.path)
  }

  #cool(hot: Hot): Collected | undefined {
    const { feed, state } = hot
    const stat = feed.restat()
    if (feed.isCut) return this.#openAgain(hot, 'truncated')
    // What was not seen yet: nobody finds the file again if it was deleted.
    const nulsLook = state.kind === 'polled' && state.endsInNuls ? state.look : undefined
    const isSeen =
      nulsLook === undefined ? feed.stat.size <= feed.reader.position : lookOf(feed.stat) === nulsLook
    if (!isSeen) {
      this.#hot.readAgain(hot)
      return undefined
    }
    this.#release(hot)
    if (nulsLook !== undefined) this.#cold.closed(feed.path, nulsLook)
    else if (stat !== undefined) this.#cold.closed(feed.path, lookOf({ ...stat, size: feed.reader.position }))
    return undefined
  }

  /** What it had to tell of a loss is told without it. */
  #release(hot: Hot): void {
    const untold = hot.feed.tell()
    if (untold !== undefined) this.#untold.push(untold)
    hot.feed.leave(this.#options.context.known)
    this.#hot.release(hot)
  }
}
