import { errorCode } from '../errors.ts'
import type { ColdPaths } from './cold-paths.ts'
import type { Collected } from './feed.ts'
import { type Hot, observedMs } from './hot-file.ts'
import type { HotFiles } from './hot-files.ts'
import { type FeedContext, openAgain } from './open-feed.ts'
import { lookOf } from './open-file.ts'

export type CoolingOptions = {
  readonly context: FeedContext
  readonly hot: HotFiles
  readonly cold: ColdPaths
  readonly nowMs: () => number
  /** A file was cut: a copy of what it held may be waiting for that. */
  readonly onCut: () => void
}

const NO_BYTES = Buffer.alloc(0)

/** How open files become cold, or turn out to be others: no byte that was read or can be read is left behind. */
export class Cooling {
  readonly #options: CoolingOptions
  readonly #hot: HotFiles
  readonly #cold: ColdPaths
  /** Chunks that released files still had to report. */
  readonly #untold: Collected[] = []

  constructor(options: CoolingOptions) {
    this.#options = options
    this.#hot = options.hot
    this.#cold = options.cold
  }

  /** Takes the next chunk that a released file still had to report. */
  takeUntold(): Collected | undefined {
    return this.#untold.shift()
  }

  /** A file that cannot be read any more is released and tried again at the next scan; it does not stop the others. */
  whileReadable(hot: Hot, work: (hot: Hot) => Collected | undefined): Collected | undefined {
    try {
      return work(hot)
    } catch (error) {
      const detail = errorCode(error)
      if (detail === '') throw error
      this.release(hot)
      const { path, place, stat } = hot.feed
      this.#cold.unread({ path, place, inode: hot.inode, look: lookOf(stat), size: stat.size })
      this.#cold.unreadable(path, detail)
      return undefined
    }
  }

  /** Closes a quiet file, unless it is not read to its end. Returns what it then still has to give. */
  cool(hot: Hot): Collected | undefined {
    const { feed, state } = hot
    const stat = feed.restat()
    if (feed.isCut) return this.openAgain(hot, 'truncated')
    // Unread bytes must be read now: if the file was deleted, nobody finds it again.
    const nulsLook = state.kind === 'polled' && state.endsInNuls ? state.look : undefined
    const isSeen =
      nulsLook === undefined ? feed.stat.size <= feed.reader.position : lookOf(feed.stat) === nulsLook
    if (!isSeen) {
      this.#hot.readAgain(hot)
      return undefined
    }
    this.release(hot)
    if (nulsLook !== undefined) this.#cold.closed(feed.path, nulsLook)
    else if (stat !== undefined) this.#cold.closed(feed.path, lookOf({ ...stat, size: feed.reader.position }))
    return undefined
  }

  /** The file is not what it was: finds out what it is now. Returns the output held back so far, which exists only here. */
  openAgain(hot: Hot, why: 'truncated' | 'failed'): Collected | undefined {
    const { feed } = hot
    if (!feed.isCut) {
      if (why === 'truncated') this.#hot.readAgain(hot)
      else this.#letGo(hot)
      return undefined
    }
    this.#options.onCut()
    const rest = feed.give(NO_BYTES, 'nothing', observedMs(hot, this.#options.nowMs()))
    this.whileReadable(hot, () => {
      const again = openAgain(feed, this.#options.context)
      if (again !== undefined) this.#hot.replace(hot, again)
      else this.#letGo(hot)
      return undefined
    })
    return rest
  }

  /** Closes a file; a loss that it still had to report is kept for the next chunk. */
  release(hot: Hot): void {
    const untold = hot.feed.tell()
    if (untold !== undefined) this.#untold.push(untold)
    hot.feed.leave(this.#options.context.known)
    this.#hot.release(hot)
  }

  /** The next scan opens it again. */
  #letGo(hot: Hot): void {
    this.release(hot)
    this.#cold.forget(hot.feed.path)
  }
}
