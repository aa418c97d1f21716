import type { Clock } from '../clock.ts'
import type { ColdPaths } from './cold-paths.ts'
import { type Sighted, sightedAs } from './discover.ts'
import type { FileLag } from './file-lag.ts'
import type { Hot } from './hot-file.ts'
import type { HotFiles } from './hot-files.ts'
import { LeftBehind } from './left-behind.ts'
import type { Found } from './log-names.ts'
import { type FeedContext, type NotOpened, openFeed } from './open-feed.ts'
import {
  inodeNumber,
  inodeOf,
  isOutOfDescriptors,
  liesAt,
  lookAt,
  lookOf,
  type OpenFile,
  statNow,
} from './open-file.ts'
import { OpenRoom, type OpenRoomOptions } from './open-room.ts'
import type { PackedLogs } from './packed-logs.ts'
import { packingOf } from './packing.ts'
import { ShortLived } from './short-lived.ts'
import { Unsettled } from './unsettled.ts'
import { cameAndWent, vanished } from './vanished.ts'
import { WaitingFiles } from './waiting-files.ts'

export type ScanOptions = {
  readonly context: FeedContext
  readonly discover: () => AsyncIterable<Sighted>
  /** What a path says, if a scan would find it to be a log. */
  readonly placeOf?: (path: string) => Found | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly lineFlushMs: number
  /** The system gave no descriptor for a file: only another scan looks at it again. */
  readonly onLack: () => void
} & OpenRoomOptions

/** Where a scan puts what it finds. */
export type ScannedFiles = { readonly hot: HotFiles; readonly cold: ColdPaths; readonly packed: PackedLogs }

/** A copy whose original was not truncated for this long is a file of its own. */
const COPY_MS = 60_000

/** Scans all files, again and again, and opens those with something to read. */
export class Scan {
  readonly #hot: HotFiles
  readonly #cold: ColdPaths
  readonly #packed: PackedLogs
  readonly #options: ScanOptions
  readonly #waiting = new WaitingFiles()
  readonly #unsettled = new Unsettled()
  readonly #shortLived: ShortLived
  readonly #leftBehind: LeftBehind
  readonly #room: OpenRoom
  /** Files that are found after this are new. */
  #hasSeenAll = false

  constructor(files: ScannedFiles, options: ScanOptions) {
    this.#hot = files.hot
    this.#cold = files.cold
    this.#packed = files.packed
    this.#options = options
    this.#room = new OpenRoom(files.hot, options)
    const placeOf = (path: string) => options.placeOf?.(path)
    this.#leftBehind = new LeftBehind(options.context, placeOf)
    this.#shortLived = new ShortLived({
      placeOf,
      isRead: (sighted) => this.#hot.get(sighted.inode) !== undefined || this.#cold.isUnchanged(sighted),
      wasThere: (path) => this.#cold.wasThere(path) || this.#hot.isAt(path),
      lineFlushMs: options.lineFlushMs,
    })
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

  /** Scans all files. On the first scan their content is backlog; later, a new file is read from its start at once. */
  async run(): Promise<void> {
    const { clock, context, discover, signal } = this.#options
    const inodes = new Set<string>()
    const beginMs = clock.nowMs()
    this.#room.beginScan()
    for await (const sighted of discover()) {
      if (signal.aborted) return
      inodes.add(sighted.inode)
      this.#look(sighted)
    }
    for (const gone of this.#cold.endScan(inodes)) {
      const lost = vanished(gone, context)
      if (lost !== undefined) this.#options.onNotRead(lost)
    }
    for (const missed of this.#shortLived.takeMissed(beginMs)) {
      // What disappeared before the first scan is history.
      if (this.#hasSeenAll) this.#options.onNotRead(cameAndWent(missed, context))
    }
    const nowMs = clock.nowMs()
    context.known.sighted(inodes, nowMs)
    this.#hasSeenAll ||= !this.#room.lacksDescriptors && !this.hasWaiting
    if (this.#hasSeenAll)
      for (const lost of this.#leftBehind.takeLost(inodes, nowMs)) this.#options.onNotRead(lost)
  }

  /** A name appeared or disappeared: makes sure that a file there now does not go unread. */
  notice(path: string): void {
    this.#shortLived.notice(path, this.#options.clock.nowMs())
  }

  /** A file was written to: looks at it as a scan would. False if only a scan can find out what that means. */
  written(path: string): boolean {
    const { placeOf } = this.#options
    const stats = lookAt(path)
    if (stats?.isFile() !== true || placeOf === undefined) return false
    const state = this.#hot.get(inodeOf(stats))?.state
    if (state !== undefined && state.kind !== 'polled') return true
    const found = placeOf(path)
    if (found === undefined) return true
    this.#look(sightedAs(found, stats))
    return true
  }

  /** Reads files that disappeared before a scan could take them over. */
  openGone(nowMs: number): void {
    for (const { sighted, file } of this.#shortLived.takeGone(nowMs)) {
      this.#open(sighted, { fd: file.fd, stat: statNow(file) })
    }
  }

  close(): void {
    this.#shortLived.close()
  }

  /** When a waiting file can be opened; infinity if there is none. */
  dueMs(nowMs: number): number {
    return this.hasWaiting || this.#shortLived.holds ? nowMs : this.#unsettled.nextMs
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

  /** Another file may have its path or its inode by now; the next scan will see. */
  #lookLater(sighted: Sighted): void {
    if (liesAt(sighted.path, sighted.inode)) this.#look(sighted)
  }

  /** Opens a file that is not hot and looks different from last time; it stays open if there is something to read. */
  #look(sighted: Sighted): void {
    const hot = this.#hot.get(sighted.inode)
    if (hot !== undefined) this.#lookAtHot(hot, sighted)
    else if (this.#cold.isUnchanged(sighted)) return
    else if (packingOf(sighted.path) === 'gzip') this.#packed.want(sighted)
    else if (!this.#room.hasRoom) this.#wait(sighted)
    else this.#open(sighted)
  }

  /** `opened`: the file itself, if it has disappeared from its path. */
  #open(sighted: Sighted, opened?: OpenFile): void {
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
