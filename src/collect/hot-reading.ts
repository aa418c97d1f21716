import type { ColdPaths } from './cold-paths.ts'
import { Cooling, type CoolingOptions } from './cooling.ts'
import type { Collected } from './feed.ts'
import type { FollowOptions } from './follow-options.ts'
import { COOL_MS, type Hot, holdAfter, isUntold, observedMs, recordFlushMs } from './hot-file.ts'
import type { HotFiles } from './hot-files.ts'
import { lookOf } from './open-file.ts'
import type { Opening } from './opening.ts'
import { followDescriptor, type Tail } from './tail.ts'

const TAIL_POLL_MS = 250
/** Files are not checked for silence more often than this. */
export const QUIET_MS = 50
const NO_BYTES = Buffer.alloc(0)

export type HotReadingOptions = Pick<FollowOptions, 'clock' | 'flushMs' | 'lineFlushMs' | 'isPolled'> &
  CoolingOptions & {
    readonly opening: Opening
    /** Something can be read. */
    readonly onReady: () => void
  }

/** Reads open files one chunk at a time: first what they hold, then what is appended, until they are quiet or gone. */
export class HotReading {
  readonly #options: HotReadingOptions
  readonly #hot: HotFiles
  readonly #cold: ColdPaths
  readonly #cooling: Cooling
  #nextQuietMs = 0

  constructor(options: HotReadingOptions) {
    this.#options = options
    this.#hot = options.hot
    this.#cold = options.cold
    this.#cooling = new Cooling(options)
  }

  /** The next chunk of any file; undefined when all are at their ends. */
  next(): Collected | undefined {
    return this.#cooling.takeUntold() ?? this.#nextQuiet() ?? this.#nextQueued()
  }

  /**
   * The next chunk of files that were deleted, with what is held back of them: nobody finds them again once they are closed.
   * Undefined when nothing is left of them.
   */
  nextDeleted(): Collected | undefined {
    for (const hot of this.#hot) {
      const collected = this.#cooling.whileReadable(hot, () => this.#readDeleted(hot))
      if (collected !== undefined) return collected
    }
    return this.#cooling.takeUntold()
  }

  /** The clock was set back: everything that waits for it is due. */
  startOver(nowMs: number): void {
    this.#nextQuietMs = nowMs
    for (const hot of this.#hot) hot.changedMs = Math.min(hot.changedMs, nowMs)
  }

  /** Looks at the open files for which nothing else reports changes. */
  poll(): void {
    for (const hot of this.#hot.polled) {
      hot.behindMs = this.#options.nowMs()
      this.#cooling.whileReadable(hot, () => this.#hot.lookAgain(hot))
    }
  }

  close(): void {
    for (const hot of [...this.#hot]) this.#cooling.release(hot)
  }

  /** Reads one chunk of the file that has waited longest; undefined when all are at their ends. */
  #nextQueued(): Collected | undefined {
    for (let hot = this.#hot.dequeue(); hot !== undefined; hot = this.#hot.dequeue()) {
      const { state } = hot
      const collected = this.#cooling.whileReadable(hot, (open) => {
        if (state.kind === 'tail') return this.#readTail(open, state.tail)
        return state.kind === 'backlog' ? this.#readBacklog(open) : undefined
      })
      if (collected !== undefined) return collected
    }
    return undefined
  }

  #readBacklog(hot: Hot): Collected | undefined {
    const { feed } = hot
    const look = lookOf(feed.stat)
    const { state, collected } = feed.read('record', observedMs(hot, this.#options.nowMs()))
    if (state === 'cut') {
      this.#hot.enqueue(hot)
      return collected ?? this.#cooling.openAgain(hot, 'truncated')
    }
    if (state === 'more') {
      this.#cold.isReadable(feed.path)
      hot.changedMs = this.#options.nowMs()
      this.#hot.enqueue(hot)
      return collected
    }
    const endsInNuls = state === 'nuls'
    const isPassing = this.#options.opening.hasWaiting && !endsInNuls
    if (isPassing && feed.reader.pending === 0) {
      // Others wait for its place.
      if (collected === undefined) return this.#cooling.cool(hot)
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

  /** The next chunk of a file if it was deleted; it is released at its end. */
  #readDeleted(hot: Hot): Collected | undefined {
    while (this.#hot.get(hot.inode) === hot && hot.feed.restat()?.deletedMs !== undefined) {
      const { state, collected } = hot.feed.read('nothing', observedMs(hot, this.#options.nowMs()))
      if (state === 'end' || state === 'nuls') this.#cooling.release(hot)
      const next = collected ?? (state === 'cut' ? this.#cooling.openAgain(hot, 'truncated') : undefined)
      if (next !== undefined) return next
    }
    return undefined
  }

  #tailOf(hot: Hot): Tail {
    return followDescriptor(hot.feed.fd, hot.feed.reader.position, TAIL_POLL_MS, () => {
      if (!hot.queued) hot.behindMs = this.#options.clock.nowMs()
      this.#hot.enqueue(hot)
      this.#options.onReady()
    })
  }

  #readTail(hot: Hot, tail: Tail): Collected | undefined {
    const bytes = tail.read()
    if (bytes === undefined)
      return tail.over === undefined ? undefined : this.#cooling.openAgain(hot, tail.over)
    if (hot.feed.restat() === undefined || !hot.feed.holdsGuard)
      return this.#cooling.openAgain(hot, 'truncated')
    hot.changedMs = this.#options.nowMs()
    if (hot.feed.hasHole(bytes)) {
      this.#hot.readAgain(hot)
      return undefined
    }
    this.#hot.enqueue(hot)
    return hot.feed.give(bytes, 'record', observedMs(hot, this.#options.nowMs()))
  }

  /** Emits held-back output of files that have been quiet long enough, and releases those quiet for long. */
  #nextQuiet(): Collected | undefined {
    const { flushMs, lineFlushMs, isPolled } = this.#options
    const now = this.#options.nowMs()
    if (now < this.#nextQuietMs) return undefined
    for (const hot of [...this.#hot]) {
      const quietMs = now - hot.changedMs
      if (hot.queued || hot.state.kind === 'backlog' || quietMs < recordFlushMs(hot, flushMs)) continue
      if (hot.feed.reader.pending > 0) {
        const hold = holdAfter(quietMs, lineFlushMs)
        const collected = hot.feed.give(NO_BYTES, hold, observedMs(hot, this.#options.nowMs()))
        if (collected !== undefined) return collected
      } else if (
        quietMs >= COOL_MS ||
        this.#hot.size > this.#options.opening.maxHot ||
        (!isPolled && isUntold(hot))
      ) {
        const collected = this.#cooling.whileReadable(hot, () => this.#cooling.cool(hot))
        if (collected !== undefined) return collected
      }
    }
    this.#nextQuietMs = now + QUIET_MS
    return undefined
  }
}
