import type { Clock } from '../clock.ts'
import type { ColdPaths } from './cold-paths.ts'
import type { Sighted } from './discover.ts'
import type { FileLag } from './file-lag.ts'
import type { Hot, HotFiles } from './hot-files.ts'
import type { NotRead } from './not-read.ts'
import { type FeedContext, type NotOpened, openFeed } from './open-feed.ts'
import { inodeNumber, inodeOf, isOutOfDescriptors, lookOf } from './open-file.ts'
import type { PackedLogs } from './packed-logs.ts'
import { packingOf } from './packing.ts'
import { Unsettled } from './unsettled.ts'
import { vanished } from './vanished.ts'

export type ScanOptions = {
  readonly context: FeedContext
  readonly discover: () => AsyncIterable<Sighted>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly lineFlushMs: number
  /** So many files are read to their ends at a time (others wait closed), and more are not kept open when they are quiet. */
  readonly maxHot: number
  readonly onNotRead: (file: NotRead) => void
}

/** Where a scan puts what it sees. */
export type ScannedFiles = { readonly hot: HotFiles; readonly cold: ColdPaths; readonly packed: PackedLogs }

/** Files that wait are not opened where so many times more are open than are kept open: what is quiet is closed first. */
const MOST_OPEN = 4

/** A copy whose original was not cut for so long is a file of its own. */
const COPY_MS = 60_000

/** A file that waits, and since when. */
type Waiting = { readonly sighted: Sighted; readonly sinceMs: number }

/** Looks at all files, again and again, and opens those of which there is something to read. */
export class Scan {
  readonly #hot: HotFiles
  readonly #cold: ColdPaths
  readonly #packed: PackedLogs
  readonly #options: ScanOptions
  /** Files that were seen, by path: opened as soon as others are read to their ends. */
  readonly #waiting = new Map<string, Waiting>()
  readonly #unsettled = new Unsettled()
  #maxHot: number
  #lacksDescriptors = false
  /** What is found from then on is new. */
  #hasSeenAll = false

  constructor(files: ScannedFiles, options: ScanOptions) {
    this.#hot = files.hot
    this.#cold = files.cold
    this.#packed = files.packed
    this.#options = options
    this.#maxHot = options.maxHot
  }

  get maxHot(): number {
    return this.#maxHot
  }

  /** Do files wait for others to be read? */
  get hasWaiting(): boolean {
    return this.#waiting.size > 0
  }

  /** How far the files that wait are behind. */
  get lags(): FileLag[] {
    const { known } = this.#options.context
    return Array.from(this.#waiting.values(), ({ sighted: { path, inode, size }, sinceMs }) => {
      const [newest] = known.byInode(inodeNumber(inode))
      return { path, bytes: Math.max(0, size - (newest?.reader.offset ?? 0)), sinceMs }
    })
  }

  /**
   * Looks at all files; the first time their content is backlog, later a new file is read from its start at once. False if
   * some could not be opened because the system gave no descriptors.
   */
  async run(): Promise<boolean> {
    const { clock, context, discover, signal } = this.#options
    const inodes = new Set<string>()
    this.#lacksDescriptors = false
    for await (const sighted of discover()) {
      if (signal.aborted) return true
      inodes.add(sighted.inode)
      this.#look(sighted)
    }
    for (const gone of this.#cold.endScan(inodes)) {
      const lost = vanished(gone, context)
      if (lost !== undefined) this.#options.onNotRead(lost)
    }
    context.known.sighted(inodes, clock.nowMs())
    this.#hasSeenAll ||= !this.#lacksDescriptors && !this.hasWaiting
    return !this.#lacksDescriptors
  }

  /** When a file that waits can be opened; infinity if there is none. */
  dueMs(nowMs: number): number {
    return this.hasWaiting ? nowMs : this.#unsettled.nextMs
  }

  /** Opens files that had to wait: for their first line, or for others, as far as there is room now. */
  openWaiting(nowMs: number): void {
    for (const sighted of this.#unsettled.due(nowMs)) this.#look(sighted)
    for (const { sighted } of this.#waiting.values()) {
      if (this.#hot.backlog >= this.#maxHot || this.#hot.size >= MOST_OPEN * this.#maxHot) return
      this.#waiting.delete(sighted.path)
      this.#look(sighted)
    }
  }

  /** A file that is not hot and looks other than last time is opened; it stays open if there is something to read. */
  #look(sighted: Sighted): void {
    const hot = this.#hot.get(sighted.inode)
    if (hot !== undefined) this.#lookAtHot(hot, sighted)
    else if (this.#cold.isUnchanged(sighted)) return
    else if (packingOf(sighted.path) === 'gzip') this.#packed.want(sighted)
    else if (this.#hot.backlog >= this.#maxHot) this.#wait(sighted)
    else this.#open(sighted)
  }

  #open(sighted: Sighted): void {
    const { path, place } = sighted
    this.#waiting.delete(path)
    const { clock, context, lineFlushMs } = this.#options
    const nowMs = clock.nowMs()
    const wasSeen = this.#cold.wasSeen(path)
    const waitedMs = this.#cold.waitedMs(path, nowMs)
    this.#packed.note()
    let followed: Hot | undefined
    const feed = openFeed(
      path,
      place,
      {
        settle: waitedMs >= lineFlushMs,
        settleCopy: waitedMs >= COPY_MS,
        // Another file may have got this path since the scan saw it.
        openNow: (file) => this.#hot.openNow(inodeOf(file)),
        isFollowed: (checkpoint) => {
          followed = this.#hot.following(checkpoint)
          return followed !== undefined || this.#packed.isReading(checkpoint)
        },
      },
      context,
    )
    if ('refused' in feed) {
      // Open under the device number that it had before a mount.
      if (followed !== undefined) this.#lookAtHot(followed, sighted)
      this.#refused(sighted, feed, nowMs)
      return
    }
    this.#cold.opened(path, lookOf(feed.stat))
    if (feed.isRead) feed.close()
    else this.#hot.add(feed, this.#hasSeenAll && !wasSeen ? 0 : Number.POSITIVE_INFINITY, nowMs)
  }

  #refused(sighted: Sighted, refused: NotOpened, nowMs: number): void {
    if (isOutOfDescriptors(refused.detail)) this.#useFewer(sighted, refused.detail)
    else this.#cold.refused(sighted, refused, nowMs)
    // Nothing may change in it any more, so that no notice comes. A copy is for a scan, which looks at its original as well.
    if (refused.refused === 'waiting') this.#unsettled.add(sighted, nowMs + this.#options.lineFlushMs)
  }

  #lookAtHot(hot: Hot, { path, look }: Sighted): void {
    hot.feed.path = path
    if (hot.state.kind === 'polled') hot.behindMs = this.#options.clock.nowMs()
    this.#hot.readIfChanged(hot, look)
  }

  /** Too many are being read. */
  #wait(sighted: Sighted): void {
    const sinceMs = this.#waiting.get(sighted.path)?.sinceMs ?? this.#options.clock.nowMs()
    this.#waiting.set(sighted.path, { sighted, sinceMs })
    this.#cold.unread(sighted)
  }

  /** The system gives no more descriptors: fewer files are kept open from now on, so that the rest of the program has some. */
  #useFewer(sighted: Sighted, code: string): void {
    if (this.#maxHot === this.#options.maxHot) {
      const detail = `${code}: files are read one after the other from now on; raise the limit of open files (LimitNOFILE, ulimit -n)`
      this.#options.onNotRead({ path: sighted.path, reason: 'too-many-open', detail })
    }
    this.#maxHot = Math.max(1, Math.min(this.#maxHot - 1, Math.floor(this.#hot.size / 2)))
    this.#lacksDescriptors = true
    this.#cold.unread(sighted)
  }
}
