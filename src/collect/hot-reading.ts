import { errorCode } from '../errors.ts'
import type { ColdPaths } from './cold-paths.ts'
import type { Collected } from './feed.ts'
import type { FollowOptions } from './follow-options.ts'
import { type Hot, isUntold, recordFlushMs } from './hot-file.ts'
import type { HotFiles } from './hot-files.ts'
import { openAgain } from './open-feed.ts'
import { lookOf } from './open-file.ts'
import type { Scan } from './scan.ts'
import { followDescriptor, type Tail } from './tail.ts'

const TAIL_POLL_MS = 250
/** A hot file that was quiet for this long becomes cold. */
const COOL_MS = 60_000
/** Files are not checked for silence more often than this. */
export const QUIET_MS = 50
const NO_BYTES = Buffer.alloc(0)

export type HotReadingOptions = Pick<
  FollowOptions,
  'clock' | 'context' | 'flushMs' | 'lineFlushMs' | 'isPolled'
> & {
  readonly hot: HotFiles
  readonly cold: ColdPaths
  readonly scan: Scan
  readonly nowMs: () => number
  /** Something can be read. */
  readonly onReady: () => void
  /** A file was cut: a copy of what it held may be waiting for that. */
  readonly onCut: () => void
}

/** Reads open files one chunk at a time: first what they hold, then what is appended, until they are quiet or gone. */
export class HotReading {
  readonly #options: HotReadingOptions
  readonly #hot: HotFiles
  readonly #cold: ColdPaths
  /** Chunks that released files still had to report. */
  readonly #untold: Collected[] = []
  #nextQuietMs = 0

  constructor(options: HotReadingOptions) {
    this.#options = options
    this.#hot = options.hot
    this.#cold = options.cold
  }

  /** The next chunk of any file; undefined when all are at their ends. */
  next(): Collected | undefined {
    return this.#untold.shift() ?? this.#nextQuiet() ?? this.#nextQueued()
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
      this.#whileReadable(hot, () => this.#hot.lookAgain(hot))
    }
  }

  close(): void {
    for (const hot of [...this.#hot]) this.#release(hot)
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

  /** A file that cannot be read any more is released and tried again at the next scan; it does not stop the others. */
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
      hot.changedMs = this.#options.nowMs()
      this.#hot.enqueue(hot)
      return collected
    }
    const endsInNuls = state === 'nuls'
    const isPassing = this.#options.scan.hasWaiting && !endsInNuls
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
      if (!hot.queued) hot.behindMs = this.#options.clock.nowMs()
      this.#hot.enqueue(hot)
      this.#options.onReady()
    })
  }

  #readTail(hot: Hot, tail: Tail): Collected | undefined {
    const bytes = tail.read()
    if (bytes === undefined) return tail.over === undefined ? undefined : this.#openAgain(hot, tail.over)
    if (hot.feed.restat() === undefined || !hot.feed.holdsGuard) return this.#openAgain(hot, 'truncated')
    hot.changedMs = this.#options.nowMs()
    if (hot.feed.hasHole(bytes)) {
      this.#hot.readAgain(hot)
      return undefined
    }
    this.#hot.enqueue(hot)
    return hot.feed.give(bytes, 'record', this.#observed(hot))
  }

  #observed(hot: Hot): number | undefined {
    return hot.feed.reader.state.offset >= hot.watchedFrom ? this.#options.nowMs() : undefined
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
        const hold = quietMs >= lineFlushMs ? 'nothing' : 'line'
        const collected = hot.feed.give(NO_BYTES, hold, this.#observed(hot))
        if (collected !== undefined) return collected
      } else if (
        quietMs >= COOL_MS ||
        this.#hot.size > this.#options.scan.maxHot ||
        (!isPolled && isUntold(hot))
      ) {
        const collected = this.#whileReadable(hot, () => this.#cool(hot))
        if (collected !== undefined) return collected
      }
    }
    this.#nextQuietMs = now + QUIET_MS
    return undefined
  }

  /** The file is not what it was: finds out what it is now. Returns the output held back so far, which exists only here. */
  #openAgain(hot: Hot, why: 'truncated' | 'failed'): Collected | undefined {
    const { feed } = hot
    if (!feed.isCut) {
      if (why === 'truncated') this.#hot.readAgain(hot)
      else this.#letGo(hot)
      return undefined
    }
    this.#options.onCut()
    const rest = feed.give(NO_BYTES, 'nothing', this.#observed(hot))
    this.#whileReadable(hot, () => {
      const again = openAgain(feed, this.#options.context)
      if (again !== undefined) this.#hot.replace(hot, again)
      else this.#letGo(hot)
      return undefined
    })
    return rest
  }

  /** The next scan opens it again. */
  #letGo(hot: Hot): void {
    this.#release(hot)
    this.#cold.forget(hot.feed.path)
  }

  #cool(hot: Hot): Collected | undefined {
    const { feed, state } = hot
    const stat = feed.restat()
    if (feed.isCut) return this.#openAgain(hot, 'truncated')
    // Unread bytes must be read now: if the file was deleted, nobody finds it again.
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

  /** Closes a file; a loss that it still had to report is kept for the next chunk. */
  #release(hot: Hot): void {
    const untold = hot.feed.tell()
    if (untold !== undefined) this.#untold.push(untold)
    hot.feed.leave(this.#options.context.known)
    this.#hot.release(hot)
  }
}
