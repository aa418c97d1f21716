import { setImmediate } from 'node:timers/promises'
import { ColdPaths } from './cold-paths.ts'
import type { Collected } from './feed.ts'
import { worstLags } from './file-lag.ts'
import type { FollowOptions } from './follow-options.ts'
import { HotFiles } from './hot-files.ts'
import { HotReading, QUIET_MS } from './hot-reading.ts'
import type { OpenCounts } from './isolated/messages.ts'
import { PackedLogs } from './packed-logs.ts'
import { Scan } from './scan.ts'
import { ScanPace } from './scan-pace.ts'

/** Open files on a network file system are looked at so often. */
const FAR_POLL_MS = 1000

/** Follows all files that the sources name, for as long as the service runs; fair to all of them, one chunk at a time. */
export class Follower {
  readonly #options: FollowOptions
  readonly #hot = new HotFiles()
  readonly #cold: ColdPaths
  readonly #packed: PackedLogs
  readonly #scan: Scan
  readonly #pace: ScanPace
  readonly #reading: HotReading
  #nowMs = 0
  #nextPollMs: number
  #isWoken = false
  #counts: OpenCounts | undefined
  #countedMs = 0
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
    this.#reading = new HotReading({
      ...options,
      ...{ hot: this.#hot, cold: this.#cold, scan: this.#scan },
      nowMs: () => this.#nowMs,
      onReady: () => this.#wake?.(),
    })
    options.signal.addEventListener('abort', () => this.#wake?.(), { once: true })
  }

  /** What is open now, and what of all files is not read: of those that wait to be opened, too. */
  get open(): OpenCounts {
    const nowMs = this.#options.clock.nowMs()
    // On a network file system it is told with each chunk, and to look at all files is dear there.
    const isFresh = this.#options.isPolled === true && Math.abs(nowMs - this.#countedMs) < FAR_POLL_MS
    if (isFresh && this.#counts !== undefined) return this.#counts
    const lags = [...this.#hot.lags(nowMs), ...this.#scan.lags]
    const lagBytes = lags.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#counts = { hot: this.#hot.size, backlog: this.#hot.backlog, lagBytes, behind: worstLags(lags) }
    this.#countedMs = nowMs
    return this.#counts
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
      const collected = this.#reading.next() ?? this.#packed.next()
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
    this.#reading.close()
  }

  /** Where the clock was set back, all that waits for it is due. */
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
    const { clock, signal } = this.#options
    if (this.#hot.hasQueued || this.#packed.isReady || this.#isWoken || signal.aborted) return
    // Not AbortSignal.any: the lasting signal would keep something of each of millions of short ones.
    const wake = new AbortController()
    this.#wake = () => wake.abort()
    await clock.sleep(Math.max(1, ms), wake.signal)
    this.#wake = undefined
  }

  /** Looks at the open files of which nothing tells. */
  #poll(): void {
    if (this.#options.isPolled === true) this.#nextPollMs = this.#nowMs + FAR_POLL_MS
    this.#reading.poll()
  }

  async #look(): Promise<void> {
    this.#pace.begin(this.#nowMs)
    const isAll = await this.#scan.run()
    // Also at what is gone, which no scan sees.
    this.#poll()
    this.#pace.end(this.#now(), isAll)
  }
}
