import type { Clock } from '../clock.ts'
import type { ColdPaths } from './cold-paths.ts'
import type { Sighted } from './discover.ts'
import type { FileLag } from './file-lag.ts'
import type { Hot } from './hot-file.ts'
import type { HotFiles } from './hot-files.ts'
import { type FeedContext, type NotOpened, openFeed } from './open-feed.ts'
import { inodeNumber, inodeOf, isOutOfDescriptors, liesAt, lookOf, type OpenFile } from './open-file.ts'
import { OpenRoom, type OpenRoomOptions } from './open-room.ts'
import type { PackedLogs } from './packed-logs.ts'
import { packingOf } from './packing.ts'
import { Unsettled } from './unsettled.ts'
import { WaitingFiles } from './waiting-files.ts'

export type OpeningOptions = {
  readonly context: FeedContext
  readonly clock: Clock
  readonly lineFlushMs: number
  /** The system gave no descriptor for a file: only another scan looks at it again. */
  readonly onLack: () => void
} & OpenRoomOptions

/** Where the files are put that a scan finds. */
export type FollowedFiles = { readonly hot: HotFiles; readonly cold: ColdPaths; readonly packed: PackedLogs }

/** A copy whose original was not truncated for this long is a file of its own. */
const COPY_MS = 60_000

/** Opens the files that have something to read, as far as there is room; the others wait. */
export class Opening {
  readonly #hot: HotFiles
  readonly #cold: ColdPaths
  readonly #packed: PackedLogs
  readonly #options: OpeningOptions
  readonly #waiting = new WaitingFiles()
  readonly #unsettled = new Unsettled()
  readonly #room: OpenRoom
  /** Files that are found after this are new. */
  #hasSeenAll = false

  constructor(files: FollowedFiles, options: OpeningOptions) {
    this.#hot = files.hot
    this.#cold = files.cold
    this.#packed = files.packed
    this.#options = options
    this.#room = new OpenRoom(files.hot, options)
  }

  get maxHot(): number {
    return this.#room.maxHot
  }

  /** Do files wait for others to be read? */
  get hasWaiting(): boolean {
    return this.#waiting.size > 0
  }

  /** Did a scan find all files, and open those that have something to read? */
  get hasSeenAll(): boolean {
    return this.#hasSeenAll
  }

  /** How far the waiting files are behind. */
  get lags(): FileLag[] {
    const { known } = this.#options.context
    return Array.from(this.#waiting, ({ sighted: { path, inode, size }, sinceMs }) => {
      const [newest] = known.byInode(inodeNumber(inode))
      return { path, bytes: Math.max(0, size - (newest?.reader.offset ?? 0)), sinceMs }
    })
  }

  /** A scan begins: whether descriptors are lacking shows anew. */
  beginScan(): void {
    this.#room.beginScan()
  }

  /** A scan has found all files. */
  endScan(): void {
    this.#hasSeenAll ||= !this.#room.lacksDescriptors && !this.hasWaiting
  }

  /** When a waiting file can be opened; infinity if there is none. */
  dueMs(nowMs: number): number {
    return this.hasWaiting ? nowMs : this.#unsettled.nextMs
  }

  /** Opens waiting files: those whose first line was incomplete, and others as far as there is room now. */
  openWaiting(nowMs: number): void {
    for (const sighted of this.#unsettled.due(nowMs)) this.#lookLater(sighted)
    while (this.#room.hasRoom) {
      const sighted = this.#waiting.take()
      if (sighted === undefined) return
      this.#lookLater(sighted)
    }
  }

  /** Opens a file that is not hot and looks different from last time; it stays open if there is something to read. */
  look(sighted: Sighted): void {
    const hot = this.#hot.get(sighted.inode)
    if (hot !== undefined) this.#lookAtHot(hot, sighted)
    else if (this.#cold.isUnchanged(sighted)) return
    else if (packingOf(sighted.path) === 'gzip') this.#packed.want(sighted)
    else if (!this.#room.hasRoom) this.#wait(sighted)
    else this.open(sighted)
  }

  /** `opened`: the file itself, if it has disappeared from its path. */
  open(sighted: Sighted, opened?: OpenFile): void {
    const { path, place } = sighted
    this.#waiting.remove(path)
    const { clock, context, lineFlushMs } = this.#options
    const nowMs = clock.nowMs()
    const wasSeen = this.#cold.wasSeen(path)
    const waitedMs = this.#cold.waitedMs(sighted, nowMs)
    this.#packed.note()
    let followed: Hot | undefined
    const feed = openFeed(
      path,
      place,
      {
        opened,
        settle: opened !== undefined || waitedMs >= lineFlushMs,
        settleCopy: opened !== undefined || waitedMs >= COPY_MS,
        // Another file may have taken this path since the scan saw it.
        openNow: (file) => this.#hot.openNow(inodeOf(file)),
        isFollowed: (checkpoint) => {
          followed = this.#hot.following(checkpoint)
          return followed !== undefined || this.#packed.isReading(checkpoint)
        },
      },
      context,
    )
    if ('refused' in feed) {
      // It is open under the device number that it had before a new mount.
      if (followed !== undefined) this.#lookAtHot(followed, sighted)
      this.#refused(sighted, feed, nowMs)
      return
    }
    if (opened === undefined) this.#cold.opened(path, lookOf(feed.stat))
    else this.#cold.wasRead(sighted)
    if (feed.isRead) feed.close()
    else this.#hot.add(feed, this.#hasSeenAll && !wasSeen ? 0 : Number.POSITIVE_INFINITY, nowMs)
  }

  /** Another file may have its path or its inode by now; the next scan will see. */
  #lookLater(sighted: Sighted): void {
    if (liesAt(sighted.path, sighted.inode)) this.look(sighted)
  }

  #refused(sighted: Sighted, refused: NotOpened, nowMs: number): void {
    if (isOutOfDescriptors(refused.detail)) {
      this.#room.shrink(sighted.path, refused.detail)
      this.#cold.unread(sighted)
      this.#options.onLack()
    } else this.#cold.refused(sighted, refused, nowMs)
    // It may never change again, so no notice will come. A copy is left to a scan, which looks at its original as well.
    if (refused.refused === 'waiting') this.#unsettled.add(sighted, nowMs + this.#options.lineFlushMs)
  }

  #lookAtHot(hot: Hot, { path, look }: Sighted): void {
    hot.feed.path = path
    if (hot.state.kind === 'polled') hot.behindMs = this.#options.clock.nowMs()
    this.#hot.readIfChanged(hot, look)
  }

  /** Too many are being read. */
  #wait(sighted: Sighted): void {
    this.#waiting.add(sighted, this.#options.clock.nowMs())
    this.#cold.unread(sighted)
  }
}
