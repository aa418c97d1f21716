import type { Clock } from '../clock.ts'
import type { ColdPaths } from './cold-paths.ts'
import { type Sighted, sightedAs } from './discover.ts'
import type { HotFiles } from './hot-files.ts'
import { LeftBehind } from './left-behind.ts'
import type { Found } from './log-names.ts'
import type { NotRead } from './not-read.ts'
import type { FeedContext } from './open-feed.ts'
import { inodeOf, lookAt, statNow } from './open-file.ts'
import type { FollowedFiles, Opening } from './opening.ts'
import { ShortLived } from './short-lived.ts'
import { cameAndWent, vanished } from './vanished.ts'

export type ScanOptions = {
  readonly context: FeedContext
  readonly discover: () => AsyncIterable<Sighted>
  /** What a path says, if a scan would find it to be a log. */
  readonly placeOf?: (path: string) => Found | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly lineFlushMs: number
  readonly onNotRead: (file: NotRead) => void
}

/** Scans all files, again and again, and has those opened that have something to read. */
export class Scan {
  readonly #hot: HotFiles
  readonly #cold: ColdPaths
  readonly #opening: Opening
  readonly #options: ScanOptions
  readonly #shortLived: ShortLived
  readonly #leftBehind: LeftBehind

  constructor({ hot, cold }: FollowedFiles, opening: Opening, options: ScanOptions) {
    this.#hot = hot
    this.#cold = cold
    this.#opening = opening
    this.#options = options
    const placeOf = (path: string) => options.placeOf?.(path)
    this.#leftBehind = new LeftBehind(options.context, placeOf)
    this.#shortLived = new ShortLived({
      placeOf,
      isRead: (sighted) => this.#hot.get(sighted.inode) !== undefined || this.#cold.isUnchanged(sighted),
      wasThere: (path) => this.#cold.wasThere(path) || this.#hot.isAt(path),
      lineFlushMs: options.lineFlushMs,
    })
  }

  /** Scans all files. On the first scan their content is backlog; later, a new file is read from its start at once. */
  async run(): Promise<void> {
    const { clock, context, discover, signal } = this.#options
    const inodes = new Set<string>()
    const beginMs = clock.nowMs()
    this.#opening.beginScan()
    for await (const sighted of discover()) {
      if (signal.aborted) return
      inodes.add(sighted.inode)
      this.#opening.look(sighted)
    }
    for (const gone of this.#cold.endScan(inodes)) {
      const lost = vanished(gone, context)
      if (lost !== undefined) this.#options.onNotRead(lost)
    }
    for (const missed of this.#shortLived.takeMissed(beginMs)) {
      // What disappeared before the first scan is history.
      if (this.#opening.hasSeenAll) this.#options.onNotRead(cameAndWent(missed, context))
    }
    const nowMs = clock.nowMs()
    context.known.sighted(inodes, nowMs)
    this.#opening.endScan()
    if (this.#opening.hasSeenAll)
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
    this.#opening.look(sightedAs(found, stats))
    return true
  }

  /** Reads files that disappeared before a scan could take them over. */
  openGone(nowMs: number): void {
    for (const { sighted, file } of this.#shortLived.takeGone(nowMs)) {
      this.#opening.open(sighted, { fd: file.fd, stat: statNow(file) })
    }
  }

  /** When a file that is held or waits can be opened; infinity if there is none. */
  dueMs(nowMs: number): number {
    return this.#shortLived.holds ? nowMs : this.#opening.dueMs(nowMs)
  }

  close(): void {
    this.#shortLived.close()
  }
}
