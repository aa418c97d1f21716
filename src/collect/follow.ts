import { setImmediate } from 'node:timers/promises'
import { ColdPaths } from './cold-paths.ts'
import type { Collected } from './feed.ts'
import { worstLags } from './file-lag.ts'
import type { FollowOptions } from './follow-options.ts'
import { HotFiles } from './hot-files.ts'
import { HotReading, QUIET_MS } from './hot-reading.ts'
import type { OpenCounts } from './isolated/messages.ts'
import { Opening } from './opening.ts'
import { PackedLogs } from './packed-logs.ts'
import { Scan } from './scan.ts'
import { ScanPace } from './scan-pace.ts'

/** How often open files on a network file system are polled. */
const FAR_POLL_MS = 1000

/** Follows all files of the sources for as long as the service runs. Fair to all of them: one chunk at a time. */
export class Follower {
  readonly #options: FollowOptions
  readonly #stop = new AbortController()
  /** Aborts when the service stops, or this is closed. */
  readonly #signal: AbortSignal
  readonly #hot = new HotFiles(() => this.#wake?.())
  readonly #cold: ColdPaths
  readonly #packed: PackedLogs
  readonly #opening: Opening
  readonly #scan: Scan
  readonly #pace: ScanPace
  readonly #reading: HotReading
  #nowMs = 0
  #nextPollMs: number
  #isWoken = false
  #scanning: Promise<void> | undefined
  /** Why the last scan failed, until somebody is told. */
  #fault: { readonly error: unknown } | undefined
  #counts: OpenCounts | undefined
  #countedMs = 0
  #hasReadAll = false
  #wake: (() => void) | undefined

  constructor(options: FollowOptions) {
    this.#options = options
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal])
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
    const files = { hot: this.#hot, cold: this.#cold, packed: this.#packed }
    this.#opening = new Opening(files, { ...options, onLack: () => this.#pace.hint() })
    this.#scan = new Scan(files, this.#opening, { ...options, signal: this.#signal })
    this.#reading = new HotReading({
      ...options,
      ...{ hot: this.#hot, cold: this.#cold, opening: this.#opening },
      nowMs: () => this.#nowMs,
      onReady: () => this.#wake?.(),
      onCut: () => this.#pace.hint(),
    })
    this.#signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }

  /** The files that are open, and the unread bytes of all files, including those that wait to be opened. */
  get open(): OpenCounts {
    const nowMs = this.#options.clock.nowMs()
    // On a network file system this is reported with each chunk, and looking at all files is expensive there.
    const isFresh = this.#options.isPolled === true && Math.abs(nowMs - this.#countedMs) < FAR_POLL_MS
    if (isFresh && this.#counts !== undefined) return this.#counts
    const lags = [...this.#hot.lags(nowMs), ...this.#opening.lags]
    const lagBytes = lags.reduce((sum, { bytes }) => sum + bytes, 0)
    const { size: hot, backlog } = this.#hot
    this.#counts = { hot, backlog, lagBytes, behind: worstLags(lags), hasReadAll: this.#hasReadAll }
    this.#countedMs = nowMs
    return this.#counts
  }

  /** Something may have changed: scan soon, and look at once at a name that appeared or disappeared. */
  hint(path?: string): void {
    if (path !== undefined) this.#scan.notice(path)
    this.#pace.hint()
    this.#wake?.()
  }

  /** A file was written to: looks at it alone, since busy files would have all others looked at all the time. */
  written(path: string): void {
    if (!this.#scan.written(path)) this.hint()
  }

  /** Some folders cannot be watched: changes there give no hint. */
  missesHints(): void {
    this.#pace.missesNotices()
  }

  /** Wakes a caller of `next` that waits, so that it returns `idle`. */
  wake(): void {
    this.#isWoken = true
    this.#wake?.()
  }

  /**
   * The next chunk of any file; `idle` if there was none for `waitMs`. When the signal aborts, what is left of deleted files,
   * then `end`.
   */
  async next(waitMs: number): Promise<Collected | 'idle' | 'end'> {
    const begin = this.#now()
    for (;;) {
      // Lets other work of this process run between two chunks.
      await setImmediate()
      if (this.#signal.aborted) return this.#reading.nextDeleted() ?? 'end'
      if (this.#fault !== undefined) throw this.#fault.error
      if (this.#now() >= this.#pace.nextMs) this.#scanning ??= this.#look()
      this.#scan.openGone(this.#nowMs)
      this.#opening.openWaiting(this.#nowMs)
      if (this.#nowMs >= this.#nextPollMs) this.#poll()
      const collected = this.#reading.next() ?? this.#packed.next()
      this.#hasReadAll ||= this.#opening.hasSeenAll && this.#hot.backlog === 0 && this.#packed.isIdle
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

  /** Closes all files; waits for a scan that is under way, which opens none any more. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.#scan.close()
    this.#packed.close()
    this.#reading.close()
    await this.#scanning
  }

  /** If the clock was set back, everything that waits for it is due. */
  #now(): number {
    const now = this.#options.clock.nowMs()
    if (now < this.#nowMs) {
      this.#pace.startOver(now)
      this.#reading.startOver(now)
      if (this.#options.isPolled === true) this.#nextPollMs = now
    }
    this.#nowMs = now
    return now
  }

  async #sleep(ms: number): Promise<void> {
    const { clock } = this.#options
    if (this.#hot.hasQueued || this.#packed.isReady || this.#isWoken || this.#signal.aborted) return
    // Not AbortSignal.any: the long-lived signal would keep a reference for each of millions of short ones.
    const wake = new AbortController()
    this.#wake = () => wake.abort()
    await clock.sleep(Math.max(1, ms), wake.signal)
    this.#wake = undefined
  }

  /** Looks at the open files for which nothing else reports changes. */
  #poll(): void {
    if (this.#options.isPolled === true) this.#nextPollMs = this.#nowMs + FAR_POLL_MS
    this.#reading.poll()
  }

  /** Scans while open files are read: a scan of very many files is slow. */
  async #look(): Promise<void> {
    this.#pace.begin(this.#nowMs)
    try {
      await this.#scan.run()
      if (this.#signal.aborted) return
      // Also at files that are gone, which no scan sees.
      this.#poll()
      this.#pace.end(this.#now())
    } catch (error) {
      this.#fault = { error }
    }
    this.#scanning = undefined
    this.#wake?.()
  }
}
