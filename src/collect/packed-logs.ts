import type { Clock } from '../clock.ts'
import { errorCode } from '../errors.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { ColdPaths } from './cold-paths.ts'
import type { Sighted } from './discover.ts'
import type { Collected, Feed } from './feed.ts'
import { type GzipFile, unpackGzip } from './gzip-file.ts'
import type { NotRead } from './not-read.ts'
import type { FeedContext } from './open-feed.ts'
import { closePacked, openPacked, type PackedFile } from './packed-feed.ts'

/** A file that has not changed for this long is no longer being written: what is missing at its end will not come. */
const ABANDONED_MS = 60_000

type Options = {
  readonly context: FeedContext
  readonly cold: ColdPaths
  readonly clock: Clock
  readonly onNotRead: (file: NotRead) => void
  /** Is the plain file of this checkpoint being read or followed? */
  readonly isHot: (checkpoint: Checkpoint) => boolean
  /** Notes in `known` how far the open plain files were read. */
  readonly noteHot: () => void
  /** There is something to read. */
  readonly onReady: () => void
}

type Ready = { readonly sighted: Sighted; readonly file: PackedFile }

/**
 * The compressed logs among the followed files. They are unpacked in the background, one at a time; the next one when the
 * previous one is read, so that at most one takes up disk space.
 */
export class PackedLogs {
  readonly #options: Options
  readonly #wanted = new Map<string, Sighted>()
  /** Files that end too early, and since when they have had this look. */
  readonly #growing = new Map<string, { readonly look: string; sinceMs: number }>()
  /** Files whose plain copy is being followed, which must be released first. */
  readonly #blocked = new Map<string, Checkpoint>()
  #isUnpacking = false
  #isClosed = false
  #ready: Ready | undefined
  #feed: Feed | undefined
  #failure: unknown

  constructor(options: Options) {
    this.#options = options
  }

  /** Queues a file to be read, if that can succeed. */
  want(sighted: Sighted): void {
    const { clock, isHot } = this.#options
    const { path, look } = sighted
    const growing = this.#growing.get(path)
    // If the clock was set back, waiting starts again.
    if (growing !== undefined) growing.sinceMs = Math.min(growing.sinceMs, clock.nowMs())
    if (growing?.look === look && clock.nowMs() - growing.sinceMs < ABANDONED_MS) return
    const blocking = this.#blocked.get(path)
    if (blocking !== undefined && isHot(blocking)) return
    this.#wanted.set(path, sighted)
    this.#unpackNext()
  }

  /** Is there something to read at once? */
  get isReady(): boolean {
    return this.#ready !== undefined || this.#feed !== undefined || this.#failure !== undefined
  }

  /** Was everything read that was wanted so far? */
  get isIdle(): boolean {
    return !this.isReady && !this.#isUnpacking && this.#wanted.size === 0
  }

  /** Notes in `known` how far the open file was read. */
  note(): void {
    this.#feed?.leave(this.#options.context.known)
  }

  /** Is a packed copy of this file being read? */
  isReading({ fileId, generation }: Checkpoint): boolean {
    const file = this.#feed?.file
    return file?.fileId === fileId && file.generation === generation
  }

  /** The next chunk of unpacked content. */
  next(): Collected | undefined {
    if (this.#failure !== undefined) throw this.#failure
    this.#feed ??= this.#open()
    for (let feed = this.#feed; feed !== undefined; feed = this.#feed) {
      const read = this.#read(feed)
      if (read?.state !== 'more') this.#letGo(feed)
      if (read?.collected !== undefined) return read.collected
    }
    return undefined
  }

  close(): void {
    this.#isClosed = true
    if (this.#ready !== undefined) closePacked(this.#ready.file)
    if (this.#feed !== undefined) this.#letGo(this.#feed)
  }

  #open(): Feed | undefined {
    const ready = this.#ready
    if (ready === undefined) return undefined
    this.#ready = undefined
    const { cold, context, isHot, noteHot } = this.#options
    const { path, look } = ready.sighted
    noteHot()
    const feed = openPacked(ready.file, context, isHot)
    if (!('refused' in feed)) {
      cold.opened(path, look)
      return feed
    }
    if (feed.refused === 'taken') this.#blocked.set(path, feed.by)
    else cold.closed(path, look)
    this.#unpackNext()
    return undefined
  }

  #read(feed: Feed): ReturnType<Feed['read']> | undefined {
    try {
      return feed.read('nothing')
    } catch (error) {
      const detail = errorCode(error)
      if (detail === '') throw error
      this.#options.cold.unreadable(feed.path, detail)
      return undefined
    }
  }

  #letGo(feed: Feed): void {
    this.#feed = undefined
    feed.leave(this.#options.context.known)
    feed.close()
    this.#unpackNext()
  }

  #unpackNext(): void {
    if (this.#isClosed || this.#isUnpacking || this.isReady) return
    const [next] = this.#wanted.values()
    if (next === undefined) return
    this.#wanted.delete(next.path)
    this.#blocked.delete(next.path)
    this.#isUnpacking = true
    unpackGzip(next, this.#options.context).then(
      (file) => this.#unpacked(next, file),
      (error) => {
        this.#failure = error
        this.#options.onReady()
      },
    )
  }

  #unpacked(sighted: Sighted, file: GzipFile): void {
    this.#isUnpacking = false
    if ('refused' in file) this.#refused(sighted, file)
    else if (this.#isClosed || this.#mayGrow(sighted, file)) closePacked(file)
    else {
      if (file.fault !== undefined) {
        this.#tell(sighted, file.fault.reason, file.fault.message, file.size > 0)
      }
      this.#ready = { sighted, file }
      this.#options.onReady()
    }
    this.#unpackNext()
  }

  #refused(sighted: Sighted, file: Exclude<GzipFile, PackedFile>): void {
    const { clock, cold } = this.#options
    if (file.refused === 'known') {
      cold.closed(sighted.path, sighted.look)
      const { fault, bytes } = file.before
      if (fault !== undefined) this.#tell(sighted, fault.reason, fault.detail, bytes > 0)
    } else if (file.refused === 'useless') {
      cold.closed(sighted.path, sighted.look)
      this.#tell(sighted, file.reason, file.detail, false)
    } else cold.refused(sighted, file, clock.nowMs())
  }

  #mayGrow({ path, look }: Sighted, file: PackedFile): boolean {
    const growing = this.#growing.get(path)
    this.#growing.delete(path)
    if (file.fault?.reason !== 'incomplete') return false
    const now = this.#options.clock.nowMs()
    if (growing?.look === look && now - growing.sinceMs >= ABANDONED_MS) return false
    this.#growing.set(path, { look, sinceMs: growing?.look === look ? growing.sinceMs : now })
    return true
  }

  /** `isTold`: the ledger has it, with the bytes that could be unpacked. */
  #tell({ path }: Sighted, reason: string, detail: string, isTold: boolean): void {
    this.#options.onNotRead({ path, reason, detail, isTold })
  }
}
